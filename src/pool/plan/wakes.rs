//! Plans for wakes.
//!
//! Registering and polling depend on what the event bus already holds, which a plan cannot ask. So these plans come in
//! two halves: the first returns transitions or a question, and the second makes the transitions from the answer.

use std::sync::Arc;

use crate::domain::{AgentError, ErrorCode, EventId, IdSet, RunId, WakeConditionId};
use crate::pool::plan::consequences::wake_transition;
use crate::pool::plan::context::PlanContext;
use crate::pool::plan::membership::require_member;
use crate::pool::plan::scope::scope;
use crate::pool::state::PoolState;
use crate::record::{
    AgentPoolStoredWake, CompiledEventFilter, Transition, WakeCondition, WakeRegistration,
    WakeRegistrationStatus,
};

/// What the first half of a plan returns.
pub(crate) enum Next {
    /// These transitions; often none.
    Carry(Vec<Transition>),
    /// The event bus has to be asked first, for the first frame that this filter matches.
    Ask(Arc<CompiledEventFilter>),
    /// A wake is registered first, and then the event bus is asked: an event that gets there meanwhile counts as well
    /// (REFERENCE 20).
    Register(Transition, Arc<CompiledEventFilter>, WakeConditionId),
}

/// First half of suspending a run until an event; the second half is that of polling.
///
/// A condition that is known is not registered again. If the bus could not be asked then, it is now: `unasked` has those
/// wakes.
pub(crate) fn suspend(
    state: &PoolState,
    context: PlanContext,
    unasked: &IdSet<WakeConditionId>,
    run_id: &RunId,
    condition: &Arc<WakeCondition>,
) -> Result<Next, AgentError> {
    if *run_id != condition.run_id {
        return Err(AgentError::from(ErrorCode::WakeRunMismatch).with_run(run_id));
    }
    if let Some(known) = known_wake(state, condition)? {
        return match unasked.contains(&condition.condition_id) {
            true => poll(state, context, &condition.condition_id),
            false => Ok(Next::Carry(time_out_if_overdue(state, context, known))),
        };
    }
    require_member(state, run_id)?;
    let filter = Arc::new(CompiledEventFilter::compile(scope(
        state,
        condition.filter.clone(),
    )));
    let registration = registration(state, context, condition, &filter);
    // Without time the wake ends whatever the bus has, so a bus that fails is in nobody's way (REFERENCE 26).
    Ok(match condition.timeout_millis {
        Some(0) => Next::Carry(vec![registration]),
        _ => Next::Register(registration, filter, condition.condition_id.clone()),
    })
}

/// The registration of a wake under its scoped filter.
pub(super) fn registration(
    state: &PoolState,
    context: PlanContext,
    condition: &Arc<WakeCondition>,
    filter: &Arc<CompiledEventFilter>,
) -> Transition {
    let timeout = condition.timeout_millis;
    let wake = Arc::new(AgentPoolStoredWake {
        condition: Arc::clone(condition),
        compiled_filter: Arc::clone(filter),
        registration: WakeRegistration {
            condition_id: condition.condition_id.clone(),
            run_id: condition.run_id.clone(),
            status: WakeRegistrationStatus::Registered,
            journal_cursor: None,
        },
        deadline_millis: timeout
            .filter(|timeout| *timeout > 0)
            .and_then(|timeout| context.clock.deadline_millis(timeout)),
    });
    wake_transition(state, &wake, WakeRegistrationStatus::Registered, None)
}

/// First half of polling a wake. A wake that is still registered ends if its time is over, or if the bus has an event
/// that it waits for (REFERENCE 20). While its run is away, no event ends it (DESIGN D3).
pub(crate) fn poll(
    state: &PoolState,
    context: PlanContext,
    condition_id: &WakeConditionId,
) -> Result<Next, AgentError> {
    let wake = require_wake(state, condition_id)?;
    let timed_out = time_out_if_overdue(state, context, wake);
    let waits = !wake.registration.status.is_ended();
    if waits && timed_out.is_empty() && state.member(&wake.condition.run_id).is_some() {
        return Ok(Next::Ask(Arc::clone(&wake.compiled_filter)));
    }
    Ok(Next::Carry(timed_out))
}

/// Second half of polling a wake.
pub(crate) fn poll_after(
    state: &PoolState,
    condition_id: &WakeConditionId,
    found: Option<EventId>,
) -> Vec<Transition> {
    let known = state
        .registered_wake(condition_id)
        .filter(|_| found.is_some());
    let triggered = WakeRegistrationStatus::Triggered;
    let end = known.map(|known| wake_transition(state, known, triggered, found));
    end.into_iter().collect()
}

/// Cancels a wake; a wake that has ended stays as it is (DESIGN D7).
pub(crate) fn cancel(
    state: &PoolState,
    condition_id: &WakeConditionId,
) -> Result<Vec<Transition>, AgentError> {
    let known = require_wake(state, condition_id)?;
    if known.registration.status.is_ended() {
        return Ok(Vec::new());
    }
    let cancelled = WakeRegistrationStatus::Cancelled;
    Ok(vec![wake_transition(state, known, cancelled, None)])
}

/// The known wake with that key or id.
///
/// If the key or the id belongs to another condition, that is an error (DESIGN D4).
pub(crate) fn known_wake<'a>(
    state: &'a PoolState,
    condition: &WakeCondition,
) -> Result<Option<&'a Arc<AgentPoolStoredWake>>, AgentError> {
    let by_key = state.wake_of_key(&condition.idempotency_key);
    let known = by_key.or_else(|| state.wake(&condition.condition_id));
    match known {
        Some(known) if !known.condition.is_written_as(condition) => Err(AgentError::new(
            ErrorCode::IdempotencyConflict,
            "the idempotency key or the condition id was used for another wake",
        )),
        known => Ok(known),
    }
}

/// The end of a wake that is still registered although its time is over.
fn time_out_if_overdue(
    state: &PoolState,
    context: PlanContext,
    wake: &Arc<AgentPoolStoredWake>,
) -> Vec<Transition> {
    let overdue = !wake.registration.status.is_ended() && context.is_overdue(wake);
    let timed_out = WakeRegistrationStatus::TimedOut;
    let end = overdue.then(|| wake_transition(state, wake, timed_out, None));
    end.into_iter().collect()
}

fn require_wake<'a>(
    state: &'a PoolState,
    condition_id: &WakeConditionId,
) -> Result<&'a Arc<AgentPoolStoredWake>, AgentError> {
    state
        .wake(condition_id)
        .ok_or_else(|| AgentError::from(ErrorCode::WakeNotRegistered).with_condition(condition_id))
}

#[cfg(test)]
mod tests;
