//! A key in flight: a later call with it returns the outcome of the first call, or waits for it.

use agent_pool::{domain::ErrorCode, pool::MessageStatus};
use serde_json::json;

use crate::flights::*;
use crate::host::*;

#[test]
fn the_later_call_is_answered_with_the_receipt_of_the_first() {
    for batching in [false, true] {
        let (world, other, tasks) = world();
        world.journal.batching.set(batching);
        let (taken, first) = send_slowly(&tasks, &world, m1());
        let later = send(&tasks, &other, m1());
        taken.give();
        tasks.run();
        let receipt = first.take().expect("it is sent");
        assert_eq!(later.take().expect("it is known"), receipt);
        assert_eq!(receipt["status"], "delivered");
        assert_eq!(world.journal.len(), BEFORE + 2);
    }
}

#[test]
fn it_is_answered_with_the_error_of_the_first_and_the_journal_is_not_asked_again() {
    for batching in [false, true] {
        let (world, other, tasks) = world();
        world.journal.batching.set(batching);
        let failing = Signal::default();
        world
            .journal
            .replies
            .are([Reply::RejectedOn(failing.clone())]);
        let first = send(&tasks, &world.pool, m1());
        let later = send(&tasks, &other, m1());
        failing.give();
        tasks.run();
        for failed in [first, later] {
            let error = failed.take().expect_err("the journal rejected it");
            assert_eq!(error.code, ErrorCode::JournalRejected);
            assert_eq!(thrown(&error), Some(&PortFault(JOURNAL_FAULT)));
        }
        assert_eq!(world.journal.attempts(), BEFORE + 1);
        let sent = send(&tasks, &world.pool, m1());
        tasks.run();
        assert_eq!(
            sent.take().expect("a retry succeeds")["status"],
            "delivered"
        );
    }
}

#[test]
fn another_message_of_another_run_under_that_key_waits_for_the_first_and_is_a_conflict() {
    let (world, _, tasks) = world();
    let (taken, first) = send_slowly(&tasks, &world, m1());
    let conflicting = send(&tasks, &world.pool, with_its_key("m2", "r2"));
    // The conflicting send keeps its lane while it waits, so the next message of r2 waits too.
    let after = send(&tasks, &world.pool, message("m3", "r2", to_run("r1")));
    tasks.run();
    assert!(!conflicting.is_there() && !after.is_there());
    assert_sent_and_refused(&tasks, &taken, &first, &conflicting);
    after.take().expect("it is sent");
}

#[test]
fn it_is_sent_if_the_first_failed() {
    let (world, _, tasks) = world();
    let failing = Signal::default();
    world
        .journal
        .replies
        .are([Reply::RejectedOn(failing.clone())]);
    let first = send(&tasks, &world.pool, m1());
    let sent = send(&tasks, &world.pool, with_its_key("m2", "r2"));
    failing.give();
    tasks.run();
    first.take().expect_err("the journal rejected it");
    sent.take().expect("the key is free");
}

#[test]
fn a_key_is_the_seconds_once_the_first_has_failed() {
    let (world, _, tasks) = world();
    let (failing, taken) = (Signal::default(), Signal::default());
    let replies = [Reply::RejectedOn(failing.clone()), Reply::On(taken.clone())];
    world.journal.replies.are(replies);
    let first = send(&tasks, &world.pool, m1());
    let second = send(&tasks, &world.pool, with_its_key("m2", "r2"));
    failing.give();
    tasks.run();
    first.take().expect_err("the journal rejected it");
    // r3 is no member, but the key is looked at first, as always.
    let third = send(&tasks, &world.pool, with_its_key("m3", "r3"));
    tasks.run();
    assert!(!third.is_there());
    taken.give();
    tasks.run();
    second.take().expect("it is sent");
    assert_conflict(&third);
}

#[test]
fn a_key_is_the_first_callers_even_while_they_wait_in_their_lane() {
    let (world, _, tasks) = world();
    let (taken, _) = send_slowly(&tasks, &world, message("m0", "r1", to_run("r2")));
    let first = send(&tasks, &world.pool, m1());
    let conflicting = send(&tasks, &world.pool, with_its_key("m2", "r2"));
    tasks.run();
    assert!(!conflicting.is_there());
    assert_sent_and_refused(&tasks, &taken, &first, &conflicting);
}

#[test]
fn a_key_is_the_first_callers_even_after_a_later_call_with_it_was_refused() {
    for batching in [false, true] {
        let (world, _, tasks) = world();
        world.journal.batching.set(batching);
        done(world.pool.join_run(member("r3", "ag3")));
        let (taken, first) = send_slowly(&tasks, &world, m1());
        tasks.run();
        world.bus.down.set(true);
        let beside = send(&tasks, &world.pool, message("m0", "r3", to_run("r1")));
        tasks.run();
        beside.take().expect("the journal has it");
        let other = with_its_key("m2", "r2");
        let mut refused = vec![send(&tasks, &world.pool, other.clone())];
        if batching {
            // Without batches the lane is not free.
            let responded = Call::Status(m1(), MessageStatus::Responded, vec![run("r2")]);
            refused.push(call(&tasks, &world.pool, responded));
        }
        tasks.run();
        for answer in refused {
            let error = answer.take().expect_err("the bus is down");
            assert_eq!(error.code, ErrorCode::EventBusRejected);
        }
        world.bus.down.set(false);
        let other = send(&tasks, &world.pool, other);
        let again = send(&tasks, &world.pool, m1());
        assert_first_counts(&tasks, &taken, [&first, &other, &again]);
        assert_eq!(world.journal.len(), BEFORE + 1 + 2 + 2);
    }
}

