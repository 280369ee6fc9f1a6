//! D5: ids of up to 512 bytes work everywhere, also as parts of other ids.

use std::collections::BTreeSet;
use std::rc::Rc;

use agent_pool::{
    domain::{CorrelationEntry, ErrorCode, MAX_ID_BYTES, PolicyRef},
    pool::{AgentPoolMessagePolicy, MessageStatus, RunAddress, RunMessage, WakeRegistrationStatus},
    record::{
        EventCorrelation, EventCursor, EventFilter, EventKind, JournalRecord, JournalRecordPayload,
    },
};
use agent_sdk_core::{agent_pool as theirs, event, journal};
use serde::{Serialize, de::DeserializeOwned};

use crate::host::*;

/// An id of 512 bytes that ends in its name.
fn long(name: &str) -> String {
    format!("{}{name}", "x".repeat(MAX_ID_BYTES - name.len()))
}

/// The same, with letters of two bytes.
fn long_beyond_ascii(name: &str) -> String {
    let fill = "é".repeat((MAX_ID_BYTES - name.len()) / 2);
    format!(
        "{fill}{}{name}",
        "x".repeat(MAX_ID_BYTES - name.len() - fill.len())
    )
}

fn world(pool_id: &str, policy: Option<&str>) -> World {
    let required = policy.map(|text| PolicyRef::permission(text).unwrap());
    World::of(WorldPlan {
        pool_id: id(pool_id),
        message_policy: AgentPoolMessagePolicy {
            required_policy_refs: required.into_iter().collect(),
            ..AgentPoolMessagePolicy::default()
        },
        ..WorldPlan::default()
    })
}

/// Runs every operation of a pool, with ids made by `long`.
fn go_through_everything(long: fn(&str) -> String) -> World {
    let world = world(&long("pool"), Some(&long("policy")));
    let pool = &world.pool;
    let policy = || PolicyRef::permission(long("policy")).unwrap();
    for name in ["r1", "r2", "r3"] {
        let member = member(&long(name), &long("agent"))
            .topic(id(&long("topic")))
            .policy_ref(policy());
        done(pool.join_run(member));
    }
    for (name, kind) in [
        ("w1", EventKind::RunMessageDelivered),
        ("w2", EventKind::RunMessageFailed),
        ("w3", EventKind::AgentPoolCreated),
    ] {
        let filter = EventFilter {
            agent_ids: [id(&long("agent"))].into_iter().collect(),
            ..on_run(kind, &long("r1"))
        };
        let mut condition = wake("w", &long("r2"), filter);
        condition.condition_id = id(&long(name));
        condition.idempotency_key = id(&long(&format!("key.{name}")));
        condition.policy_refs = [policy()].into();
        done(pool.suspend_until(run(&long("r2")), condition));
    }
    let entry = CorrelationEntry {
        key: id(&long("key")),
        value: id(&long("value")),
    };
    let addresses = [
        RunAddress::run(id(&long("r2"))),
        RunAddress::agent(id(&long("agent"))),
        RunAddress::topic(id(&long("topic"))),
        RunAddress::pool(id(&long("pool"))),
        RunAddress::run(id(&long("nobody"))),
    ];
    for (number, address) in addresses.into_iter().enumerate() {
        let mut sent = message("m", &long("r1"), address).policy_ref(policy());
        sent.message_id = id(&long(&format!("m{number}")));
        sent.idempotency_key = id(&long(&format!("key.m{number}")));
        sent.content_ref = id(&long("content"));
        sent.reply_to = Some(id(&long("m")));
        sent.correlation = EventCorrelation {
            entries: [entry.clone()].into(),
        };
        let receipt = done(pool.send(sent.clone()));
        if receipt.status == MessageStatus::Delivered {
            let responders = vec![run(&long("r2"))];
            done(pool.record_message_status(sent, MessageStatus::Responded, responders));
        }
    }
    done(pool.cancel_wake(&condition(&long("w1"))));
    done(pool.poll_wake(&condition(&long("w2"))));
    done(pool.leave_run(&run(&long("r3"))));
    world
}

