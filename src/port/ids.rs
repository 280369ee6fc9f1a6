//! The id port: where ids and keys come from that a caller leaves out.

use crate::domain::AgentError;

/// A source of texts that are unique and valid as an id.
pub trait IdSource {
    /// The next text. Fails only if the platform has no randomness to give.
    fn next_id(&self) -> Result<String, AgentError>;
}
