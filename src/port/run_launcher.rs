//! The run launcher port: how the pool starts runs on the host.

use std::any::Any;
use std::rc::Rc;

use serde::Serialize;

use crate::domain::{AgentId, RunId};
use crate::port::Answer;

/// The host's handle of a started run. The pool returns it unchanged.
pub type RunHandle = Rc<dyn Any>;

/// The input of a run, in the host's own terms.
#[cfg(not(target_arch = "wasm32"))]
pub type RunInput = serde_json::Value;

/// The input of a run stays with the JavaScript host, which knows it by a number.
#[cfg(target_arch = "wasm32")]
pub type RunInput = Option<u64>;

/// A request to start a run and to make it a member of the pool.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct RunRequest {
    /// The run to start.
    pub run_id: RunId,
    /// The agent that it executes.
    pub agent_id: AgentId,
    /// The input of the run. Never journaled.
    #[serde(skip_serializing_if = "is_none")]
    pub input: RunInput,
}

fn is_none(input: &RunInput) -> bool {
    *input == RunInput::default()
}

/// Starts runs.
pub trait RunLauncher {
    /// Starts the run and answers the host's handle of it.
    ///
    /// # Errors
    /// An error says that no run was started: [`AgentPool::start_run`](crate::pool::AgentPool::start_run) fails with
    /// it, without a handle, and no run joins. The pool does not try again.
    fn start(&self, request: RunRequest) -> Answer<'_, RunHandle>;
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::record::fixture::id;

    #[test]
    fn a_run_without_input_is_requested_without_one() {
        let mut request = RunRequest {
            run_id: id("r1"),
            agent_id: id("ag1"),
            input: RunInput::Null,
        };
        let text = |request: &RunRequest| serde_json::to_string(request).unwrap();
        assert_eq!(text(&request), r#"{"run_id":"r1","agent_id":"ag1"}"#);
        request.input = 7.into();
        assert_eq!(
            text(&request),
            r#"{"run_id":"r1","agent_id":"ag1","input":7}"#
        );
    }
}
