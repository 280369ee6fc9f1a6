//! The context of a plan.

use crate::domain::{ClockReading, wire_enum};
use crate::record::{AgentPoolStoredWake, EventKind};

/// What a plan depends on besides the state and the command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlanContext {
    /// The time of the operation.
    pub(crate) clock: ClockReading,
    pub(crate) matching: WakeMatching,
}

impl PlanContext {
    /// Whether the time of a wake is over.
    pub(super) fn is_overdue(&self, wake: &AgentPoolStoredWake) -> bool {
        wake.condition.timeout_millis == Some(0)
            || wake
                .deadline_millis
                .is_some_and(|deadline| deadline <= self.clock.now_millis())
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
