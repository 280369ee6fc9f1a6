//! What a pool tells those who read from it.

use crate::port::Listeners;

/// A live stream, as the pool sees it.
pub(crate) trait Reader {
    /// The bus took a frame, or may have: the pool published one, or the host showed it one.
    fn published(&self) {}

    /// The store took a record, and the state with it.
    fn recorded(&self) {}

    /// Nothing more is to come: what is there may still be read.
    fn finish(&self) {}
}

/// Live streams.
pub(crate) type Readers = Listeners<dyn Reader>;
