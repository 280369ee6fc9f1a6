//! What an event brings about: the ends of the wakes that wait for it.
//!
//! They are worked out once the event has happened, and each is recorded in its turn. An event that is in the
//! journal has its consequences, even if the journal failed before they were recorded: then they are owed, and
//! the next operation, the retry as a rule, begins with them (DESIGN 3).

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
    matched_event_id: Option<EventId>,
}

/// The wakes whose end is under way or owed: an event claims a wake once.
pub(crate) type ClaimedWakes = IdSet<WakeConditionId>;

/// The wakes that end by what has just happened, and that nothing else has claimed.
///
/// One that was just registered ends at once if its time is over, or by the event that was `found`, or by its
/// own registration if that is what it waits for (REFERENCE 20, 26).
pub(crate) fn consequences(
    state: &PoolState,
    context: PlanContext,
    claimed: &ClaimedWakes,
    happened: &PoolEvent,
    found: Option<&EventId>,
) -> Vec<DueWake> {
    let mut ends = Vec::new();
    let transition = happened.transition();
    if let Transition::Wake(registered) = transition
        && registered.status == WakeRegistrationStatus::Registered
    {
        ends.extend(end_of_new(context, &registered.wake, happened, found));
    }
    if is_pushed(state, context, transition) {
        // Should it be among them once more, it is passed over then.
        let event_id = || happened.stamp().event_id();
        ends.append(&mut due(state, claimed, &transition.traits(), &event_id));
    }
    ends
}

/// Whether it is for the event of a transition to trigger wakes, and one of its kind is waited for.
fn is_pushed(state: &PoolState, context: PlanContext, transition: &Transition) -> bool {
    let kind = transition.event_kind();
    context.matching.pushes(kind) && state.wake_index().awaits(kind)
}

fn end_of_new(
    context: PlanContext,
    wake: &AgentPoolStoredWake,
    registration: &PoolEvent,
    found: Option<&EventId>,
) -> Option<DueWake> {
    let own = || {
        let event = registration.transition().traits();
        let matches = wake.compiled_filter.lets_through(&event);
        matches.then(|| registration.stamp().event_id())
    };
    let is_overdue = context.is_overdue(wake);
    let matched_event_id = match is_overdue {
        true => None,
        false => found.cloned().or_else(own),
    };
    (is_overdue || matched_event_id.is_some()).then(|| DueWake {
        condition_id: wake.condition.condition_id.clone(),
        matched_event_id,
    })
}

/// The ends of the wakes that an event triggers, whose id is asked for if there are any.
pub(super) fn due(
    state: &PoolState,
    claimed: &ClaimedWakes,
    event: &EventTraits<'_>,
    event_id: &dyn Fn() -> EventId,
) -> Vec<DueWake> {
    let mut due = Vec::new();
    // The wakes share it.
    let matched = OnceCell::new();
    tell_triggered(state, claimed, event, &mut |wake| {
        due.push(DueWake {
            condition_id: wake.condition.condition_id.clone(),
            matched_event_id: Some(matched.get_or_init(event_id).clone()),
        });
    });
    due
}

/// Tells of the registered wakes that the event matches, in condition id order. Those of runs that are
/// away are passed over (DESIGN D3).
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

/// How many wakes these transitions would trigger now, not counting those that follow from them.
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

/// The end of a wake that is due; none if it has ended in the meantime, or if its run is away (DESIGN D3).
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
    // A wake past its deadline times out, whatever comes too late for it.
    Some(match context.is_overdue(wake) {
        true => wake_transition(state, wake, WakeRegistrationStatus::TimedOut, None),
        false => {
            let matched = due.matched_event_id.clone();
            wake_transition(state, wake, WakeRegistrationStatus::Triggered, matched)
        }
    })
}

/// A wake takes on a status.
pub(super) fn wake_transition(
    state: &PoolState,
    wake: &Arc<AgentPoolStoredWake>,
    status: WakeRegistrationStatus,
    matched_event_id: Option<EventId>,
) -> Transition {
    let run_id = &wake.condition.run_id;
    // A wake bears the agent of its run as it is now (REFERENCE 6); one of a run that is away can
    // still be cancelled or time out, in the name of the agent that the run had (DESIGN D3).
    let member = state.member(run_id).map(|member| &member.agent_id);
    let agent_id = member.or_else(|| state.last_agent(run_id));
    let agent_id = agent_id.expect("only members register wakes").clone();
    Transition::Wake(WakeTransition {
        wake: Arc::clone(wake),
        agent_id,
        status,
        matched_event_id,
    })
}
