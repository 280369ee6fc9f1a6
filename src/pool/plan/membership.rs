//! Plans for what changes the membership of a pool, and for events that come from the host.

use std::sync::Arc;

use crate::domain::{AgentError, ErrorCode, RunId};
use crate::pool::plan::planner::{PlanContext, Planner};
use crate::pool::plan::step::Step;
use crate::pool::policy::WakeMatching;
use crate::pool::state::PoolState;
use crate::record::{AgentPoolMember, EventEnvelope};

/// A run joins, or joins again with another agent, other topics or policies (REFERENCE 1, 2).
pub(crate) fn join(
    state: &PoolState,
    context: PlanContext,
    member: &Arc<AgentPoolMember>,
) -> Vec<Step> {
    let mut planner = Planner::new(state, context);
    if !state.is_created() {
        planner.created(member);
    }
    planner.joined(member);
    planner.finish()
}

/// A member leaves. Its wakes and messages stay (REFERENCE 5).
pub(crate) fn leave(
    state: &PoolState,
    context: PlanContext,
    run_id: &RunId,
) -> Result<Vec<Step>, AgentError> {
    let member = require_member(state, run_id)?;
    let mut planner = Planner::new(state, context);
    planner.left(member);
    Ok(planner.finish())
}

/// The pool is shown an event of its host: under live matching it triggers wakes as its own do, under
/// the reference's it is found by a poll (REFERENCE 21).
pub(crate) fn observe(state: &PoolState, context: PlanContext, event: &EventEnvelope) -> Vec<Step> {
    let mut planner = Planner::new(state, context);
    if context.matching == WakeMatching::Live {
        planner.follow(event);
    }
    planner.finish()
}

/// The member of that run, or the error that it is none.
pub(super) fn require_member<'a>(
    state: &'a PoolState,
    run_id: &RunId,
) -> Result<&'a Arc<AgentPoolMember>, AgentError> {
    state
        .member(run_id)
        .ok_or_else(|| AgentError::from(ErrorCode::NotAMember).with_run(run_id))
}
