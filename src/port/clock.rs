//! The clock port.

use crate::domain::{AgentError, ClockReading};

/// Tells the time when an operation begins.
pub trait Clock {
    /// The time now.
    ///
    /// # Errors
    /// The operation that was to begin fails with the error, before anything of it is recorded. Operations that only
    /// read the pool do not ask for the time.
    fn read(&self) -> Result<ClockReading, AgentError>;
}
