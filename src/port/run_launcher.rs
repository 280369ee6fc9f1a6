//! The run launcher port: how the pool starts runs on the host.

use std::any::Any;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::domain::{AgentId, RunId};
use crate::port::Answer;

/// What a started run is to its host: the pool hands it back as it came.
pub type RunHandle = Rc<dyn Any>;

/// A request to start a run and to make it a member of the pool.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(expecting = "a request to start a run")]
pub struct RunRequest {
    /// The run to start.
    pub run_id: RunId,
    /// The agent that it executes.
    pub agent_id: AgentId,
    /// What the run is given to work on, in the host's own words. Never journaled.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub input: serde_json::Value,
}

/// Starts runs.
pub trait RunLauncher {
    /// Starts the run and answers the host's handle of it.
    fn start(&self, request: RunRequest) -> Answer<'_, RunHandle>;
}
