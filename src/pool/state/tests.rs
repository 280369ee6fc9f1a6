//! A state is the fold over its records, and its indexes agree with a walk over everything.

use proptest::prelude::*;

use super::*;
use crate::record::fixture::{frame, id};
use crate::record::{
    CompiledEventFilter, EventFilter, EventKind, MessageReceipt, MessageStatus, RunAddress,
    RunMessage, WakeCondition, WakeRegistration,
};

const RUNS: [&str; 4] = ["r1", "r2", "r3", "r4"];
const AGENTS: [&str; 2] = ["ag1", "ag2"];
const TOPICS: [&str; 3] = ["t1", "t2", "t3"];

fn member(run_id: &str, agent_id: &str, topics: &[&str]) -> Arc<AgentPoolMember> {
    let member = AgentPoolMember::new(id(run_id), id(agent_id));
    let topics = topics.iter().map(|topic| id(topic));
    Arc::new(topics.fold(member, AgentPoolMember::topic))
}

fn message(number: usize, status: MessageStatus) -> AgentPoolStoredMessage {
    let message = RunMessage::new(
        id(&format!("m{number}")),
        id("r1"),
        RunAddress::run(id("r2")),
        id("content"),
        id(&format!("key.m{number}")),
    );
    let receipt = MessageReceipt {
        message_id: message.message_id.clone(),
        status,
        delivered_to: [id("r2")].into(),
        journal_cursor: None,
    };
    AgentPoolStoredMessage {
        message: Arc::new(message),
        receipt: Arc::new(receipt),
    }
}

fn wake(number: usize, status: WakeRegistrationStatus) -> AgentPoolStoredWake {
    let (condition_id, run_id): (WakeConditionId, RunId) = (id(&format!("w{number}")), id("r1"));
    let filter = EventFilter::kinds([EventKind::RunMessageAccepted]);
    let condition = WakeCondition::new(
        condition_id.clone(),
        run_id.clone(),
        filter.clone(),
        id(&format!("key.w{number}")),
    );
    AgentPoolStoredWake {
        condition: Arc::new(condition),
        compiled_filter: Arc::new(CompiledEventFilter::compile(filter)),
        registration: WakeRegistration {
            condition_id,
            run_id,
            status,
            journal_cursor: None,
        },
        deadline_millis: Some(number as u64),
    }
}

fn payload() -> impl Strategy<Value = AgentPoolStoreRecordPayload> {
    use AgentPoolStoreRecordPayload as Payload;
    let joiner = (
        prop::sample::select(&RUNS[..]),
        prop::sample::select(&AGENTS[..]),
        prop::sample::subsequence(&TOPICS[..], 0..=3),
    );
    prop_oneof![
        1 => Just(Payload::PoolCreated),
        4 => joiner.prop_map(|(run_id, agent_id, topics)| Payload::MemberJoined {
            member: member(run_id, agent_id, &topics),
        }),
        2 => prop::sample::select(&RUNS[..])
            .prop_map(|run_id| Payload::MemberLeft { member: member(run_id, "ag1", &[]) }),
        3 => (0..6_usize, prop::sample::select(MessageStatus::ALL))
            .prop_map(|(number, status)| Payload::RunMessage { stored: message(number, status) }),
        3 => (0..6_usize, prop::sample::select(WakeRegistrationStatus::ALL))
            .prop_map(|(number, status)| Payload::Wake { stored: wake(number, status).into() }),
    ]
}

/// The history of a pool with these payloads.
fn history(payloads: Vec<AgentPoolStoreRecordPayload>) -> Vec<AgentPoolStoreRecord> {
    let config = Arc::default();
    let opened = AgentPoolStoreRecordPayload::PoolOpened { config };
    let payloads = std::iter::once(opened).chain(payloads);
    payloads
        .zip(1..)
        .map(|(payload, sequence)| AgentPoolStoreRecord {
            pool_id: id("pool.x"),
            cursor: AgentPoolStoreCursor { sequence },
            payload,
        })
        .collect()
}

fn fold<'a>(records: impl IntoIterator<Item = &'a AgentPoolStoreRecord>) -> PoolState {
    let mut state = PoolState::new(id("pool.x"), Arc::default());
    records.into_iter().for_each(|record| state.apply(record));
    state
}

