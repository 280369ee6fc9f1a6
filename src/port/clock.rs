//! The clock port.

use crate::domain::{AgentError, ClockReading};

/// Tells the time when an operation begins.
pub trait Clock {
    /// The time now. A clock that fails keeps the operation from beginning.
    fn read(&self) -> Result<ClockReading, AgentError>;
}
