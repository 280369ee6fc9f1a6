//! The context of a plan.

use crate::domain::ClockReading;
use crate::pool::policy::WakeMatching;
use crate::record::AgentPoolStoredWake;

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
