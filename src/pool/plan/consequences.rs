//! What an event brings about: the ends of the wakes that wait for it.
//!
//! The ends are worked out once the event has happened, and recorded one by one. An event that is in the journal has
//! its consequences, even if the journal failed before they were recorded. They are owed then, and the next operation,
//! as a rule the retry, begins with them (DESIGN 3).

use std::cell::OnceCell;
use std::sync::Arc;

use crate::domain::{EventId, IdSet, WakeConditionId};
use crate::pool::plan::context::PlanContext;
use crate::pool::state::PoolState;
use crate::record::{
    AgentPoolStoredWake, EventTraits, PoolEvent, Transition, WakeRegistrationStatus, WakeTransition,
};

/// A wake that has to end.
#[derive(Clone, Debug)]
pub(crate) struct DueWake {
    pub(crate) condition_id: WakeConditionId,
    /// The event that triggers it; none if its time is over.
    pub(crate) matched_event_id: Option<EventId>,
}

/// The wakes whose end is under way or owed. A wake is claimed by one event at a time.
pub(crate) type ClaimedWakes = IdSet<WakeConditionId>;

/// The wakes that end by what has just happened. Claimed wakes are left out.
///
/// A wake that was just registered ends at once if its time is over, or if it waits for such an event (REFERENCE 20,
/// 26).
pub(crate) fn consequences(
    state: &PoolState,
    context: PlanContext,
    claimed: &ClaimedWakes,
    happened: &PoolEvent,
) -> Vec<DueWake> {
    let mut ends = Vec::new();
    let transition = happened.transition();
    if let Transition::Wake(registered) = transition
        && registered.status == WakeRegistrationStatus::Registered
    {
        ends.extend(end_of_new(context, &registered.wake, happened));
    }
    if is_pushed(state, context, transition) {
        // A new wake may be among these once more; its second end is passed over later.
        let event_id = || happened.stamp().event_id();
        ends.append(&mut due(state, claimed, &transition.traits(), &event_id));
    }
    ends
}

/// Whether the event of a transition may trigger wakes, and a wake waits for an event of its kind.
fn is_pushed(state: &PoolState, context: PlanContext, transition: &Transition) -> bool {
    let kind = transition.event_kind();
    context.matching.pushes(kind) && state.wake_index().awaits(kind)
}

fn end_of_new(
    context: PlanContext,
    wake: &AgentPoolStoredWake,
    registration: &PoolEvent,
) -> Option<DueWake> {
    let event = registration.transition().traits();
    let is_overdue = context.is_overdue(wake);
    let matched_event_id = (!is_overdue && wake.compiled_filter.lets_through(&event))
        .then(|| registration.stamp().event_id());
    (is_overdue || matched_event_id.is_some()).then(|| DueWake {
        condition_id: wake.condition.condition_id.clone(),
        matched_event_id,
    })
}

/// The ends of the wakes that an event triggers. The event's id is asked for only if there are any.
pub(super) fn due(
    state: &PoolState,
    claimed: &ClaimedWakes,
    event: &EventTraits<'_>,
    event_id: &dyn Fn() -> EventId,
) -> Vec<DueWake> {
    let mut due = Vec::new();
    // The wakes share one id.
    let matched = OnceCell::new();
    tell_triggered(state, claimed, event, &mut |wake| {
        due.push(DueWake {
            condition_id: wake.condition.condition_id.clone(),
            matched_event_id: Some(matched.get_or_init(event_id).clone()),
        });
    });
    due
}

/// Calls `tell` with every registered wake that the event triggers, in condition id order. Claimed wakes and wakes of
/// runs that are away are passed over (DESIGN D3).
fn tell_triggered(
    state: &PoolState,
    claimed: &ClaimedWakes,
    event: &EventTraits<'_>,
    tell: &mut dyn FnMut(&AgentPoolStoredWake),
) {
    let candidates = state.wake_index().candidates(event);
    candidates
        .ids()
        .filter(|id| !claimed.contains(*id))
        .filter_map(|id| state.registered_wake(id))
        .filter(|wake| state.member(&wake.condition.run_id).is_some())
        .filter(|wake| wake.compiled_filter.lets_through(event))
        .for_each(|wake| tell(wake));
}

/// How many wakes these transitions would trigger now. What the ends of these wakes would trigger is not counted.
pub(crate) fn foreseen(
    state: &PoolState,
    context: PlanContext,
    claimed: &ClaimedWakes,
    transitions: &[Transition],
) -> usize {
    let mut wakes = 0;
    let pushed = transitions.iter();
    let pushed = pushed.filter(|transition| is_pushed(state, context, transition));
    for transition in pushed {
        tell_triggered(state, claimed, &transition.traits(), &mut |_| wakes += 1);
    }
    wakes
}

/// The end of a wake that is due. None if the wake has ended meanwhile, or if an event triggers it while its run is
/// away (DESIGN D3).
pub(crate) fn end_of_due(
    state: &PoolState,
    context: PlanContext,
    due: &DueWake,
) -> Option<Transition> {
    let wake = state.registered_wake(&due.condition_id)?;
    if due.matched_event_id.is_none() {
        return Some(wake_transition(
            state,
            wake,
            WakeRegistrationStatus::TimedOut,
            None,
        ));
    }
    state.member(&wake.condition.run_id)?;
    // A wake past its deadline times out, even if an event for it comes after that.
    Some(match context.is_overdue(wake) {
        true => wake_transition(state, wake, WakeRegistrationStatus::TimedOut, None),
        false => {
            let matched = due.matched_event_id.clone();
            wake_transition(state, wake, WakeRegistrationStatus::Triggered, matched)
        }
    })
}

/// The transition of a wake to a status.
pub(super) fn wake_transition(
    state: &PoolState,
    wake: &Arc<AgentPoolStoredWake>,
    status: WakeRegistrationStatus,
    matched_event_id: Option<EventId>,
) -> Transition {
    let run_id = &wake.condition.run_id;
    // A record of a wake names the agent that its run has now (REFERENCE 6). The wake of a run that is away can still
    // be cancelled or time out; its record names the last agent of the run (DESIGN D3).
    let agent_id = state.last_agent(run_id);
    let agent_id = agent_id.expect("only members register wakes").clone();
    Transition::Wake(WakeTransition {
        wake: Arc::clone(wake),
        agent_id,
        status,
        matched_event_id,
    })
}

#[cfg(test)]
mod tests;
