//! In logical time now is always 0: only an expiry or a timeout of 0 is due.

use agent_pool::{
    pool::{MessageStatus, RunMessage, WakeRegistrationStatus},
    record::EventKind,
};
use serde_json::json;

use crate::host::*;

fn world() -> World {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    world
}

#[test]
fn only_an_expiry_of_0_is_due() {
    let world = world();
    for (message_id, expires_at, status) in [
        ("m0", 0, MessageStatus::Expired),
        ("m1", 1, MessageStatus::Delivered),
        ("m2", 1_000, MessageStatus::Delivered),
    ] {
        let sent = RunMessage {
            expires_at_millis: Some(expires_at),
            ..message(message_id, "r1", to_run("r1"))
        };
        assert_eq!(done(world.pool.send(sent)).status, status);
    }
}

#[test]
fn only_a_timeout_of_0_is_due_and_others_have_no_deadline() {
    let world = world();
    for (condition_id, timeout, status) in [
        ("w0", 0, WakeRegistrationStatus::TimedOut),
        ("w1", 1, WakeRegistrationStatus::Registered),
    ] {
        let waiting = wake(condition_id, "r1", on(EventKind::RunMessageFailed));
        let suspended = world
            .pool
            .suspend_until(run("r1"), waiting.timeout_millis(timeout));
        assert_eq!(done(suspended).status, status);
        let polled = done(world.pool.poll_wake(&condition(condition_id)));
        assert_eq!(polled.status, status);
    }
    // A thousand events later it still waits.
    for number in 0..500 {
        done(
            world
                .pool
                .send(message(&format!("m{number}"), "r1", to_run("r1"))),
        );
    }
    let polled = done(world.pool.poll_wake(&condition("w1")));
    assert_eq!(polled.status, WakeRegistrationStatus::Registered);
    assert!(
        !json!(world.history())
            .to_string()
            .contains("deadline_millis")
    );
}

#[test]
fn the_same_operations_give_the_same_bytes_every_time() {
    let written = || {
        let world = world();
        let waiting = wake("w1", "r1", on(EventKind::RunMessageDelivered)).timeout_millis(7);
        done(world.pool.suspend_until(run("r1"), waiting));
        done(world.pool.send(message("m1", "r1", to_run("r1"))));
        done(world.pool.leave_run(&run("r1")));
        let everything = json!([world.journal.records(), world.bus.taken(), world.history()]);
        everything.to_string()
    };
    assert_eq!(written(), written());
}
