//! D12: a message's correlation is in its events and in the keys of its journal records, so that filters find it.

use agent_pool::{
    domain::CorrelationEntry,
    pool::{MessageStatus, RunMessage, WakeRegistrationStatus},
    record::{EventCorrelation, EventFilter, JournalRecordPayload},
};

use crate::host::*;

fn entry(key: &str, value: &str) -> CorrelationEntry {
    CorrelationEntry {
        key: id(key),
        value: id(value),
    }
}

/// Their order and a repetition show whether somebody sorts or merges them.
fn entries() -> Vec<CorrelationEntry> {
    vec![
        entry("task", "t7"),
        entry("customer", "c1"),
        entry("task", "t3"),
    ]
}

fn correlated(message_id: &str) -> RunMessage {
    RunMessage {
        correlation: EventCorrelation {
            entries: entries().into(),
        },
        ..message(message_id, "r1", to_run("r2"))
    }
}

fn on_key(keys: &[&str]) -> EventFilter {
    EventFilter {
        correlation_keys: keys.iter().map(|key| id(key)).collect(),
        ..EventFilter::default()
    }
}

fn world(world: World) -> World {
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world
}

#[test]
fn d12_correlation_is_in_the_event_the_record_and_the_index_of_every_status() {
    let world = world(World::new());
    done(world.pool.send(correlated("m1")));
    let answered = vec![run("r2")];
    let recorded =
        world
            .pool
            .record_message_status(correlated("m1"), MessageStatus::Responded, answered);
    done(recorded);
    let expired = RunMessage {
        expires_at_millis: Some(0),
        ..correlated("m2")
    };
    done(world.pool.send(expired));
    let (records, frames) = (world.journal.records(), world.bus.taken());
    assert_eq!(records.len(), 3 + 4);
    for (record, frame) in records.iter().zip(&frames).skip(3) {
        let JournalRecordPayload::RunMessage(message) = &record.payload else {
            panic!("all of them are of messages");
        };
        assert_eq!(*message.correlation.entries, entries());
        assert_eq!(*record.correlation_keys, entries());
        assert_eq!(*record.event_index.correlation_keys, entries());
        assert_eq!(*frame.event.envelope.correlation.entries, entries());
    }
}

#[test]
fn d12_what_is_not_about_a_message_has_no_correlation() {
    let world = world(World::new());
    let waiting = wake("w1", "r2", on_key(&["task"]));
    done(world.pool.suspend_until(run("r2"), waiting));
    done(world.pool.send(correlated("m1")));
    let has_correlation: Vec<_> = world
        .journal
        .records()
        .iter()
        .map(|record| !record.correlation_keys.is_empty())
        .collect();
    // The events: created, joined twice, registered, accepted, triggered, delivered.
    assert_eq!(
        has_correlation,
        [false, false, false, false, true, false, true]
    );
}

#[test]
fn d12_a_subscriber_finds_messages_by_any_of_their_keys() {
    let world = world(World::new());
    done(world.pool.send(message("m0", "r1", to_run("r2"))));
    done(world.pool.send(correlated("m1")));
    let found = |keys: &[&str]| -> Vec<String> {
        let frames = done(world.pool.subscribe(on_key(keys), None));
        frames.iter().map(frame_story).collect()
    };
    let both = ["6 run_message_accepted m1", "7 run_message_delivered m1"];
    assert_eq!(found(&["task"]), both);
    assert_eq!(found(&["unknown", "customer"]), both);
    assert!(found(&["unknown"]).is_empty());
    assert!(
        found(&["t7"]).is_empty(),
        "the key is looked at, not the value"
    );
    assert!(found(&[]).is_empty());
}

#[test]
fn d12_a_wake_waits_for_messages_by_their_keys() {
    for world in [world(World::new()), world(World::on_message())] {
        let waiting = wake("w1", "r2", on_key(&["customer"]));
        done(world.pool.suspend_until(run("r2"), waiting));
        done(world.pool.send(message("m0", "r1", to_run("r2"))));
        let polled = done(world.pool.poll_wake(&condition("w1")));
        assert_eq!(polled.status, WakeRegistrationStatus::Registered);
        done(world.pool.send(correlated("m1")));
        assert_eq!(
            world.journal.story()[6..],
            [
                "accepted m1 for r2",
                "triggered w1 by 7",
                "delivered m1 for r2"
            ]
        );
    }
}

#[test]
fn d12_a_wake_finds_messages_of_the_past_by_their_keys() {
    let world = world(World::new());
    done(world.pool.send(message("m0", "r1", to_run("r2"))));
    done(world.pool.send(correlated("m1")));
    let waiting = wake("w1", "r2", on_key(&["customer"]));
    done(world.pool.suspend_until(run("r2"), waiting));
    assert_eq!(world.journal.story().last().unwrap(), "triggered w1 by 6");
}

#[test]
fn d12_a_message_finished_by_a_retry_bears_its_correlation() {
    let world = world(World::new());
    world.journal.replies.fail_after(1);
    refused(world.pool.send(correlated("m1")));
    let world = world.restarted();
    done(world.pool.send(correlated("m1")));
    let frames = world.bus.taken();
    let delivered = &frames.last().unwrap().event.envelope;
    assert_eq!(delivered.event_kind.as_str(), "run_message_delivered");
    assert_eq!(*delivered.correlation.entries, entries());
}
