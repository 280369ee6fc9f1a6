//! Who receives a message.

use crate::domain::RunId;
use crate::pool::state::PoolState;
use crate::record::{RunAddressTarget, RunMessage};

/// The runs that a message goes to, sorted by run id (REFERENCE "resolve the recipients").
///
/// None if its sender is no member, if it lacks a policy ref that the pool requires, or if nobody whom
/// it addresses holds all of its policy refs (REFERENCE 12).
pub(super) fn recipients(state: &PoolState, message: &RunMessage) -> Vec<RunId> {
    let policy = &state.config().message_policy;
    if state.member(&message.from).is_none() || !policy.allows(message) {
        return Vec::new();
    }
    let addressed = addressed_runs(state, message, policy.include_sender_in_pool_broadcast);
    addressed
        .filter(|run_id| {
            let member = state.member(run_id);
            member.is_some_and(|member| member.holds(&message.policy_refs))
        })
        .cloned()
        .collect()
}

/// The member runs that the address names, in run id order. A pool target leaves the sender out unless
/// the policy includes it; every other target includes it if it fits (REFERENCE 11).
fn addressed_runs<'a>(
    state: &'a PoolState,
    message: &'a RunMessage,
    sender_included: bool,
) -> Box<dyn Iterator<Item = &'a RunId> + 'a> {
    match &message.to.target {
        RunAddressTarget::Run { run_id } => Box::new(std::iter::once(run_id)),
        RunAddressTarget::Agent { agent_id } => Box::new(state.runs_of_agent(agent_id)),
        RunAddressTarget::Topic { topic_id } => Box::new(state.runs_of_topic(topic_id)),
        RunAddressTarget::Pool { pool_id } if pool_id == state.pool_id() => {
            let runs = state.members().map(|member| &member.run_id);
            Box::new(runs.filter(move |run_id| sender_included || **run_id != message.from))
        }
        RunAddressTarget::Pool { .. } => Box::new(std::iter::empty()),
    }
}
