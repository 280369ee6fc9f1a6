//! D3: a wake whose run left stays registered and is passed over while the run is away; it can be cancelled.

use agent_pool::{
    domain::ErrorCode,
    pool::{MessageStatus, WakeCondition, WakeRegistration, WakeRegistrationStatus},
    record::EventKind,
};

use crate::host::*;

/// `r2` waits for deliveries and has left.
fn world() -> World {
    let world = World::at(1_000);
    done(world.pool.join_run(member("r1", "ag1")));
    done(world.pool.join_run(member("r2", "ag2")));
    done(world.pool.join_run(member("r3", "ag3")));
    done(world.pool.suspend_until(run("r2"), waiting()));
    done(world.pool.leave_run(&run("r2")));
    world
}

fn waiting() -> WakeCondition {
    wake("w1", "r2", on(EventKind::RunMessageDelivered)).timeout_millis(500)
}

fn registration(world: &World) -> WakeRegistration {
    world.snapshot().wakes[0].registration.clone()
}

/// What was journaled after the world was set up.
fn since_setup(world: &World) -> Vec<String> {
    world.journal.story().split_off(6)
}

#[test]
fn d03_others_send_as_if_the_wake_were_not_there() {
    let world = world();
    let before = registration(&world);
    let receipt = done(world.pool.send(message("m1", "r1", to_run("r3"))));
    assert_eq!(receipt.status, MessageStatus::Delivered);
    assert_eq!(
        since_setup(&world),
        ["accepted m1 for r3", "delivered m1 for r3"]
    );
    assert_eq!(registration(&world), before);
    assert_eq!(before.status, WakeRegistrationStatus::Registered);
    world.assert_sound();
}

#[test]
fn d03_once_the_run_is_back_the_next_event_triggers_the_wake_in_the_name_of_its_agent_as_it_is_now()
{
    let world = world();
    done(world.pool.join_run(member("r2", "ag9")));
    done(world.pool.send(message("m1", "r1", to_run("r3"))));
    assert_eq!(
        since_setup(&world),
        [
            "run_joined r2",
            "accepted m1 for r3",
            "delivered m1 for r3",
            "triggered w1 by 9"
        ]
    );
    let records = world.journal.records();
    assert_eq!(records.last().unwrap().agent_id.as_str(), "ag9");
}

#[test]
fn d03_what_happened_while_the_run_was_away_is_found_by_a_poll_once_it_is_back() {
    let world = world();
    done(world.pool.send(message("m1", "r1", to_run("r3"))));
    done(world.pool.join_run(member("r2", "ag2")));
    assert_eq!(
        registration(&world).status,
        WakeRegistrationStatus::Registered
    );
    let polled = done(world.pool.poll_wake(&condition("w1")));
    assert_eq!(polled.status, WakeRegistrationStatus::Triggered);
    assert_eq!(since_setup(&world).last().unwrap(), "triggered w1 by 8");
}

#[test]
fn d03_polled_while_its_run_is_away_the_wake_answers_as_it_is() {
    let world = world();
    done(world.pool.send(message("m1", "r1", to_run("r3"))));
    let extent = world.extent();
    let polled = done(world.pool.poll_wake(&condition("w1")));
    assert_eq!(polled, registration(&world));
    assert_eq!(polled.status, WakeRegistrationStatus::Registered);
    assert_eq!(world.extent(), extent);
}

#[test]
fn d03_its_time_runs_out_while_its_run_is_away() {
    let world = world();
    world.clock.advance(500);
    let polled = done(world.pool.poll_wake(&condition("w1")));
    assert_eq!(polled.status, WakeRegistrationStatus::TimedOut);
    let records = world.journal.records();
    assert_eq!(since_setup(&world), ["timed_out w1"]);
    assert_eq!(records.last().unwrap().agent_id.as_str(), "ag2");
    world.assert_sound();
}

#[test]
fn d03_it_can_be_cancelled_while_its_run_is_away_in_the_name_of_the_agent_that_the_run_had() {
    let world = world();
    let cancelled = done(world.pool.cancel_wake(&condition("w1")));
    assert_eq!(cancelled.status, WakeRegistrationStatus::Cancelled);
    let records = world.journal.records();
    assert_eq!(since_setup(&world), ["cancelled w1"]);
    let record = records.last().unwrap();
    assert_eq!(
        (record.run_id.as_str(), record.agent_id.as_str()),
        ("r2", "ag2")
    );
    // It stays cancelled when the run comes back.
    done(world.pool.join_run(member("r2", "ag2")));
    done(world.pool.send(message("m1", "r1", to_run("r3"))));
    assert_eq!(registration(&world), cancelled);
    world.assert_sound();
}

#[test]
fn d03_registered_again_while_its_run_is_away_it_answers_its_registration_and_a_new_one_is_refused()
{
    let world = world();
    let extent = world.extent();
    let again = done(world.pool.suspend_until(run("r2"), waiting()));
    assert_eq!(again, registration(&world));
    let another = wake("w2", "r2", on(EventKind::RunMessageDelivered));
    assert_eq!(
        refused(world.pool.suspend_until(run("r2"), another)),
        ErrorCode::NotAMember
    );
    assert_eq!(world.extent(), extent);
}

#[test]
fn d03_wakes_of_members_are_triggered_all_the_same() {
    let world = world();
    for condition_id in ["w0", "w2"] {
        let condition = wake(condition_id, "r3", on(EventKind::RunMessageDelivered));
        done(world.pool.suspend_until(run("r3"), condition));
    }
    done(world.pool.send(message("m1", "r1", to_run("r3"))));
    assert_eq!(
        since_setup(&world)[2..],
        [
            "accepted m1 for r3",
            "delivered m1 for r3",
            "triggered w0 by 10",
            "triggered w2 by 10"
        ]
    );
    world.assert_sound();
}

#[test]
fn d03_a_run_that_leaves_is_not_woken_by_its_own_leaving() {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    done(world.pool.join_run(member("r2", "ag2")));
    for run_id in ["r1", "r2"] {
        let condition = wake(
            &format!("w.{run_id}"),
            run_id,
            on(EventKind::AgentPoolRunLeft),
        );
        done(world.pool.suspend_until(run(run_id), condition));
    }
    done(world.pool.leave_run(&run("r2")));
    assert_eq!(
        world.journal.story()[5..],
        ["run_left r2", "triggered w.r1 by 6"]
    );
}
