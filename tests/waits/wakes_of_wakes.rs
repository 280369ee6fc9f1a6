//! Live matching: an event of a wake triggers the wakes that wait for it, and so on. Under `on_message` only a poll
//! finds it.

use agent_pool::{
    pool::{WakeMatching, WakeRegistrationStatus},
    record::{EventFilter, EventKind},
};

use crate::host::*;

use EventKind::{
    RunMessageAccepted, WakeConditionCancelled, WakeConditionRegistered, WakeConditionTimedOut,
    WakeConditionTriggered,
};

fn world(matching: WakeMatching) -> World {
    let world = World::of(WorldPlan {
        matching,
        starts_at: Some(1_000),
        ..WorldPlan::default()
    });
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2"), ("r3", "ag3")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world
}

fn suspend(world: &World, condition_id: &str, run_id: &str, filter: EventFilter) {
    let waiting = wake(condition_id, run_id, filter);
    done(world.pool.suspend_until(run(run_id), waiting));
}

/// What was journaled after the members joined and `waits` were registered.
fn since(world: &World, waits: usize) -> Vec<String> {
    world.journal.story().split_off(4 + waits)
}

#[test]
fn a_chain_of_wakes_is_triggered_from_its_beginning_to_its_end_before_the_message_goes_on() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w1", "r1", on(RunMessageAccepted));
    suspend(&world, "w2", "r2", on_run(WakeConditionTriggered, "r1"));
    suspend(&world, "w3", "r3", on_run(WakeConditionTriggered, "r2"));
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    assert_eq!(
        since(&world, 3),
        [
            "accepted m1 for r2",
            "triggered w1 by 8",
            "triggered w2 by 9",
            "triggered w3 by 10",
            "delivered m1 for r2"
        ]
    );
    world.assert_sound();
}

#[test]
fn the_chain_does_not_depend_on_the_order_of_the_ids() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w3", "r1", on(RunMessageAccepted));
    suspend(&world, "w2", "r2", on_run(WakeConditionTriggered, "r1"));
    suspend(&world, "w1", "r3", on_run(WakeConditionTriggered, "r2"));
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    assert_eq!(
        since(&world, 3)[1..4],
        [
            "triggered w3 by 8",
            "triggered w2 by 9",
            "triggered w1 by 10"
        ]
    );
}

#[test]
fn all_that_an_event_wakes_comes_before_what_those_wake() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w1", "r1", on(RunMessageAccepted));
    suspend(&world, "w2", "r2", on(WakeConditionTriggered));
    suspend(&world, "w3", "r3", on(RunMessageAccepted));
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    assert_eq!(
        since(&world, 3)[1..4],
        [
            "triggered w1 by 8",
            "triggered w3 by 8",
            "triggered w2 by 9"
        ]
    );
}

#[test]
fn wakes_that_wait_for_each_other_end_once_each() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w1", "r1", on_run(WakeConditionTriggered, "r2"));
    suspend(&world, "w2", "r2", on_run(WakeConditionTriggered, "r1"));
    suspend(&world, "w3", "r2", on(RunMessageAccepted));
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    assert_eq!(
        since(&world, 3)[1..4],
        [
            "triggered w3 by 8",
            "triggered w1 by 9",
            "triggered w2 by 10"
        ]
    );
    world.assert_sound();
}

#[test]
fn a_wake_does_not_wait_for_its_own_end() {
    let world = world(WakeMatching::Live);
    suspend(
        &world,
        "w1",
        "r1",
        EventFilter::kinds([RunMessageAccepted, WakeConditionTriggered]),
    );
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    assert_eq!(since(&world, 1)[1], "triggered w1 by 6");
    assert_eq!(since(&world, 1).len(), 3);
}

#[test]
fn a_wake_that_is_cancelled_or_times_out_wakes_those_who_wait_for_that() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w1", "r1", on(WakeConditionCancelled));
    suspend(&world, "w2", "r1", on(WakeConditionTimedOut));
    suspend(&world, "w3", "r2", on(EventKind::RunMessageFailed));
    done(world.pool.cancel_wake(&condition("w3")));
    let hasty = wake("w4", "r3", on(EventKind::RunMessageFailed)).timeout_millis(10);
    done(world.pool.suspend_until(run("r3"), hasty));
    world.clock.advance(10);
    done(world.pool.poll_wake(&condition("w4")));
    assert_eq!(
        since(&world, 3),
        [
            "cancelled w3",
            "triggered w1 by 8",
            "registered w4",
            "timed_out w4",
            "triggered w2 by 11"
        ]
    );
    world.assert_sound();
}

#[test]
fn a_wake_that_is_found_by_a_poll_wakes_those_who_wait_for_that() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w1", "r1", on(EventKind::ToolCompleted));
    suspend(&world, "w2", "r2", on(WakeConditionTriggered));
    world
        .bus
        .publish_own(host_event("e0", "r3", EventKind::ToolCompleted));
    done(world.pool.poll_wake(&condition("w1")));
    assert_eq!(
        since(&world, 2),
        ["triggered w1 by e0", "triggered w2 by 7"]
    );
}

#[test]
fn a_registration_wakes_those_who_wait_for_that_and_they_may_wake_the_one_registered() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w1", "r1", on_run(WakeConditionRegistered, "r2"));
    suspend(&world, "w2", "r2", on_run(WakeConditionTriggered, "r1"));
    assert_eq!(
        since(&world, 1),
        ["registered w2", "triggered w1 by 6", "triggered w2 by 7"]
    );
    let registration = done(world.pool.poll_wake(&condition("w2")));
    assert_eq!(registration.status, WakeRegistrationStatus::Triggered);
    assert_eq!(registration.journal_cursor, Some(id("journal.8")));
}

#[test]
fn the_event_that_was_there_first_wins_over_what_the_registration_brings_about() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w0", "r3", on(EventKind::AgentPoolRunJoined));
    suspend(&world, "w1", "r1", on_run(WakeConditionRegistered, "r2"));
    // `w0` was triggered (event 6); registering `w2` triggers `w1` as well.
    suspend(&world, "w2", "r2", on(WakeConditionTriggered));
    let story = world.journal.story();
    assert!(story.contains(&"triggered w0 by 2".to_owned()));
    assert!(story.contains(&"triggered w1 by 8".to_owned()));
    assert!(story.contains(&"triggered w2 by 6".to_owned()), "{story:?}");
}

#[test]
fn on_message_leaves_what_becomes_of_wakes_to_a_poll() {
    let world = world(WakeMatching::OnMessage);
    suspend(&world, "w1", "r1", on(RunMessageAccepted));
    suspend(&world, "w2", "r2", on_run(WakeConditionTriggered, "r1"));
    suspend(&world, "w3", "r1", on_run(WakeConditionRegistered, "r3"));
    suspend(&world, "w4", "r3", on(WakeConditionCancelled));
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    assert_eq!(
        since(&world, 4),
        [
            "accepted m1 for r2",
            "triggered w1 by 9",
            "delivered m1 for r2"
        ]
    );
    for (condition_id, ending) in [("w2", "triggered w2 by 10"), ("w3", "triggered w3 by 8")] {
        done(world.pool.poll_wake(&condition(condition_id)));
        assert_eq!(world.journal.story().last().unwrap(), ending);
    }
}