/// Asserts that we and the reference can read what we write, and read the same.
fn assert_readable<Ours, Theirs>(written: &Ours)
where
    Ours: Serialize + DeserializeOwned + PartialEq,
    Theirs: Serialize + DeserializeOwned,
{
    let text = serde_json::to_string(written).unwrap();
    let ours: Ours = serde_json::from_str(&text).unwrap();
    assert!(ours == *written, "what was written is read: {text}");
    let theirs: Theirs = serde_json::from_str(&text).unwrap();
    assert_eq!(
        serde_json::to_value(theirs).unwrap(),
        serde_json::to_value(written).unwrap()
    );
}

#[test]
fn d05_everything_works_with_ids_of_512_bytes_and_is_readable_by_the_reference() {
    for long in [long, long_beyond_ascii] {
        let world = go_through_everything(long);
        let frames = world.bus.taken();
        assert_eq!(world.journal.len(), frames.len());
        assert!(frames.len() > 20);
        world
            .journal
            .records()
            .iter()
            .for_each(assert_readable::<JournalRecord, journal::JournalRecord>);
        frames
            .iter()
            .for_each(assert_readable::<_, event::EventFrame>);
        world
            .history()
            .iter()
            .for_each(assert_readable::<_, theirs::AgentPoolStoreRecord>);
        assert_readable::<_, theirs::AgentPoolSnapshot>(&world.snapshot());
        let wakes = world.snapshot().wakes;
        let statuses: Vec<_> = wakes.iter().map(|wake| wake.registration.status).collect();
        assert_eq!(statuses, [WakeRegistrationStatus::Triggered; 3]);
    }
}

#[test]
fn d05_event_ids_are_valid_and_distinct_and_the_same_in_the_journal_and_on_the_bus() {
    let world = go_through_everything(long);
    let frames = world.bus.taken();
    let event_ids: BTreeSet<_> = frames
        .iter()
        .map(|frame| frame.event.envelope.event_id.as_str().to_owned())
        .collect();
    assert_eq!(event_ids.len(), frames.len());
    assert!(
        event_ids
            .iter()
            .all(|event_id| event_id.len() <= MAX_ID_BYTES)
    );
    for record in world.journal.records() {
        if let JournalRecordPayload::Wake(wake) = record.payload
            && let Some(matched) = wake.matched_event_id
        {
            assert!(
                event_ids.contains(matched.as_str()),
                "a matched event is on the bus"
            );
        }
    }
}

#[test]
fn d05_ids_that_differ_only_in_their_last_byte_are_kept_apart() {
    let bus = Rc::<HostBus>::default();
    for name in ["1", "2"] {
        let world = world(&long(name), None);
        let pool = done(world.builder_over(&world.journal, &bus).build());
        done(pool.join_run(member("r1", "ag1")));
        for message_name in ["m1", "m2"] {
            let sent = RunMessage {
                message_id: id(&long(message_name)),
                ..message(message_name, "r1", to_run("r1"))
            };
            done(pool.send(sent));
        }
        let effects: BTreeSet<_> = world
            .journal
            .records()
            .iter()
            .filter_map(|record| match &record.payload {
                JournalRecordPayload::RunMessage(message) => message.effect_intent.clone(),
                _ => None,
            })
            .map(|intent| intent.effect_id.as_str().to_owned())
            .collect();
        assert_eq!(effects.len(), 2, "two messages, two effects");
    }
    let frames = bus.taken();
    let event_ids: BTreeSet<_> = frames
        .iter()
        .map(|frame| frame.event.envelope.event_id.as_str().to_owned())
        .collect();
    assert_eq!(
        event_ids.len(),
        frames.len(),
        "two pools, no event id twice"
    );
}

