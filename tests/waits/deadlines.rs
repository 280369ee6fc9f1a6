//! How long a wake waits: its deadline is its timeout after its registration, and the store keeps the deadline.

use agent_pool::{
    pool::{AgentPoolStoreRecordPayload, WakeRegistrationStatus},
    record::{EventKind, JournalRecordPayload},
};
use serde_json::json;

use crate::host::*;

use WakeRegistrationStatus::{Cancelled, Registered, TimedOut, Triggered};

const NOW: u64 = 1_000_000;

/// `r2` waits 500 milliseconds for a message to be delivered.
fn world() -> World {
    let world = World::at(NOW);
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    suspend(&world, "w1", 500);
    world
}

fn suspend(world: &World, condition_id: &str, timeout_millis: u64) -> WakeRegistrationStatus {
    let waiting = wake(condition_id, "r2", on(EventKind::RunMessageDelivered));
    let suspended = world
        .pool
        .suspend_until(run("r2"), waiting.timeout_millis(timeout_millis));
    done(suspended).status
}

fn poll(world: &World, condition_id: &str) -> WakeRegistrationStatus {
    done(world.pool.poll_wake(&condition(condition_id))).status
}

fn send(world: &World, message_id: &str) {
    done(world.pool.send(message(message_id, "r1", to_run("r2"))));
}

/// What was journaled after the world was set up.
fn since_setup(world: &World) -> Vec<String> {
    world.journal.story().split_off(4)
}

#[test]
fn a_wake_waits_until_the_millisecond_before_its_deadline_and_a_poll_at_the_deadline_ends_it() {
    let world = world();
    world.clock.advance(499);
    assert_eq!(poll(&world, "w1"), Registered);
    world.clock.advance(1);
    assert_eq!(poll(&world, "w1"), TimedOut);
    assert_eq!(poll(&world, "w1"), TimedOut);
    assert_eq!(since_setup(&world), ["timed_out w1"]);
    let records = world.journal.records();
    let record = records.last().unwrap();
    assert_eq!(record.timestamp_millis, NOW + 500);
    let JournalRecordPayload::Wake(wake) = &record.payload else {
        panic!("it is about the wake");
    };
    assert_eq!(wake.timeout_millis, Some(500));
    assert_eq!(wake.matched_event_id, None);
    world.assert_sound();
}

#[test]
fn an_event_before_the_deadline_triggers_the_wake_and_no_deadline_comes_after_that() {
    let world = world();
    world.clock.advance(499);
    send(&world, "m1");
    world.clock.advance(500);
    assert_eq!(poll(&world, "w1"), Triggered);
    assert_eq!(since_setup(&world).last().unwrap(), "triggered w1 by 6");
}

#[test]
fn an_event_at_or_after_the_deadline_times_the_wake_out_instead_of_triggering_it() {
    for late in [500, 501, 10_000] {
        let world = world();
        world.clock.advance(late);
        send(&world, "m1");
        assert_eq!(
            since_setup(&world),
            ["accepted m1 for r2", "delivered m1 for r2", "timed_out w1"]
        );
        assert_eq!(poll(&world, "w1"), TimedOut);
        world.assert_sound();
    }
}

#[test]
fn an_event_that_the_wake_does_not_wait_for_leaves_it_alone_even_after_its_deadline() {
    let world = world();
    world.clock.advance(500);
    done(world.pool.send(message("m1", "r1", to_run("r9"))));
    assert_eq!(since_setup(&world), ["failed m1"]);
    assert_eq!(world.snapshot().wakes[0].registration.status, Registered);
}

#[test]
fn a_poll_after_the_deadline_times_out_whatever_the_bus_holds() {
    let world = World::of(WorldPlan {
        starts_at: Some(NOW),
        matching: agent_pool::pool::WakeMatching::OnMessage,
        ..WorldPlan::default()
    });
    done(world.pool.join_run(member("r1", "ag1")));
    let waiting = wake("w1", "r1", on(EventKind::ToolCompleted)).timeout_millis(500);
    done(world.pool.suspend_until(run("r1"), waiting));
    // The host published the event in time, but the wake was not polled in time.
    world
        .bus
        .publish_own(host_event("e0", "r1", EventKind::ToolCompleted));
    world.clock.advance(500);
    assert_eq!(poll(&world, "w1"), TimedOut);
}

