//! D7: cancelling a wake that has ended returns the registration as it is and records nothing.

use agent_pool::{
    domain::ErrorCode,
    pool::{WakeCondition, WakeRegistrationStatus},
    record::EventKind,
};

use crate::host::*;

fn world() -> World {
    let world = World::at(1_000);
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world
}

/// One wake for each way in which a wake can end. All have ended.
fn ended_in_every_way(world: &World) -> Vec<(WakeCondition, WakeRegistrationStatus)> {
    let found = wake("w.found", "r1", on(EventKind::AgentPoolRunJoined));
    let pushed = wake("w.pushed", "r1", on(EventKind::RunMessageAccepted));
    let at_once = wake("w.at_once", "r1", on(EventKind::RunMessageFailed)).timeout_millis(0);
    let late = wake("w.late", "r1", on(EventKind::RunMessageFailed)).timeout_millis(5);
    let cancelled = wake("w.cancelled", "r1", on(EventKind::RunMessageFailed));
    for condition in [&found, &pushed, &at_once, &late, &cancelled] {
        done(world.pool.suspend_until(run("r1"), condition.clone()));
    }
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    world.clock.advance(5);
    done(world.pool.poll_wake(&late.condition_id));
    done(world.pool.cancel_wake(&cancelled.condition_id));
    vec![
        (found, WakeRegistrationStatus::Triggered),
        (pushed, WakeRegistrationStatus::Triggered),
        (at_once, WakeRegistrationStatus::TimedOut),
        (late, WakeRegistrationStatus::TimedOut),
        (cancelled, WakeRegistrationStatus::Cancelled),
    ]
}

#[test]
fn d07_cancelling_an_ended_wake_answers_how_it_ended_and_records_nothing() {
    let world = world();
    for (condition, status) in ended_in_every_way(&world) {
        let id = &condition.condition_id;
        let polled = done(world.pool.poll_wake(id));
        let extent = world.extent();
        let cancelled = done(world.pool.cancel_wake(id));
        assert_eq!(cancelled, polled);
        assert_eq!(cancelled.status, status);
        assert_eq!(world.extent(), extent);
    }
    world.assert_sound();
}

#[test]
fn d07_that_holds_while_the_run_is_away_and_while_the_journal_fails() {
    let world = world();
    let ended = ended_in_every_way(&world);
    done(world.pool.leave_run(&run("r1")));
    for (condition, status) in ended {
        world.journal.replies.fail_after(0);
        let cancelled = done(world.pool.cancel_wake(&condition.condition_id));
        assert_eq!(cancelled.status, status);
    }
}

#[test]
fn d07_an_ended_wake_is_not_armed_again_by_the_same_condition() {
    let world = world();
    for (condition, status) in ended_in_every_way(&world) {
        let extent = world.extent();
        let again = done(world.pool.suspend_until(run("r1"), condition));
        assert_eq!(again.status, status);
        assert_eq!(world.extent(), extent);
    }
}

#[test]
fn d07_a_cancelling_that_the_journal_rejected_happens_at_a_retry() {
    let world = world();
    let waiting = wake("w1", "r1", on(EventKind::RunMessageFailed));
    done(world.pool.suspend_until(run("r1"), waiting));
    world.journal.replies.fail_after(0);
    assert_eq!(
        refused(world.pool.cancel_wake(&condition("w1"))),
        ErrorCode::JournalRejected
    );
    let still = done(world.pool.poll_wake(&condition("w1")));
    assert_eq!(still.status, WakeRegistrationStatus::Registered);
    let cancelled = done(world.pool.cancel_wake(&condition("w1")));
    assert_eq!(cancelled.status, WakeRegistrationStatus::Cancelled);
    assert_eq!(cancelled.journal_cursor, Some(id("journal.5")));
    world.assert_sound();
}

#[test]
fn d07_a_wake_that_nobody_registered_cannot_be_cancelled() {
    let world = world();
    let error = error_of(world.pool.cancel_wake(&condition("w9")));
    assert_eq!(error.code, ErrorCode::WakeNotRegistered);
    assert_eq!(error.ids.condition_id, Some(condition("w9")));
}
