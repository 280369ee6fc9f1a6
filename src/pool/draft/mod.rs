//! Messages and wakes as a caller may write them: with ids and keys left out (DESIGN 4).

mod message;
mod wake;

use crate::domain::{AgentError, IdempotencyKey};
use crate::port::IdSource;

pub use message::{OptionalFields, RunMessageDraft};
pub use wake::WakeConditionDraft;

/// A text that is a key already.
fn key_of(text: &str) -> IdempotencyKey {
    IdempotencyKey::derived("", text, "")
}

/// The id and the key, of which one or both may be missing. All ids obey the same rule, so the text of one is valid for
/// another.
fn id_and_key<T: AsRef<str>>(
    (id, key): (Option<T>, Option<IdempotencyKey>),
    derived: impl Fn(&str, &str, &str) -> T,
    prefix: &str,
    ids: &dyn IdSource,
) -> Result<(T, IdempotencyKey), AgentError> {
    let id = match (id, &key) {
        (Some(id), _) => id,
        (None, Some(key)) => derived("", key.as_str(), ""),
        (None, None) => derived(prefix, &ids.next_id()?, ""),
    };
    let key = key.unwrap_or_else(|| key_of(id.as_ref()));
    Ok((id, key))
}
