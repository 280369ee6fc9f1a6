//! D2: a send that failed half-way is finished by sending the same message again: for the same receivers, and nothing
//! twice.

use agent_pool::{
    domain::ErrorCode,
    pool::{MessageStatus, RunMessage, WakeRegistrationStatus},
    record::EventKind,
};

use crate::host::*;

/// What a send to the topic records when nothing fails: the ends of both wakes that wait for `accepted`, and of the one
/// that waits for `delivered`.
const SEND: [&str; 5] = [
    "accepted m1 for r2 r3",
    "triggered w1 by 8",
    "triggered w2 by 8",
    "delivered m1 for r2 r3",
    "triggered w3 by 11",
];

/// `r1`, and `r2` and `r3`, which listen to topic `t1` and wait for messages.
fn world() -> World {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    done(world.pool.join_run(member("r2", "ag2").topic(id("t1"))));
    done(world.pool.join_run(member("r3", "ag3").topic(id("t1"))));
    for (condition_id, run_id, kind) in [
        ("w1", "r2", EventKind::RunMessageAccepted),
        ("w2", "r3", EventKind::RunMessageAccepted),
        ("w3", "r2", EventKind::RunMessageDelivered),
    ] {
        let condition = wake(condition_id, run_id, on(kind));
        done(world.pool.suspend_until(run(run_id), condition));
    }
    world
}

fn to_the_topic() -> RunMessage {
    message("m1", "r1", to_topic("t1"))
}

/// What was journaled after the world was set up.
fn since_setup(world: &World) -> Vec<String> {
    world.journal.story().split_off(7)
}

#[test]
fn d02_a_send_that_failed_at_any_record_is_finished_by_a_retry_as_if_nothing_had_failed() {
    let undisturbed = world();
    let expected = done(undisturbed.pool.send(to_the_topic()));
    assert_eq!(since_setup(&undisturbed), SEND);

    for failing in 0..SEND.len() {
        let world = world();
        world.journal.replies.fail_after(failing);
        let error = error_of(world.pool.send(to_the_topic()));
        assert_eq!(error.code, ErrorCode::JournalRejected);
        assert_eq!(thrown(&error), Some(&PortFault(JOURNAL_FAULT)));
        let record_id = format!("journal.record.agent_pool.{}", 8 + failing);
        assert_eq!(error.ids.record_id.as_deref(), Some(&*record_id));
        assert_eq!(since_setup(&world), SEND[..failing], "what happened stays");

        assert_eq!(done(world.pool.send(to_the_topic())), expected);
        assert_eq!(world.journal.records(), undisturbed.journal.records());
        assert_eq!(world.bus.taken(), undisturbed.bus.taken());
        assert_eq!(world.history(), undisturbed.history());
        assert_eq!(world.snapshot(), undisturbed.snapshot());
        world.assert_sound();
    }
}

#[test]
fn d02_every_retry_goes_on_where_the_last_one_failed() {
    let world = world();
    for failing in 0..SEND.len() {
        world.journal.replies.fail_after(usize::from(failing > 0));
        refused(world.pool.send(to_the_topic()));
        assert_eq!(since_setup(&world), SEND[..failing]);
    }
    world.journal.replies.are([]);
    let receipt = done(world.pool.send(to_the_topic()));
    assert_eq!(receipt.status, MessageStatus::Delivered);
    assert_eq!(since_setup(&world), SEND);
    world.assert_sound();
}

#[test]
fn d02_a_send_that_was_finished_is_not_sent_again() {
    let world = world();
    world.journal.replies.fail_after(3);
    refused(world.pool.send(to_the_topic()));
    let receipt = done(world.pool.send(to_the_topic()));
    let extent = world.extent();
    assert_eq!(done(world.pool.send(to_the_topic())), receipt);
    assert_eq!(world.extent(), extent);
}

