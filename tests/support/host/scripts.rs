//! Random operations on a small pool: few runs, messages and wakes, so that they meet.

use agent_pool::{
    domain::PolicyRef,
    pool::{AgentPoolMember, MessageStatus, RunAddress, RunMessage, WakeCondition},
    record::{EventFilter, EventKind},
};
use proptest::prelude::*;

use super::{
    Call, Reply, condition, id, member, message, on, run, to_agent, to_pool, to_run, to_topic, wake,
};

const RUNS: [&str; 4] = ["r1", "r2", "r3", "r4"];

/// Operations, beginning with the joins of three runs and some registrations. Wakes wait for statuses of messages and,
/// if `cascading`, of wakes; they never wait for changes of the members.
pub fn scripts(length: usize, cascading: bool) -> impl Strategy<Value = Vec<Call>> {
    let wakes = prop::collection::vec(any_wake(cascading).prop_map(Call::Suspend), 0..10);
    let calls = prop::collection::vec(call(cascading), 1..length);
    (wakes, calls).prop_map(|(wakes, calls)| {
        let joins = [("r1", "ag1"), ("r2", "ag2"), ("r3", "ag1")];
        let joins =
            joins.map(|(run_id, agent_id)| Call::Join(member(run_id, agent_id).topic(id("t1"))));
        joins.into_iter().chain(wakes).chain(calls).collect()
    })
}

/// The answers of a port: most of them at once, some later, and some rejections if it is `failing`.
pub fn replies(count: usize, failing: bool) -> impl Strategy<Value = Vec<Reply>> {
    let rejections = if failing { 2 } else { 0 };
    let reply = prop_oneof![
        4 => Just(Reply::Now),
        3 => (0..4_u32).prop_map(Reply::Later),
        rejections => Just(Reply::Rejected),
        rejections => (0..4_u32).prop_map(Reply::RejectedLater),
    ];
    prop::collection::vec(reply, 0..count)
}

/// Chooses which of that many tasks is next: at random, but the same for the same seed.
pub fn choices(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |tasks| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % tasks
    }
}

fn call(cascading: bool) -> impl Strategy<Value = Call> {
    prop_oneof![
        3 => joiner().prop_map(Call::Join),
        1 => any_run().prop_map(|run_id| Call::Leave(run(run_id))),
        8 => any_message().prop_map(Call::Send),
        3 => (any_message(), any_status(), prop::collection::vec(any_run(), 0..3)).prop_map(
            |(message, status, receivers)| {
                let receivers = receivers.into_iter().map(run).collect();
                Call::Status(message, status, receivers)
            }
        ),
        6 => any_wake(cascading).prop_map(Call::Suspend),
        2 => wake_number().prop_map(|number| Call::Poll(condition(&format!("w{number}")))),
        1 => wake_number().prop_map(|number| Call::Cancel(condition(&format!("w{number}")))),
        1 => Just(Call::Members),
        1 => Just(Call::Snapshot),
    ]
}

fn any_run() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&RUNS[..])
}

fn any_status() -> impl Strategy<Value = MessageStatus> {
    prop::sample::select(MessageStatus::ALL)
}

fn joiner() -> impl Strategy<Value = AgentPoolMember> {
    (
        any_run(),
        1..3,
        prop::collection::vec(1..3, 0..2),
        any::<bool>(),
    )
        .prop_map(|(run_id, agent, topics, trusted)| {
            let mut joiner = member(run_id, &format!("ag{agent}"));
            joiner.topics = topics
                .into_iter()
                .map(|topic| id(&format!("t{topic}")))
                .collect();
            if trusted {
                joiner = joiner.policy_ref(policy());
            }
            joiner
        })
}

fn policy() -> PolicyRef {
    PolicyRef::permission("p1").expect("a valid id")
}

/// One of ten messages. Seldom something in it is changed, so that it conflicts.
fn any_message() -> impl Strategy<Value = RunMessage> {
    (
        0..10_usize,
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(number, other_content, other_key)| {
            let from = RUNS[number % 3];
            let mut sent = message(&format!("m{number}"), from, address(number));
            match number {
                7 => sent.expires_at_millis = Some(0),
                8 => sent.policy_refs = [policy()].into(),
                _ => {}
            }
            if other_content {
                sent.content_ref = id("content.other");
            }
            if other_key {
                sent.idempotency_key = id(&format!("key.m{}", (number + 1) % 10));
            }
            sent
        })
}

fn address(number: usize) -> RunAddress {
    match number % 5 {
        0 => to_run(RUNS[number % 4]),
        1 => to_agent("ag1"),
        2 => to_topic("t1"),
        3 => to_pool(),
        _ => to_topic("t2"),
    }
}

fn wake_number() -> impl Strategy<Value = usize> {
    0..12_usize
}

/// One of twelve conditions. Seldom it has another key, so that it conflicts.
fn any_wake(cascading: bool) -> impl Strategy<Value = WakeCondition> {
    (wake_number(), prop::bool::weighted(0.1)).prop_map(move |(number, other_key)| {
        let mut waiting = wake(
            &format!("w{number}"),
            RUNS[number % 3],
            filter(number, cascading),
        );
        if number == 11 {
            waiting = waiting.timeout_millis(0);
        }
        if other_key {
            waiting.idempotency_key = id("key.other");
        }
        waiting
    })
}

fn filter(number: usize, cascading: bool) -> EventFilter {
    let run_ids = |filter| EventFilter {
        run_ids: [id(RUNS[(number + 1) % 3])].into_iter().collect(),
        ..filter
    };
    match number {
        0 => on(EventKind::RunMessageAccepted),
        1 => on(EventKind::RunMessageDelivered),
        2 => run_ids(on(EventKind::RunMessageDelivered)),
        3 => on(EventKind::RunMessageFailed),
        4 => EventFilter::kinds([EventKind::RunMessageAccepted, EventKind::RunMessageExpired]),
        5 => EventFilter {
            terminal_only: true,
            ..EventFilter::kinds(message_kinds())
        },
        _ if !cascading => run_ids(EventFilter::kinds(message_kinds())),
        6 => on(EventKind::WakeConditionTriggered),
        7 => run_ids(on(EventKind::WakeConditionTriggered)),
        8 => on(EventKind::WakeConditionRegistered),
        9 => EventFilter::kinds([
            EventKind::WakeConditionCancelled,
            EventKind::WakeConditionTimedOut,
        ]),
        10 => run_ids(EventFilter::kinds([
            EventKind::WakeConditionTriggered,
            EventKind::RunMessageAccepted,
        ])),
        _ => run_ids(EventFilter::kinds(message_kinds())),
    }
}

fn message_kinds() -> impl Iterator<Item = EventKind> {
    MessageStatus::ALL.iter().map(|status| status.event_kind())
}
