//! The id port: the source of the ids and keys that a caller leaves out.

use crate::domain::AgentError;

/// A source of texts that are unique and valid as ids.
pub trait IdSource {
    /// The next text.
    ///
    /// # Errors
    /// [`AgentPool::complete_message`](crate::pool::AgentPool::complete_message) and
    /// [`AgentPool::complete_wake`](crate::pool::AgentPool::complete_wake), which ask for an id if id and key are both
    /// left out, fail with the error. Nothing has been sent or registered then.
    fn next_id(&self) -> Result<String, AgentError>;
}
