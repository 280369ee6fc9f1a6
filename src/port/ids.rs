//! The id port: where ids and keys come from that a caller leaves out.

use crate::domain::AgentError;

/// A source of texts that are unique and valid as an id.
pub trait IdSource {
    /// The next text.
    ///
    /// # Errors
    /// [`AgentPool::complete_message`](crate::pool::AgentPool::complete_message) or
    /// [`AgentPool::complete_wake`](crate::pool::AgentPool::complete_wake), which ask if id and key are both left out,
    /// fails with the error. Nothing has been sent or registered then.
    fn next_id(&self) -> Result<String, AgentError>;
}
