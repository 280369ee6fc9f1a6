//! The two types that records use for what they repeat.

use std::borrow::Cow;
use std::sync::Arc;

/// Text that is most often one of the crate's own constants (a tag, a summary, a fingerprint). A constant costs no
/// allocation; text that was read from JSON is owned.
pub type Text = Cow<'static, str>;

/// A list that several records of one transition repeat (receivers, related refs, policy refs). Clones share it.
pub type List<T> = Arc<[T]>;