#[test]
fn sent_again_after_another_with_its_key_it_is_one_of_its_own() {
    let (world, _, tasks) = world();
    let failing = Signal::default();
    let replies = [Reply::Now, Reply::RejectedOn(failing.clone())];
    world.journal.replies.are(replies);
    let first = send(&tasks, &world.pool, m1());
    let other = send(&tasks, &world.pool, with_its_key("m2", "r2"));
    let again = send(&tasks, &world.pool, m1());
    failing.give();
    tasks.run();
    first.take().expect_err("the journal rejected its delivery");
    assert_conflict(&other);
    assert_eq!(again.take().expect("it is finished")["status"], "delivered");
}

#[test]
fn a_message_whose_id_is_its_key_does_not_wait_for_itself() {
    let (world, _, tasks) = world();
    let (taken, first) = send_slowly(&tasks, &world, m1());
    let mut second = message("m2", "r2", to_run("r1"));
    second.idempotency_key = id("m2");
    let second = send(&tasks, &world.pool, second);
    tasks.run();
    second.take().expect("it is sent beside the first");
    taken.give();
    tasks.run();
    first.take().expect("it is sent");
}

#[test]
fn another_operation_on_that_message_comes_after_it() {
    for batching in [false, true] {
        let (world, other, tasks) = world();
        world.journal.batching.set(batching);
        let (taken, sent) = send_slowly(&tasks, &world, m1());
        let responded = Call::Status(m1(), MessageStatus::Responded, vec![run("r2")]);
        let responded = call(&tasks, &other, responded);
        let again = send(&tasks, &world.pool, m1());
        taken.give();
        tasks.run();
        assert_eq!(sent.take().expect("it is sent")["status"], "delivered");
        assert_eq!(
            responded.take().expect("it is recorded")["status"],
            "responded"
        );
        assert_eq!(again.take().expect("it is known")["status"], "responded");
    }
}

#[test]
fn a_call_after_what_the_first_depended_on_has_changed_is_one_of_its_own() {
    let (world, _, tasks) = world();
    let joining = Signal::default();
    world.journal.replies.are([Reply::On(joining.clone())]);
    call(&tasks, &world.pool, Call::Join(member("r4", "ag4")));
    let sent = || message("m1", "r3", to_run("r1"));
    let too_early = send(&tasks, &world.pool, sent());
    call(&tasks, &world.pool, Call::Join(member("r3", "ag3")));
    let in_time = send(&tasks, &world.pool, sent());
    joining.give();
    tasks.run();
    assert_eq!(
        too_early.take().expect_err("r3 is no member").code,
        ErrorCode::SenderNotMember
    );
    assert_eq!(
        in_time.take().expect("r3 is a member")["status"],
        "delivered"
    );
}

/// The text of one message's id may be the key of another. A call that names only an id is about the message with that
/// id, and one that names only a key about the message with that key, whichever was called last.
#[test]
fn a_call_with_only_one_name_finds_its_message_behind_another_with_that_text() {
    let mut by_id = m1();
    by_id.message_id = id("x");
    let mut by_key = message("m2", "r2", to_run("r1"));
    by_key.idempotency_key = id("x");
    for [first, second] in [[&by_id, &by_key], [&by_key, &by_id]] {
        let (world, other, tasks) = world();
        let (taken, earlier) = send_slowly(&tasks, &world, first.clone());
        let later = send(&tasks, &other, second.clone());
        for (name, meant) in [("message_id", &by_id), ("idempotency_key", &by_key)] {
            let mut draft =
                json!({name: "x", "from": meant.from, "content_ref": meant.content_ref});
            draft["to"] = json!(meant.to);
            let draft = serde_json::from_value(draft).expect("a draft");
            let found = world.pool.complete_message(draft).expect("it is whole");
            assert_eq!(found, *meant);
        }
        taken.give();
        tasks.run();
        for answer in [earlier, later] {
            answer.take().expect("it is sent");
        }
    }
}

/// A call with a name that is taken will be refused. Calls after it that leave the other name out do not take it from
/// that call, whether the first message with the name is recorded or in flight as well.
#[test]
fn a_call_that_will_be_refused_lends_its_names_to_nobody() {
    for is_recorded in [true, false] {
        for batching in [false, true] {
            let (world, other, tasks) = world();
            world.journal.batching.set(batching);
            if is_recorded {
                done(world.pool.send(m1()));
            }
            let (taken, busy) = send_slowly(&tasks, &world, message("busy", "r1", to_run("r2")));
            let first = send(&tasks, &world.pool, m1());
            let mut wrong = m1();
            wrong.idempotency_key = key_of("wrong");
            wrong.content_ref = id("content.wrong");
            let refused = send(&tasks, &other, wrong);
            let draft = json!({
                "message_id": "m1", "from": "r1", "to": {"run": "r2"}, "content_ref": "content.m1",
            });
            let draft = serde_json::from_value(draft).expect("a draft");
            let again = other.complete_message(draft).expect("it is whole");
            assert_eq!(again, m1());
            let again = send(&tasks, &other, again);
            taken.give();
            tasks.run();
            assert_conflict(&refused);
            for answer in [busy, first, again] {
                assert_eq!(answer.take().expect("it is sent")["status"], "delivered");
            }
        }
    }
}
