//! A flag that is up while something is going on.

use std::cell::Cell;

/// Keeps a flag up until this is dropped, even if that is because a port of a native host panics as it is called.
pub(crate) struct Raised<'a>(&'a Cell<bool>);

impl<'a> Raised<'a> {
    /// Raises the flag.
    pub(crate) fn new(flag: &'a Cell<bool>) -> Self {
        flag.set(true);
        Self(flag)
    }
}

impl Drop for Raised<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}