#[test]
fn d05_pool_ids_of_every_length_up_to_512_outlive_their_tenth_event() {
    for length in (485..=MAX_ID_BYTES).chain([1]) {
        let pool_id = "p".repeat(length);
        let world = world(&pool_id, None);
        for number in 0..12 {
            done(world.pool.join_run(member(&format!("r{number}"), "ag1")));
        }
        let frames = world.bus.taken();
        for (number, frame) in (1..).zip(&frames) {
            let event_id = frame.event.envelope.event_id.as_str();
            let joined = format!("event.agent_pool.{pool_id}.{number}");
            // It is the reference's id, if that is not too long.
            assert_eq!(event_id == joined, joined.len() <= MAX_ID_BYTES);
            assert!(event_id.ends_with(&format!(".{number}")));
        }
        assert_eq!(frames.len(), 13);
    }
}

#[test]
fn d05_message_ids_of_every_length_up_to_512_are_sent_and_answered() {
    let world = world("pool.x", None);
    done(world.pool.join_run(member("r1", "ag1")));
    for length in 485..=MAX_ID_BYTES {
        let sent = RunMessage {
            message_id: id(&"m".repeat(length)),
            idempotency_key: id(&format!("{length:0512}")),
            ..message("m", "r1", to_run("r1"))
        };
        let receipt = done(world.pool.send(sent.clone()));
        assert_eq!(receipt.status, MessageStatus::Delivered);
        assert_eq!(done(world.pool.send(sent)), receipt);
    }
    world.assert_sound();
}

#[test]
fn d05_cursors_of_long_ids_are_read_back_and_go_on_where_they_stand() {
    let world = go_through_everything(long);
    let everything = EventFilter {
        queue: agent_pool::record::SubscriberQueueConfig::UNBOUNDED,
        ..EventFilter::default()
    };
    let frames = done(world.pool.subscribe(everything.clone(), None));
    assert!(!frames.is_empty());
    for (index, frame) in frames.iter().enumerate() {
        let text = serde_json::to_string(&frame.cursor).unwrap();
        let cursor: EventCursor = serde_json::from_str(&text).unwrap();
        let rest = done(world.pool.subscribe(everything.clone(), Some(cursor)));
        assert_eq!(rest, frames[index + 1..]);
    }
    for record in world.history() {
        let rest = done(world.pool.watch_pool(Some(record.cursor)));
        let sequence = usize::try_from(record.cursor.sequence).unwrap();
        assert_eq!(rest, world.history()[sequence..]);
    }
}

#[test]
fn d05_a_pool_with_a_long_id_is_rebuilt_from_its_records() {
    let world = go_through_everything(long);
    let snapshot = world.snapshot();
    let world = world.restarted();
    assert_eq!(world.snapshot(), snapshot);
    let events = world.bus.len();
    done(world.pool.join_run(member("r1", "ag1")));
    let frames = world.bus.taken();
    let event_id = frames.last().unwrap().event.envelope.event_id.as_str();
    assert!(event_id.ends_with(&format!(".{}", events + 1)));
}

#[test]
fn d05_retries_and_conflicts_are_recognised_by_long_ids() {
    let world = world(&long("pool"), None);
    done(world.pool.join_run(member("r1", "ag1")));
    done(world.pool.join_run(member("r2", "ag2")));
    let mut sent = message("m", "r1", to_run("r2"));
    sent.message_id = id(&long("m1"));
    sent.idempotency_key = id(&long("key.m1"));
    world.journal.replies.fail_after(1);
    refused(world.pool.send(sent.clone()));
    let receipt = done(world.pool.send(sent.clone()));
    assert_eq!(receipt.status, MessageStatus::Delivered);
    sent.message_id = id(&long("m2"));
    assert_eq!(
        refused(world.pool.send(sent)),
        ErrorCode::IdempotencyConflict
    );
}
