//! D2, and DESIGN 3: a retry also ends the wakes that an event which is already in the journal should have ended.

use agent_pool::{
    pool::{MessageStatus, WakeRegistrationStatus},
    record::{EventFilter, EventKind},
};

use crate::host::*;

/// `r1`, which sends, and `r2` and `r3`, which wait. There are four records, and one more for each wake.
fn world() -> World {
    let world = World::new();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2"), ("r3", "ag3")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world
}

fn suspend(world: &World, condition_id: &str, run_id: &str, filter: EventFilter) {
    let condition = wake(condition_id, run_id, filter);
    done(world.pool.suspend_until(run(run_id), condition));
}

fn status_of(world: &World, condition_id: &str) -> WakeRegistrationStatus {
    let snapshot = world.snapshot();
    let wake = snapshot
        .wakes
        .iter()
        .find(|wake| wake.condition.condition_id.as_str() == condition_id);
    wake.expect("the wake is known").registration.status
}

/// Asserts that the calls' own transitions happened in this order, and the ends of wakes in any place among them: it is
/// not promised whether another call or the retry records those.
#[track_caller]
fn assert_happened(story: &[String], calls: &[&str], wakes: &[&str]) {
    let is_wake = |line: &&String| line.starts_with("triggered");
    let (among, own): (Vec<_>, Vec<_>) = story.iter().partition(is_wake);
    assert_eq!(own, calls);
    assert_eq!(among, wakes);
}

#[test]
fn d02_a_status_recorded_again_triggers_the_wakes_that_it_should_have() {
    let world = world();
    suspend(&world, "w1", "r2", on(EventKind::RunMessageResponded));
    suspend(&world, "w2", "r3", on(EventKind::RunMessageResponded));
    let answered = || message("m1", "r1", to_run("r2"));
    let respond = || {
        let pool = &world.pool;
        pool.record_message_status(answered(), MessageStatus::Responded, vec![run("r2")])
    };
    world.journal.replies.fail_after(1);
    refused(respond());
    world.journal.replies.fail_after(1);
    refused(respond());
    let receipt = done(respond());
    assert_eq!(receipt.status, MessageStatus::Responded);
    assert_eq!(
        world.journal.story()[6..],
        [
            "responded m1 for r2",
            "triggered w1 by 7",
            "triggered w2 by 7"
        ]
    );
    world.assert_sound();
}

#[test]
fn d02_wakes_that_wait_for_what_becomes_of_wakes_are_made_up_for_too() {
    let world_with_a_chain = || {
        let world = world();
        suspend(&world, "w1", "r2", on(EventKind::RunMessageAccepted));
        suspend(
            &world,
            "w2",
            "r3",
            on_run(EventKind::WakeConditionTriggered, "r2"),
        );
        world
    };
    let send = [
        "accepted m1 for r2",
        "triggered w1 by 7",
        "triggered w2 by 8",
        "delivered m1 for r2",
    ];
    for failing in 0..send.len() {
        let world = world_with_a_chain();
        world.journal.replies.fail_after(failing);
        refused(world.pool.send(message("m1", "r1", to_run("r2"))));
        done(world.pool.send(message("m1", "r1", to_run("r2"))));
        assert_eq!(world.journal.story()[6..], send, "append {failing} failed");
        world.assert_sound();
    }
}

#[test]
fn d02_a_wake_of_wakes_is_made_up_for_by_the_one_that_ended_first() {
    let send = [
        "accepted m1 for r2",
        "triggered w1 by 8",
        "triggered w2 by 8",
        "triggered w3 by 9",
        "delivered m1 for r2",
    ];
    for failing in 0..send.len() {
        let world = world();
        suspend(&world, "w1", "r1", on(EventKind::RunMessageAccepted));
        suspend(&world, "w2", "r2", on(EventKind::RunMessageAccepted));
        suspend(&world, "w3", "r3", on(EventKind::WakeConditionTriggered));
        world.journal.replies.fail_after(failing);
        refused(world.pool.send(message("m1", "r1", to_run("r2"))));
        done(world.pool.send(message("m1", "r1", to_run("r2"))));
        assert_eq!(world.journal.story()[7..], send, "append {failing} failed");
        world.assert_sound();
    }
}

#[test]
fn d02_a_wake_is_made_up_for_by_the_event_as_it_was_journaled() {
    let world = world();
    suspend(
        &world,
        "w1",
        "r2",
        EventFilter {
            agent_ids: [id("ag1")].into_iter().collect(),
            ..on(EventKind::RunMessageAccepted)
        },
    );
    world.journal.replies.fail_after(1);
    refused(world.pool.send(message("m1", "r1", to_run("r2"))));
    // The sender is of another agent by now, but the event is still one of agent `ag1`.
    done(world.pool.join_run(member("r1", "ag9")));
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    assert_happened(
        &world.journal.story()[5..],
        &["accepted m1 for r2", "run_joined r1", "delivered m1 for r2"],
        &["triggered w1 by 6"],
    );
}

