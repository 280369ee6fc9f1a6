//! Why a JSON text is not what it should be.

use std::borrow::Cow;
use std::fmt;

use super::Json;
use crate::json::concat::concat;

/// Why a JSON text is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Where the fault is, as JavaScript would write it: `to.target.run_id`, `kinds.include[2]`; empty for the whole.
    pub path: String,
    /// What is wrong there. It does not repeat the value, since a message carries no payload (DESIGN 5).
    pub reason: Cow<'static, str>,
}

impl ReadError {
    /// The same error, where the value is called `name`.
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        self.path = join(name, &self.path);
        self
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            formatter.write_str(&self.path)?;
            formatter.write_str(": ")?;
        }
        formatter.write_str(&self.reason)
    }
}

impl std::error::Error for ReadError {}

/// What is wrong with a value of a tree.
///
/// The value is known by its address, and its path is looked for once, at the end. Readers that built the path on the
/// way up would need the code for that in every field of every type.
#[derive(Debug)]
pub struct Fault(Box<(usize, Cow<'static, str>)>);

/// A value that was read, or what is wrong with it.
pub type Result<T, E = Fault> = std::result::Result<T, E>;

impl Fault {
    /// `json` is wrong, for this reason.
    #[cold]
    pub fn new(json: &Json<'_>, reason: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new((address(json), reason.into())))
    }

    /// The error, with the path of the value in `tree`.
    pub(super) fn located(self, tree: &Json<'_>) -> ReadError {
        let (wanted, reason) = *self.0;
        ReadError {
            path: path(tree, wanted).unwrap_or_default(),
            reason,
        }
    }
}

fn address(json: &Json<'_>) -> usize {
    std::ptr::from_ref(json).addr()
}

/// The path from a value to the value within it that has the address.
fn path(json: &Json<'_>, wanted: usize) -> Option<String> {
    if address(json) == wanted {
        return Some(String::new());
    }
    match json {
        Json::List(entries) => entries.iter().enumerate().find_map(|(index, entry)| {
            path(entry, wanted).map(|rest| join(&format!("[{index}]"), &rest))
        }),
        Json::Object(fields) => fields
            .iter()
            .find_map(|(name, field)| path(field, wanted).map(|rest| join(name, &rest))),
        _ => None,
    }
}

fn join(name: &str, rest: &str) -> String {
    let dot = match rest.as_bytes().first() {
        None | Some(b'[') => "",
        Some(_) => ".",
    };
    concat(&[name, dot, rest])
}