#[test]
fn a_wake_past_its_deadline_can_still_be_cancelled_while_nobody_noticed() {
    let world = world();
    world.clock.advance(500);
    let cancelled = done(world.pool.cancel_wake(&condition("w1")));
    assert_eq!(cancelled.status, Cancelled);
    assert_eq!(poll(&world, "w1"), Cancelled);
}

#[test]
fn a_timeout_of_0_ends_the_wake_as_it_is_registered_even_if_the_event_is_there_already() {
    let world = world();
    send(&world, "m1");
    assert_eq!(suspend(&world, "w2", 0), TimedOut);
    assert_eq!(since_setup(&world)[3..], ["registered w2", "timed_out w2"]);
}

#[test]
fn a_condition_without_timeout_and_one_of_the_longest_timeout_never_time_out() {
    let world = world();
    let patient = wake("w2", "r2", on(EventKind::RunMessageFailed));
    done(world.pool.suspend_until(run("r2"), patient));
    assert_eq!(suspend(&world, "w3", u64::MAX), Registered);
    world.clock.set(u64::MAX - 1);
    assert_eq!(poll(&world, "w2"), Registered);
    assert_eq!(poll(&world, "w3"), Registered);
}

#[test]
fn the_deadline_counts_from_the_registration_that_was_recorded() {
    let world = world();
    let waiting = || wake("w2", "r2", on(EventKind::RunMessageFailed)).timeout_millis(500);
    world.journal.replies.fail_after(0);
    refused(world.pool.suspend_until(run("r2"), waiting()));
    world.clock.advance(400);
    done(world.pool.suspend_until(run("r2"), waiting()));
    world.clock.advance(400);
    // The same call again does not move the deadline.
    done(world.pool.suspend_until(run("r2"), waiting()));
    assert_eq!(poll(&world, "w2"), Registered);
    world.clock.advance(100);
    assert_eq!(poll(&world, "w2"), TimedOut);
}

#[test]
fn the_same_condition_again_after_its_deadline_times_out() {
    let world = world();
    world.clock.advance(500);
    assert_eq!(suspend(&world, "w1", 500), TimedOut);
    assert_eq!(since_setup(&world), ["timed_out w1"]);
}

#[test]
fn the_deadline_is_in_the_store_record_and_nowhere_in_the_journal() {
    let world = world();
    let history = world.history();
    let record = history.last().unwrap();
    let written = json!(record);
    assert_eq!(
        written["payload"]["stored"]["deadline_millis"],
        json!(NOW + 500)
    );
    let AgentPoolStoreRecordPayload::Wake { stored } = &record.payload else {
        panic!("it is about the wake");
    };
    assert_eq!(stored.deadline_millis, Some(NOW + 500));
    let records = world.journal.records();
    let journaled = json!(records.last().unwrap());
    assert!(!journaled.to_string().contains("deadline"));
}

#[test]
fn a_pool_rebuilt_from_its_records_keeps_the_deadlines() {
    for (later, status) in [(499, Registered), (500, TimedOut)] {
        let world = world();
        world.clock.advance(100);
        let world = world.restarted();
        world.clock.set(NOW + later);
        assert_eq!(poll(&world, "w1"), status);
    }
    for (later, ending) in [(499, "triggered w1 by 6"), (500, "timed_out w1")] {
        let world = world().restarted();
        world.clock.set(NOW + later);
        send(&world, "m1");
        assert_eq!(since_setup(&world).last().unwrap(), ending);
    }
}

#[test]
fn deadlines_are_the_same_through_every_handle() {
    let world = world();
    let other = world.handle();
    world.clock.advance(500);
    assert_eq!(done(other.poll_wake(&condition("w1"))).status, TimedOut);
    assert_eq!(poll(&world, "w1"), TimedOut);
}
