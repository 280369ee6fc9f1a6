//! The policies of a pool.

use serde::Deserialize;

use crate::record::{AgentPoolMessagePolicy, EventKind, RunMessage};

impl AgentPoolMessagePolicy {
    /// Whether the message carries every policy ref that the pool requires (REFERENCE 12).
    pub fn allows(&self, message: &RunMessage) -> bool {
        self.required_policy_refs
            .iter()
            .all(|required| message.policy_refs.contains(required))
    }
}

/// Which events trigger registered wakes by themselves. Every other event is found by a poll.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum WakeMatching {
    /// Every event of the pool, and the host events that the pool is shown.
    #[default]
    Live,
    /// Only what becomes of messages (REFERENCE 21).
    OnMessage,
}

impl WakeMatching {
    /// Whether an event of that kind triggers wakes.
    pub fn pushes(self, kind: EventKind) -> bool {
        self == Self::Live || kind.is_message_status()
    }
}
