//! The policies of a pool.

use crate::domain::wire_enum;
use crate::record::{AgentPoolMessagePolicy, EventKind, RunMessage};

impl AgentPoolMessagePolicy {
    /// Whether the message carries every policy ref that the pool requires (REFERENCE 12).
    pub fn allows(&self, message: &RunMessage) -> bool {
        self.required_policy_refs
            .iter()
            .all(|required| message.policy_refs.contains(required))
    }
}

wire_enum! {
    /// Which events trigger registered wakes by themselves. Every other event is found by a poll.
    #[derive(Default)]
    pub enum WakeMatching {
        /// Every event of the pool, and the host events that the pool is shown.
        #[default]
        Live = "live",
        /// Only events about the status of messages (REFERENCE 21).
        OnMessage = "on_message",
    }
}

impl WakeMatching {
    /// Whether an event of that kind triggers wakes.
    pub fn pushes(self, kind: EventKind) -> bool {
        self == Self::Live || kind.is_message_status()
    }
}