#[test]
fn d02_a_wake_whose_run_was_away_when_the_event_happened_is_not_made_up_for() {
    let world = world();
    suspend(&world, "w1", "r2", on(EventKind::RunMessageAccepted));
    suspend(&world, "w2", "r3", on(EventKind::RunMessageAccepted));
    done(world.pool.leave_run(&run("r2")));
    world.journal.replies.fail_after(1);
    refused(world.pool.send(message("m1", "r1", to_run("r3"))));
    done(world.pool.join_run(member("r2", "ag2")));
    done(world.pool.send(message("m1", "r1", to_run("r3"))));
    assert_happened(
        &world.journal.story()[7..],
        &["accepted m1 for r3", "run_joined r2", "delivered m1 for r3"],
        &["triggered w2 by 8"],
    );
    assert_eq!(status_of(&world, "w1"), WakeRegistrationStatus::Registered);
}

#[test]
fn d02_a_registration_that_failed_on_the_way_is_finished_by_a_retry() {
    // The wakes end by an older event, by their own registration, or by a timeout of 0.
    let conditions = [
        (
            wake("w1", "r2", on(EventKind::AgentPoolRunJoined)),
            "triggered w1 by 2",
        ),
        (
            wake("w1", "r2", on(EventKind::WakeConditionRegistered)),
            "triggered w1 by 5",
        ),
        (
            wake("w1", "r2", on(EventKind::RunMessageFailed)).timeout_millis(0),
            "timed_out w1",
        ),
    ];
    for (condition, ending) in conditions {
        for failing in 0..2 {
            let world = world();
            let suspend = || world.pool.suspend_until(run("r2"), condition.clone());
            world.journal.replies.fail_after(failing);
            refused(suspend());
            let registration = done(suspend());
            assert!(registration.status.is_ended());
            assert_eq!(world.journal.story()[4..], ["registered w1", ending]);
            assert_eq!(done(suspend()), registration);
            world.assert_sound();
        }
    }
}

#[test]
fn d02_a_registration_made_again_triggers_the_wakes_of_others_that_waited_for_it() {
    for failing in 0..2 {
        let world = world();
        suspend(
            &world,
            "w1",
            "r2",
            on_run(EventKind::WakeConditionRegistered, "r3"),
        );
        let suspend = || {
            let condition = wake("w2", "r3", on(EventKind::RunMessageFailed));
            world.pool.suspend_until(run("r3"), condition)
        };
        world.journal.replies.fail_after(failing);
        refused(suspend());
        done(suspend());
        assert_eq!(
            world.journal.story()[5..],
            ["registered w2", "triggered w1 by 6"],
            "append {failing} failed"
        );
        world.assert_sound();
    }
}

#[test]
fn d02_a_cancelling_made_again_triggers_the_wakes_of_others_that_waited_for_it() {
    for failing in 0..2 {
        let world = world();
        suspend(&world, "w1", "r2", on(EventKind::WakeConditionCancelled));
        suspend(&world, "w2", "r3", on(EventKind::RunMessageFailed));
        world.journal.replies.fail_after(failing);
        refused(world.pool.cancel_wake(&condition("w2")));
        done(world.pool.cancel_wake(&condition("w2")));
        assert_eq!(
            world.journal.story()[6..],
            ["cancelled w2", "triggered w1 by 7"],
            "append {failing} failed"
        );
        world.assert_sound();
    }
}

#[test]
fn d02_a_leaving_that_failed_after_it_was_journaled_has_its_consequences_too() {
    let world = world();
    suspend(&world, "w1", "r2", on(EventKind::AgentPoolRunLeft));
    world.journal.replies.fail_after(1);
    refused(world.pool.leave_run(&run("r3")));
    // The run is no member any more, but a wake that waited for its leaving is triggered.
    refused(world.pool.leave_run(&run("r3")));
    assert_eq!(
        world.journal.story()[5..],
        ["run_left r3", "triggered w1 by 6"]
    );
    world.assert_sound();
}

#[test]
fn d02_what_is_made_up_for_happens_once_whatever_else_is_called_in_between() {
    let world = world();
    suspend(&world, "w1", "r2", on(EventKind::RunMessageAccepted));
    world.journal.replies.fail_after(1);
    refused(world.pool.send(message("m1", "r1", to_run("r2"))));
    done(world.pool.poll_wake(&condition("w1")));
    done(world.pool.send(message("m2", "r1", to_run("r2"))));
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    assert_happened(
        &world.journal.story()[5..],
        &[
            "accepted m1 for r2",
            "accepted m2 for r2",
            "delivered m2 for r2",
            "delivered m1 for r2",
        ],
        &["triggered w1 by 6"],
    );
    world.assert_sound();
}

#[test]
fn d02_a_made_up_wake_whose_time_is_over_by_then_times_out() {
    let world = World::at(1_000);
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    let condition = wake("w1", "r2", on(EventKind::RunMessageAccepted)).timeout_millis(500);
    done(world.pool.suspend_until(run("r2"), condition));
    world.journal.replies.fail_after(1);
    refused(world.pool.send(message("m1", "r1", to_run("r2"))));
    world.clock.advance(500);
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    assert_eq!(
        world.journal.story()[4..],
        ["accepted m1 for r2", "timed_out w1", "delivered m1 for r2"]
    );
    world.assert_sound();
}