/// Compares every lookup in a state with a walk over its whole snapshot.
fn assert_indexes_agree(state: &PoolState) {
    let snapshot = state.snapshot();
    let runs = |wanted: &dyn Fn(&AgentPoolMember) -> bool| -> Vec<RunId> {
        let members = snapshot.members.iter().filter(|member| wanted(member));
        members.map(|member| member.run_id.clone()).collect()
    };
    let topics_of = |wanted: &dyn Fn(&AgentPoolMember) -> bool| -> Vec<TopicId> {
        let members = snapshot.members.iter().filter(|member| wanted(member));
        let topics: IdSet<TopicId> = members
            .flat_map(|member| member.topics.iter().cloned())
            .collect();
        topics.ids().cloned().collect()
    };
    for agent_id in AGENTS {
        let agent_id: AgentId = id(agent_id);
        let found: Vec<_> = state.runs_of_agent(&agent_id).cloned().collect();
        assert_eq!(found, runs(&|member| member.agent_id == agent_id));
    }
    for topic_id in TOPICS {
        let topic_id: TopicId = id(topic_id);
        let found: Vec<_> = state.runs_of_topic(&topic_id).cloned().collect();
        assert_eq!(found, runs(&|member| member.topics.contains(&topic_id)));
    }
    for run_id in RUNS {
        let run_id: RunId = id(run_id);
        let others: Vec<_> = state.run_ids_without(&run_id).collect();
        assert_eq!(others, runs(&|member| member.run_id != run_id));
        let topics: Vec<_> = state.topics_without(&run_id).collect();
        assert_eq!(topics, topics_of(&|member| member.run_id != run_id));
        let member = snapshot
            .members
            .iter()
            .find(|member| member.run_id == run_id);
        assert_eq!(state.member(&run_id), member);
        assert_eq!(state.is_observable(&run_id), member.is_some());
    }
    assert_eq!(snapshot.topics, topics_of(&|_| true));
    for number in 0..6 {
        let known = message(number, MessageStatus::Accepted).message;
        let stored = snapshot
            .messages
            .iter()
            .find(|stored| stored.message.message_id == known.message_id);
        assert_eq!(state.message(&known.message_id), stored);
        assert_eq!(state.message_of_key(&known.idempotency_key), stored);
        let known = wake(number, WakeRegistrationStatus::Registered).condition;
        let stored = snapshot
            .wakes
            .iter()
            .find(|stored| stored.condition.condition_id == known.condition_id);
        assert_eq!(state.wake(&known.condition_id), stored);
        let is_registered = |stored: &&Arc<AgentPoolStoredWake>| {
            stored.registration.status == WakeRegistrationStatus::Registered
        };
        assert_eq!(
            state.registered_wake(&known.condition_id),
            stored.filter(is_registered)
        );
    }
    let accepted = frame(EventKind::RunMessageAccepted, 1);
    let registered = snapshot
        .wakes
        .iter()
        .filter(|stored| stored.registration.status == WakeRegistrationStatus::Registered);
    let registered: IdSet<WakeConditionId> = registered
        .map(|stored| stored.condition.condition_id.clone())
        .collect();
    let candidates = state
        .wake_index()
        .candidates(&accepted.event.envelope.traits());
    assert!(candidates == registered);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_state_rebuilt_from_the_records_as_they_are_written_is_the_same(
        payloads in prop::collection::vec(payload(), 0..60),
    ) {
        let records = history(payloads);
        let state = fold(&records);
        let written = serde_json::to_string(&records).unwrap();
        let read: Vec<AgentPoolStoreRecord> = serde_json::from_str(&written).unwrap();
        let rebuilt = fold(&read);
        prop_assert_eq!(rebuilt.snapshot(), state.snapshot());
        prop_assert!(rebuilt.runs == state.runs);
        prop_assert!(rebuilt.wake_keys == state.wake_keys);
        prop_assert_eq!(rebuilt.sequence, state.sequence);
    }

    #[test]
    fn what_is_looked_up_is_what_a_walk_over_everything_would_find(
        payloads in prop::collection::vec(payload(), 0..60),
    ) {
        let mut state = fold(&[]);
        for record in history(payloads) {
            state.apply(&record);
            assert_indexes_agree(&state);
        }
    }
}

#[test]
fn a_pool_just_opened_has_nothing_but_its_configuration() {
    let state = PoolState::new(id("pool.x"), Arc::default());
    assert_eq!(state.snapshot().cursor, None);
    let opened = fold(&history(Vec::new()));
    assert!(!opened.is_created());
    assert_eq!(opened.sequence(), 1);
    assert!(opened.snapshot().members.is_empty());
}

#[test]
fn the_agent_of_a_run_that_left_is_remembered() {
    let payloads = vec![
        AgentPoolStoreRecordPayload::MemberJoined {
            member: member("r1", "ag1", &[]),
        },
        AgentPoolStoreRecordPayload::MemberJoined {
            member: member("r1", "ag2", &[]),
        },
        AgentPoolStoreRecordPayload::MemberLeft {
            member: member("r1", "ag2", &[]),
        },
    ];
    let state = fold(&history(payloads));
    assert_eq!(state.member(&id("r1")), None);
    assert_eq!(state.last_agent(&id("r1")), Some(&id("ag2")));
    assert_eq!(state.last_agent(&id("r2")), None);
}
