//! The error of starting a run. It passes on the run, if that was started.

use std::fmt;

use crate::domain::AgentError;
use crate::port::RunHandle;

/// Why a run could not be started, or could be started but not joined.
#[derive(Clone)]
pub struct StartRunError {
    /// What went wrong.
    pub error: AgentError,
    /// The run, if it was started: nothing started is lost.
    pub run_handle: Option<RunHandle>,
}

impl<E: Into<AgentError>> From<E> for StartRunError {
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            run_handle: None,
        }
    }
}

impl fmt::Debug for StartRunError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StartRunError")
            .field("error", &self.error)
            .field("started", &self.run_handle.is_some())
            .finish()
    }
}

impl fmt::Display for StartRunError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, formatter)
    }
}

impl std::error::Error for StartRunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
