//! Plans for what changes the membership of a pool.

use std::sync::Arc;

use crate::domain::{AgentError, ErrorCode, IdSet, List, RunId, TopicId};
use crate::pool::state::PoolState;
use crate::record::{AgentPoolLifecycleStatus, AgentPoolMember, MembershipTransition, Transition};

/// A run joins, or joins again with another agent, other topics or other policies (REFERENCE 1, 2).
///
/// The first join creates the pool: a record in the name of the new member, at which the pool has no members yet.
pub(crate) fn join(state: &PoolState, member: &Arc<AgentPoolMember>) -> Vec<Transition> {
    let mut transitions = Vec::new();
    if !state.is_created() {
        let nobody = (List::default(), List::default());
        let created = AgentPoolLifecycleStatus::Created;
        transitions.push(membership(state, member, created, nobody));
    }
    let run_id = &member.run_id;
    let mut run_ids: Vec<_> = state.run_ids_without(run_id).collect();
    let place = run_ids.partition_point(|other| other < run_id);
    run_ids.insert(place, run_id.clone());
    let mut topics: IdSet<TopicId> = state.topics_without(run_id).collect();
    topics.extend(member.topics.iter().cloned());
    let members = (run_ids.into(), topics.ids().cloned().collect());
    let joined = AgentPoolLifecycleStatus::RunJoined;
    transitions.push(membership(state, member, joined, members));
    transitions
}

/// A member leaves. Its wakes and messages stay (REFERENCE 5).
pub(crate) fn leave(state: &PoolState, run_id: &RunId) -> Result<Vec<Transition>, AgentError> {
    let member = require_member(state, run_id)?;
    let run_ids = state.run_ids_without(run_id).collect();
    let topics = state.topics_without(run_id).collect();
    let left = AgentPoolLifecycleStatus::RunLeft;
    Ok(vec![membership(state, member, left, (run_ids, topics))])
}

fn membership(
    state: &PoolState,
    member: &Arc<AgentPoolMember>,
    status: AgentPoolLifecycleStatus,
    (member_run_ids, topics): (List<RunId>, List<TopicId>),
) -> Transition {
    Transition::Membership(MembershipTransition {
        member: Arc::clone(member),
        status,
        member_run_ids,
        topics,
        policy_refs: state.policy_refs().clone(),
    })
}

/// The member of that run, or the error that the run is no member.
pub(super) fn require_member<'a>(
    state: &'a PoolState,
    run_id: &RunId,
) -> Result<&'a Arc<AgentPoolMember>, AgentError> {
    state
        .member(run_id)
        .ok_or_else(|| AgentError::from(ErrorCode::NotAMember).with_run(run_id))
}

#[cfg(test)]
mod tests;