#[test]
fn d02_the_receivers_are_those_it_was_accepted_for_whoever_joined_or_left_since() {
    let world = world();
    world.journal.replies.fail_after(3);
    refused(world.pool.send(to_the_topic()));
    done(world.pool.leave_run(&run("r3")));
    done(world.pool.join_run(member("r2", "ag2")));
    done(world.pool.join_run(member("r4", "ag4").topic(id("t1"))));

    let receipt = done(world.pool.send(to_the_topic()));
    assert_eq!(receipt.status, MessageStatus::Delivered);
    assert_eq!(*receipt.delivered_to, [run("r2"), run("r3")]);
    let story = world.journal.story();
    assert_eq!(story[13], "delivered m1 for r2 r3");
    world.assert_sound();
}

#[test]
fn d02_a_send_that_failed_at_accepted_is_resolved_anew() {
    let world = world();
    world.journal.replies.fail_after(0);
    refused(world.pool.send(to_the_topic()));
    done(world.pool.leave_run(&run("r3")));
    let receipt = done(world.pool.send(to_the_topic()));
    assert_eq!(*receipt.delivered_to, [run("r2")]);
    world.assert_sound();
}

#[test]
fn d02_a_single_transition_that_failed_happens_at_a_retry() {
    for (expires_at_millis, status) in [
        (Some(0), MessageStatus::Expired),
        (None, MessageStatus::Failed),
    ] {
        let world = world();
        let to_nobody = RunMessage {
            expires_at_millis,
            ..message("m2", "r1", to_run("r9"))
        };
        world.journal.replies.fail_after(0);
        refused(world.pool.send(to_nobody.clone()));
        assert_eq!(done(world.pool.send(to_nobody)).status, status);
        assert_eq!(since_setup(&world), [format!("{status} m2")]);
        world.assert_sound();
    }
}

#[test]
fn d02_another_handle_finishes_it_as_well() {
    let world = world();
    world.journal.replies.fail_after(3);
    refused(world.pool.send(to_the_topic()));
    let other = world.handle();
    let receipt = done(other.send(to_the_topic()));
    assert_eq!(receipt.status, MessageStatus::Delivered);
    assert_eq!(since_setup(&world), SEND);
    // The other handle counts its own records (REFERENCE 40); the pool counts its events.
    let records = world.journal.records();
    assert_eq!(records[10].journal_seq, 1);
    assert_eq!(world.bus.story()[10], "11 run_message_delivered m1");
}

#[test]
fn d02_a_pool_rebuilt_from_its_records_finishes_it_as_well() {
    for failing in 1..SEND.len() {
        let world = world();
        world.journal.replies.fail_after(failing);
        refused(world.pool.send(to_the_topic()));
        let world = world.restarted();
        let receipt = done(world.pool.send(to_the_topic()));
        assert_eq!(receipt.status, MessageStatus::Delivered);
        assert_eq!(*receipt.delivered_to, [run("r2"), run("r3")]);
        // Wakes that the events before the restart should have triggered are found by a poll at the latest.
        for condition_id in ["w1", "w2", "w3"] {
            let polled = done(world.pool.poll_wake(&condition(condition_id)));
            assert_eq!(polled.status, WakeRegistrationStatus::Triggered);
        }
        let mut happened = since_setup(&world);
        happened.sort_unstable();
        let delivered = happened.iter().filter(|line| line.starts_with("delivered"));
        assert_eq!(delivered.count(), 1);
        assert_eq!(happened.len(), SEND.len(), "nothing happens twice");
    }
}

#[test]
fn d02_a_sender_that_left_finishes_it_once_it_is_back() {
    let world = world();
    world.journal.replies.fail_after(1);
    refused(world.pool.send(to_the_topic()));
    done(world.pool.leave_run(&run("r1")));
    let error = error_of(world.pool.send(to_the_topic()));
    assert_eq!(error.code, ErrorCode::SenderNotMember);
    done(world.pool.join_run(member("r1", "ag1")));
    let receipt = done(world.pool.send(to_the_topic()));
    assert_eq!(receipt.status, MessageStatus::Delivered);
    assert_eq!(*receipt.delivered_to, [run("r2"), run("r3")]);
    world.assert_sound();
}
