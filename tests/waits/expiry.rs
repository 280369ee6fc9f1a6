//! When a message is too late to be delivered: at the millisecond it names, and from then on.

use agent_pool::{
    pool::{MessageStatus, RunAddress, RunMessage},
    record::EventKind,
};

use crate::host::*;

const NOW: u64 = 1_000_000;

fn world() -> World {
    let world = World::at(NOW);
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world
}

fn expiring(message_id: &str, to: RunAddress, expires_at_millis: u64) -> RunMessage {
    RunMessage {
        expires_at_millis: Some(expires_at_millis),
        ..message(message_id, "r1", to)
    }
}

#[test]
fn a_message_expires_at_the_millisecond_it_names_and_not_before() {
    let world = world();
    for (message_id, expires_at, status) in [
        ("m.zero", 0, MessageStatus::Expired),
        ("m.past", NOW - 1, MessageStatus::Expired),
        ("m.now", NOW, MessageStatus::Expired),
        ("m.next", NOW + 1, MessageStatus::Delivered),
        ("m.never", u64::MAX, MessageStatus::Delivered),
    ] {
        let receipt = done(
            world
                .pool
                .send(expiring(message_id, to_run("r2"), expires_at)),
        );
        assert_eq!(receipt.status, status, "{message_id}");
        assert_eq!(
            receipt.delivered_to.is_empty(),
            status == MessageStatus::Expired
        );
    }
    world.assert_sound();
}

#[test]
fn what_counts_is_the_clock_when_the_message_is_sent() {
    let world = world();
    world.clock.set(NOW + 500);
    let late = done(world.pool.send(expiring("m1", to_run("r2"), NOW + 500)));
    assert_eq!(late.status, MessageStatus::Expired);
    world.clock.set(NOW + 499);
    let in_time = done(world.pool.send(expiring("m2", to_run("r2"), NOW + 500)));
    assert_eq!(in_time.status, MessageStatus::Delivered);
}

#[test]
fn that_it_expired_wins_over_that_nobody_would_receive_it_and_goes_without_accepted() {
    let world = world();
    let receipt = done(world.pool.send(expiring("m1", to_run("r9"), NOW)));
    assert_eq!(receipt.status, MessageStatus::Expired);
    assert_eq!(world.journal.story()[3..], ["expired m1"]);
}

#[test]
fn a_message_that_expired_stays_expired_and_one_that_was_delivered_stays_delivered() {
    let world = world();
    let (late, early) = (
        expiring("m1", to_run("r2"), NOW),
        expiring("m2", to_run("r2"), NOW + 1),
    );
    let expired = done(world.pool.send(late.clone()));
    let delivered = done(world.pool.send(early.clone()));
    world.clock.set(NOW - 5);
    assert_eq!(done(world.pool.send(late)), expired);
    world.clock.set(NOW + 5);
    assert_eq!(done(world.pool.send(early)), delivered);
    assert_eq!(world.journal.len(), 6);
}

#[test]
fn a_message_that_was_accepted_in_time_is_delivered_by_a_retry_after_its_time() {
    let world = world();
    let sent = expiring("m1", to_run("r2"), NOW + 10);
    world.journal.replies.fail_after(1);
    refused(world.pool.send(sent.clone()));
    world.clock.advance(10);
    let receipt = done(world.pool.send(sent));
    assert_eq!(receipt.status, MessageStatus::Delivered);
    assert_eq!(*receipt.delivered_to, [run("r2")]);
}

#[test]
fn a_message_that_never_began_expires_if_it_is_called_again_too_late() {
    let world = world();
    let sent = expiring("m1", to_run("r2"), NOW + 10);
    world.journal.replies.fail_after(0);
    refused(world.pool.send(sent.clone()));
    world.clock.advance(10);
    assert_eq!(done(world.pool.send(sent)).status, MessageStatus::Expired);
}

#[test]
fn a_sender_that_is_no_member_is_told_so_even_if_the_message_expired() {
    let world = world();
    let sent = RunMessage {
        from: run("r9"),
        ..expiring("m1", to_run("r2"), 0)
    };
    assert_eq!(refused(world.pool.send(sent)).as_str(), "sender_not_member");
    assert_eq!(world.journal.len(), 3);
}

#[test]
fn an_expired_message_wakes_those_who_wait_for_that() {
    let world = world();
    let waiting = wake("w1", "r2", on(EventKind::RunMessageExpired));
    done(world.pool.suspend_until(run("r2"), waiting));
    done(world.pool.send(expiring("m1", to_run("r2"), NOW)));
    assert_eq!(
        world.journal.story()[4..],
        ["expired m1", "triggered w1 by 5"]
    );
}
