//! What an operation that failed half-way leaves for the next one to finish.
//!
//! An event that is in the journal has its consequences, even if the journal failed before they were
//! recorded: the wakes that it triggers are owed. So is the end of a wake whose registration is in the
//! journal. The next operation, the retry as a rule, begins with them (DESIGN 3).

use crate::domain::{EventId, WakeConditionId};
use crate::pool::plan::planner::{PlanContext, Planner};
use crate::pool::plan::step::Step;
use crate::pool::state::PoolState;
use crate::record::{Transition, WakeRegistrationStatus};

/// A wake that has to end.
#[derive(Clone, Debug)]
pub(crate) struct OwedWake {
    pub(super) condition_id: WakeConditionId,
    /// The event that triggers it; none if its time is over.
    pub(super) matched_event_id: Option<EventId>,
}

/// What is owed when these steps of a plan did not happen: the ends of registered wakes, unless
/// the event that brings them about did not happen either.
pub(crate) fn owed<'a>(
    state: &PoolState,
    undone: impl Iterator<Item = &'a Step> + Clone,
) -> Vec<OwedWake> {
    let happened = |event_id: &EventId| {
        let mut undone = undone.clone();
        !undone.any(|step| step.event_id() == *event_id)
    };
    let ends = undone.clone().filter_map(end_of_wake);
    ends.filter(|wake| state.registered_wake(&wake.condition_id).is_some())
        .filter(|wake| wake.matched_event_id.as_ref().is_none_or(happened))
        .collect()
}

fn end_of_wake(step: &Step) -> Option<OwedWake> {
    let Transition::Wake(wake) = step.entry.transition() else {
        return None;
    };
    // A cancellation is the caller's wish, and the caller was told that it did not happen.
    let owed = matches!(
        wake.status,
        WakeRegistrationStatus::Triggered | WakeRegistrationStatus::TimedOut
    );
    owed.then(|| OwedWake {
        condition_id: wake.wake.condition.condition_id.clone(),
        matched_event_id: wake.matched_event_id.clone(),
    })
}

/// Ends the wakes that are owed, and those that follow from it. One that has ended in the meantime, or
/// whose run is away, is passed over (D3).
pub(crate) fn settle(state: &PoolState, context: PlanContext, owed: &[OwedWake]) -> Vec<Step> {
    let mut planner = Planner::new(state, context);
    planner.end_owed(owed);
    planner.finish()
}
