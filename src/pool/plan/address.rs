//! Who receives a message.

use std::sync::Arc;

use crate::domain::{List, RunId, holds_all};
use crate::pool::state::PoolState;
use crate::record::{RunAddressTarget, RunMessage};

/// The runs that receive a message of a member, sorted by run id (REFERENCE "resolve the recipients").
///
/// Nobody receives a message that lacks a policy ref that the pool requires. Of those that the message addresses, the
/// receivers are the ones that hold all of its policy refs (REFERENCE 12). A pool target leaves the sender out unless
/// the pool's policy includes it. Every other target includes the sender if it fits (REFERENCE 11).
pub(super) fn receivers_of(state: &PoolState, message: &RunMessage) -> List<RunId> {
    let policy = &state.config().message_policy;
    if !holds_all(&message.policy_refs, &policy.required_policy_refs) {
        return List::default();
    }
    // Everyone whom an address names is a member, so members are looked up only if the message has policy refs.
    let asks = !message.policy_refs.is_empty();
    let mut receivers = Vec::new();
    let tell = |run_id: &RunId| {
        let member = asks.then(|| state.member(run_id)).flatten();
        if member.is_none_or(|member| member.holds(&message.policy_refs)) {
            receivers.push(run_id.clone());
        }
    };
    match &message.to.target {
        RunAddressTarget::Run { run_id } => {
            return match state.member_alone(run_id) {
                Some((member, alone)) if member.holds(&message.policy_refs) => Arc::clone(alone),
                _ => List::default(),
            };
        }
        RunAddressTarget::Agent { agent_id } => state.runs_of_agent(agent_id).for_each(tell),
        RunAddressTarget::Topic { topic_id } => state.runs_of_topic(topic_id).for_each(tell),
        RunAddressTarget::Pool { pool_id } if pool_id == state.pool_id() => {
            let sender_included = policy.include_sender_in_pool_broadcast;
            let runs = state.members().map(|member| &member.run_id);
            runs.filter(|run_id| sender_included || **run_id != message.from)
                .for_each(tell);
        }
        RunAddressTarget::Pool { .. } => {}
    }
    receivers.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PolicyRef;
    use crate::pool::plan::fixture::{Pool, member, policies};
    use crate::record::fixture::id;
    use crate::record::{AgentPoolMessagePolicy, AgentPoolStoreConfig, RunAddress};

    /// `r1` to `r4`: two of agent `ag1`, three that listen to `t1`, and only `r2` and `r4` hold `p1`.
    fn pool(required: &[&str], include_sender: bool) -> PoolState {
        let mut pool = Pool::new(AgentPoolStoreConfig {
            message_policy: AgentPoolMessagePolicy {
                required_policy_refs: policies(required),
                include_sender_in_pool_broadcast: include_sender,
            },
            ..AgentPoolStoreConfig::default()
        });
        pool.joins(member("r4", "ag2", &["t1"], &["p1", "p2"]));
        pool.joins(member("r2", "ag1", &["t1", "t1"], &["p1"]));
        pool.joins(member("r1", "ag1", &["t1"], &[]));
        pool.joins(member("r3", "ag3", &[], &["p2"]));
        pool.state
    }

    fn receivers(state: &PoolState, from: &str, to: RunAddress, asking: &[&str]) -> Vec<String> {
        let mut message = RunMessage::new(id("m1"), id(from), to, id("content"), id("key"));
        message.policy_refs = policies(asking);
        let receivers = receivers_of(state, &message);
        receivers
            .iter()
            .map(|run_id| run_id.as_str().to_owned())
            .collect()
    }

    fn everywhere() -> [RunAddress; 4] {
        [
            RunAddress::run(id("r1")),
            RunAddress::agent(id("ag1")),
            RunAddress::topic(id("t1")),
            RunAddress::pool(id("pool.x")),
        ]
    }

    #[test]
    fn an_address_names_members_in_the_order_of_their_runs() {
        let state = pool(&[], false);
        let expected: [&[&str]; 4] = [
            &["r1"],
            &["r1", "r2"],
            &["r1", "r2", "r4"],
            &["r1", "r2", "r4"],
        ];
        for (address, expected) in everywhere().into_iter().zip(expected) {
            assert_eq!(receivers(&state, "r3", address, &[]), expected);
        }
    }

    #[test]
    fn whom_nobody_knows_receives_nothing() {
        let state = pool(&[], true);
        for address in [
            RunAddress::run(id("r9")),
            RunAddress::agent(id("ag9")),
            RunAddress::topic(id("t9")),
            RunAddress::pool(id("pool.other")),
        ] {
            assert!(receivers(&state, "r1", address, &[]).is_empty());
        }
    }

    #[test]
    fn only_a_message_to_the_pool_leaves_its_sender_out_and_only_if_the_policy_does() {
        for include_sender in [false, true] {
            let state = pool(&[], include_sender);
            let reached = everywhere().map(|address| {
                let receivers = receivers(&state, "r1", address, &[]);
                receivers.contains(&"r1".to_owned())
            });
            assert_eq!(reached, [true, true, true, include_sender]);
        }
    }

    #[test]
    fn a_receiver_holds_every_policy_of_the_message_and_the_sender_need_not() {
        let state = pool(&[], true);
        let to_all = || RunAddress::pool(id("pool.x"));
        assert_eq!(receivers(&state, "r1", to_all(), &["p1"]), ["r2", "r4"]);
        assert_eq!(receivers(&state, "r1", to_all(), &["p2", "p1"]), ["r4"]);
        assert!(receivers(&state, "r1", to_all(), &["p9"]).is_empty());
        assert!(receivers(&state, "r2", RunAddress::run(id("r1")), &["p1"]).is_empty());
    }

    #[test]
    fn policies_are_the_same_only_if_kind_id_and_version_are() {
        let state = pool(&[], true);
        let mut message = RunMessage::new(
            id("m1"),
            id("r1"),
            RunAddress::run(id("r2")),
            id("content"),
            id("key"),
        );
        let asked = |policy_ref: &str| serde_json::from_str::<PolicyRef>(policy_ref).unwrap();
        for (policy_ref, receivers) in [
            (r#"{"kind": "permission", "id": "p1"}"#, 1),
            (r#"{"kind": "host", "id": "p1"}"#, 0),
            (r#"{"kind": "permission", "id": "p1", "version": "1"}"#, 0),
        ] {
            message.policy_refs = [asked(policy_ref)].into();
            assert_eq!(receivers_of(&state, &message).len(), receivers);
        }
    }

    #[test]
    fn a_message_that_lacks_a_policy_that_the_pool_requires_reaches_nobody() {
        let state = pool(&["p1", "p2"], true);
        for address in everywhere() {
            assert!(receivers(&state, "r4", address.clone(), &[]).is_empty());
            assert!(receivers(&state, "r4", address, &["p1"]).is_empty());
        }
        let to_all = RunAddress::pool(id("pool.x"));
        assert_eq!(receivers(&state, "r1", to_all, &["p2", "p1"]), ["r4"]);
    }
}
