//! Plans for wakes, and the scope of filters.
//!
//! Registering and polling depend on what the event bus already holds, which a plan cannot ask. So
//! they come in two halves: the first ends in a plan or in a question, the second makes the plan from
//! the answer.

use std::sync::Arc;

use crate::domain::{AgentError, ErrorCode, EventId, RunId, WakeConditionId};
use crate::pool::plan::membership::require_member;
use crate::pool::plan::planner::{PlanContext, Planner, is_overdue};
use crate::pool::plan::step::Step;
use crate::pool::state::PoolState;
use crate::record::{
    AgentPoolStoredWake, CompiledEventFilter, EventFilter, EventFilterSet, PayloadAccessMode,
    WakeCondition, WakeRegistration, WakeRegistrationStatus,
};

/// What the first half of a plan comes to.
pub(crate) enum Next {
    /// These transitions; often none.
    Carry(Vec<Step>),
    /// The bus has to be asked first: what is the first frame that this matches?
    Ask(Arc<CompiledEventFilter>),
}

/// The filter as this pool sees it: only members that may be observed, and no payload under an
/// envelope-only wake policy (REFERENCE 32, 33).
pub(crate) fn scope(state: &PoolState, mut filter: EventFilter) -> EventFilter {
    let observable: Vec<RunId> = match filter.run_ids {
        EventFilterSet::Any => {
            let members = state.members();
            let observable = members.filter(|member| member.holds(state.policy_refs()));
            observable.map(|member| member.run_id.clone()).collect()
        }
        EventFilterSet::Include(asked) => {
            let observable = asked.into_iter();
            observable
                .filter(|run_id| state.is_observable(run_id))
                .collect()
        }
    };
    filter.run_ids = EventFilterSet::Include(observable);
    if state.config().wake_policy.envelope_only {
        filter.payload_access = PayloadAccessMode::EnvelopeOnly;
    }
    filter
}

/// First half of suspending a run until an event.
///
/// A condition that is known is not registered again.
pub(crate) fn suspend(
    state: &PoolState,
    context: PlanContext,
    run_id: &RunId,
    condition: &WakeCondition,
) -> Result<Next, AgentError> {
    if *run_id != condition.run_id {
        return Err(AgentError::from(ErrorCode::WakeRunMismatch)
            .with_run(run_id)
            .with_condition(&condition.condition_id));
    }
    if let Some(known) = known_wake(state, condition)? {
        let mut planner = Planner::new(state, context);
        time_out_if_overdue(&mut planner, known, context);
        return Ok(Next::Carry(planner.finish()));
    }
    require_member(state, run_id)?;
    let filter = Arc::new(CompiledEventFilter::compile(scope(
        state,
        condition.filter.clone(),
    )));
    Ok(Next::Ask(filter))
}

/// Second half: the wake is registered, and ends at once if its timeout is 0 or if there is an event
/// that it waits for, its own registration included (REFERENCE 20, 26).
pub(crate) fn suspend_after(
    state: &PoolState,
    context: PlanContext,
    condition: &Arc<WakeCondition>,
    filter: Arc<CompiledEventFilter>,
    found: Option<EventId>,
) -> Vec<Step> {
    let mut planner = Planner::new(state, context);
    let timeout = condition.timeout_millis;
    let wake = AgentPoolStoredWake {
        condition: Arc::clone(condition),
        compiled_filter: filter,
        registration: WakeRegistration {
            condition_id: condition.condition_id.clone(),
            run_id: condition.run_id.clone(),
            status: WakeRegistrationStatus::Registered,
            journal_cursor: None,
        },
        deadline_millis: timeout
            .filter(|timeout| *timeout > 0)
            .and_then(|timeout| context.clock.deadline_millis(timeout)),
    };
    planner.register(wake, found);
    planner.finish()
}

/// First half of asking how a wake stands: one that is still registered ends if its time is over or if
/// the bus has an event that it waits for (REFERENCE 20). While its run is away it stays (D3).
pub(crate) fn poll(
    state: &PoolState,
    context: PlanContext,
    condition_id: &WakeConditionId,
) -> Result<Next, AgentError> {
    let wake = require_wake(state, condition_id)?;
    let mut planner = Planner::new(state, context);
    let open = wake.registration.status == WakeRegistrationStatus::Registered
        && !time_out_if_overdue(&mut planner, wake, context);
    if open && state.member(&wake.condition.run_id).is_some() {
        return Ok(Next::Ask(Arc::clone(&wake.compiled_filter)));
    }
    Ok(Next::Carry(planner.finish()))
}

/// Second half of asking how a wake stands.
pub(crate) fn poll_after(
    state: &PoolState,
    context: PlanContext,
    condition_id: &WakeConditionId,
    found: Option<EventId>,
) -> Vec<Step> {
    let mut planner = Planner::new(state, context);
    if let Some(known) = state.wake(condition_id) {
        trigger_if_found(&mut planner, known, found);
    }
    planner.finish()
}

/// A wake is cancelled; one that has ended stays as it is (D7).
pub(crate) fn cancel(
    state: &PoolState,
    context: PlanContext,
    condition_id: &WakeConditionId,
) -> Result<Vec<Step>, AgentError> {
    let known = require_wake(state, condition_id)?;
    let mut planner = Planner::new(state, context);
    if known.registration.status == WakeRegistrationStatus::Registered {
        planner.end_wake(known, WakeRegistrationStatus::Cancelled, None);
    }
    Ok(planner.finish())
}

/// The wake of that key and id, if it is known.
///
/// A key or an id that is known for another condition is an error (D4).
fn known_wake<'a>(
    state: &'a PoolState,
    condition: &WakeCondition,
) -> Result<Option<&'a AgentPoolStoredWake>, AgentError> {
    let by_key = state.wake_of_key(&condition.idempotency_key);
    let known = by_key.or_else(|| state.wake(&condition.condition_id));
    match known {
        Some(known) if *known.condition != *condition => Err(AgentError::new(
            ErrorCode::IdempotencyConflict,
            "the idempotency key or the condition id was used for another wake",
        )
        .with_condition(&condition.condition_id)
        .with_key(&condition.idempotency_key)),
        known => Ok(known),
    }
}

/// Ends a registered wake whose time is over, and says so.
fn time_out_if_overdue(
    planner: &mut Planner<'_>,
    wake: &AgentPoolStoredWake,
    context: PlanContext,
) -> bool {
    let overdue = wake.registration.status == WakeRegistrationStatus::Registered
        && is_overdue(wake, context.clock);
    if overdue {
        planner.end_wake(wake, WakeRegistrationStatus::TimedOut, None);
    }
    overdue
}

fn trigger_if_found(planner: &mut Planner<'_>, wake: &AgentPoolStoredWake, found: Option<EventId>) {
    if found.is_some() {
        planner.end_wake(wake, WakeRegistrationStatus::Triggered, found);
    }
}

fn require_wake<'a>(
    state: &'a PoolState,
    condition_id: &WakeConditionId,
) -> Result<&'a AgentPoolStoredWake, AgentError> {
    state
        .wake(condition_id)
        .ok_or_else(|| AgentError::from(ErrorCode::WakeNotRegistered).with_condition(condition_id))
}
