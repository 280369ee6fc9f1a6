//! What queues up in a lane while an append is under way goes to a journal that takes batches in one call.

use std::rc::Rc;

use agent_pool::{
    domain::{AgentError, ErrorCode},
    pool::{AgentPool, MessageReceipt},
    record::EventKind,
};

use crate::host::*;
use crate::told_alike::*;

fn world() -> (World, Tasks) {
    let (world, tasks) = World::driven();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world.journal.batching.set(true);
    (world, tasks)
}

const BEFORE: usize = 3;

type Sent = Outcome<Result<MessageReceipt, AgentError>>;

fn send(tasks: &Tasks, pool: &AgentPool, message_id: &str) -> Sent {
    send_from(tasks, pool, message_id, "r1")
}

fn send_from(tasks: &Tasks, pool: &AgentPool, message_id: &str, from: &str) -> Sent {
    let (pool, sent) = (pool.clone(), message(message_id, from, to_run("r2")));
    tasks.call(async move { pool.send(sent).await })
}

/// The numbers of the records, call by call, since the runs joined.
fn calls(world: &World) -> Vec<Vec<u64>> {
    world.journal.calls().split_off(BEFORE)
}

fn story(world: &World) -> Vec<String> {
    world.journal.story().split_off(BEFORE)
}

fn story_of(messages: &[&str]) -> Vec<String> {
    let lines = messages.iter().map(|message_id| {
        ["accepted", "delivered"].map(|status| format!("{status} {message_id} for r2"))
    });
    lines.flatten().collect()
}

fn assert_sound(world: &World) {
    assert_told_alike(world, &[(Rc::clone(&world.journal), Rc::clone(&world.bus))]);
}

#[test]
fn what_comes_while_an_append_is_under_way_goes_together_and_tells_the_same_story() {
    let (world, tasks) = world();
    let taken = Signal::default();
    world
        .journal
        .replies
        .are([Reply::On(taken.clone()), Reply::Later(2)]);
    let sends = ["m1", "m2", "m3", "m4"].map(|message_id| send(&tasks, &world.pool, message_id));
    tasks.run();
    assert_eq!(calls(&world), [[4, 5]]);
    taken.give();
    tasks.run();
    assert_eq!(calls(&world), [vec![4, 5], (6..12).collect()]);
    for sent in sends {
        let receipt = sent.take().expect("it is sent");
        assert_eq!(receipt.status.as_str(), "delivered");
    }
    assert_eq!(story(&world), story_of(&["m1", "m2", "m3", "m4"]));
    world.assert_sound();
}

#[test]
fn once_the_journal_was_seen_to_wait_what_is_called_in_the_same_breath_goes_together() {
    let (world, tasks) = world();
    world.journal.replies.are(vec![Reply::Later(1); 3]);
    send(&tasks, &world.pool, "m1");
    tasks.run();
    let sends = ["m2", "m3", "m4"].map(|message_id| send(&tasks, &world.pool, message_id));
    let [given_up, sends @ ..] = sends;
    given_up.give_up();
    assert_eq!(calls(&world), [[4, 5]]);
    tasks.run();
    assert_eq!(calls(&world), [vec![4, 5], (6..10).collect()]);
    for sent in sends {
        sent.take().expect("it is sent");
    }
    assert_eq!(story(&world), story_of(&["m1", "m3", "m4"]));
    send(&tasks, &world.pool, "m5").give_up();
    tasks.run();
    assert_eq!(calls(&world).len(), 2, "nobody waits for it");
    world.assert_sound();
}

#[test]
fn lanes_append_beside_each_other() {
    let (world, tasks) = world();
    world.journal.replies.are([Reply::never(), Reply::Now]);
    send_from(&tasks, &world.pool, "m1", "r1");
    let beside = send_from(&tasks, &world.pool, "m2", "r2");
    tasks.run();
    beside.take().expect("it is sent");
    assert_eq!(calls(&world), [[4, 5], [6, 7]]);
}

#[test]
fn a_single_record_is_appended_by_itself() {
    let (world, tasks) = world();
    let nobody = message("m1", "r1", to_run("r9"));
    assert_eq!(done(world.pool.send(nobody)).status.as_str(), "failed");
    assert_eq!(calls(&world), [[4]]);
    world.assert_sound();
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    send(&tasks, &world.pool, "m2");
    let pool = world.pool.clone();
    let failed = tasks.call(async move { pool.send(message("m3", "r1", to_run("r9"))).await });
    taken.give();
    tasks.run();
    assert_eq!(failed.take().expect("a receipt").status.as_str(), "failed");
    assert_eq!(calls(&world), [vec![4], vec![5, 6], vec![7]]);
}

#[test]
fn what_a_journal_without_batches_is_given_comes_one_by_one() {
    let (world, tasks) = world();
    world.journal.batching.set(false);
    world.journal.replies.are(vec![Reply::Later(1); 4]);
    for message_id in ["m1", "m2"] {
        send(&tasks, &world.pool, message_id);
    }
    tasks.run();
    assert_eq!(calls(&world), [[4], [5], [6], [7]]);
}

#[test]
fn if_a_batch_fails_all_its_operations_do_and_nothing_of_them_has_happened() {
    let (world, tasks) = world();
    let taken = Signal::default();
    world
        .journal
        .replies
        .are([Reply::On(taken.clone()), Reply::RejectedLater(1)]);
    let [first, second, third] =
        ["m1", "m2", "m3"].map(|message_id| send(&tasks, &world.pool, message_id));
    taken.give();
    tasks.run();
    first.take().expect("it is sent");
    for failed in [second, third] {
        let error = failed.take().expect_err("the journal rejected it");
        assert_eq!(error.code, ErrorCode::JournalRejected);
        assert_eq!(thrown(&error), Some(&PortFault(JOURNAL_FAULT)));
    }
    assert_eq!(world.snapshot().messages.len(), 1);
    for message_id in ["m3", "m2"] {
        let sent = send(&tasks, &world.pool, message_id);
        tasks.run();
        sent.take().expect("a retry succeeds");
    }
    assert_eq!(story(&world), story_of(&["m1", "m3", "m2"]));
    // No number was handed out in between, so none stays unused.
    world.assert_sound();
}

#[test]
fn what_queued_up_behind_a_batch_that_failed_is_appended_all_the_same() {
    let (world, tasks) = world();
    let failing = Signal::default();
    world
        .journal
        .replies
        .are([Reply::RejectedOn(failing.clone())]);
    let [first, second, third] =
        ["m1", "m2", "m3"].map(|message_id| send(&tasks, &world.pool, message_id));
    failing.give();
    tasks.run();
    first.take().expect_err("the journal rejected it");
    second.take().expect("it is sent");
    third.take().expect("it is sent");
    assert_eq!(story(&world), story_of(&["m2", "m3"]));
    world.assert_sound();
}

#[test]
fn another_number_of_cursors_than_of_records_is_no_answer() {
    let (world, _) = world();
    world.journal.forgetful.set(true);
    let error = error_of(world.pool.send(message("m1", "r1", to_run("r2"))));
    assert_eq!(error.code, ErrorCode::InvalidPortAnswer);
    assert!(world.snapshot().messages.is_empty());
    assert_eq!(world.bus.len(), BEFORE);
}

#[test]
fn one_that_is_given_up_in_the_queue_leaves_nothing() {
    let (world, tasks) = world();
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    let [first, second, third] =
        ["m1", "m2", "m3"].map(|message_id| send(&tasks, &world.pool, message_id));
    second.give_up();
    taken.give();
    tasks.run();
    first.take().expect("it is sent");
    third.take().expect("it is sent");
    assert_eq!(story(&world), story_of(&["m1", "m3"]));
    world.assert_sound();
}

#[test]
fn one_that_is_given_up_while_it_is_appended_holds_up_nobody() {
    let (world, tasks) = world();
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    let [first, second] = ["m1", "m2"].map(|message_id| send(&tasks, &world.pool, message_id));
    first.give_up();
    tasks.run();
    taken.give();
    tasks.run();
    second.take().expect("it is sent");
    // The journal has taken it, so it has happened.
    assert_eq!(story(&world), story_of(&["m1", "m2"]));
    world.assert_sound();
}

#[test]
fn one_that_is_given_up_while_it_is_appended_is_still_in_flight() {
    let (world, tasks) = world();
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    let [first, second] = ["m1", "m2"].map(|message_id| send(&tasks, &world.pool, message_id));
    first.give_up();
    let again = send(&tasks, &world.pool, "m1");
    let mut other = message("m3", "r2", to_run("r1"));
    other.idempotency_key = key_of("m1");
    let pool = world.pool.clone();
    let conflicting = tasks.call(async move { pool.send(other).await });
    tasks.run();
    assert!(!again.is_there() && !conflicting.is_there());
    taken.give();
    tasks.run();
    second.take().expect("it is sent");
    again.take().expect("it is known");
    let error = conflicting.take().expect_err("the key is taken");
    assert_eq!(error.code, ErrorCode::IdempotencyConflict);
    assert_eq!(story(&world), story_of(&["m1", "m2"]));
    world.assert_sound();
}

#[test]
fn an_append_is_given_up_with_the_last_who_waits_for_it() {
    let (world, tasks) = world();
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    for sent in ["m1", "m2"].map(|message_id| send(&tasks, &world.pool, message_id)) {
        sent.give_up();
    }
    taken.give();
    tasks.run();
    done(world.pool.members());
    send(&tasks, &world.pool, "m3");
    tasks.run();
    assert_eq!(story(&world), story_of(&["m3"]));
    world.assert_sound();
}

#[test]
fn what_ends_a_wake_waits_for_the_batches_before_and_is_recorded_step_by_step() {
    let (world, tasks) = world();
    let waiting = wake("w1", "r2", on_run(EventKind::RunMessageAccepted, "r2"));
    done(world.pool.suspend_until(run("r2"), waiting));
    world.journal.replies.are(vec![Reply::Later(2); 20]);
    for (message_id, from) in [("m1", "r2"), ("m2", "r1"), ("m3", "r1")] {
        send_from(&tasks, &world.pool, message_id, from);
    }
    tasks.run();
    let story = story(&world);
    let of_r2: Vec<_> = story
        .iter()
        .filter(|line| line.contains("m1") || line.contains("w1 by"))
        .collect();
    assert!(matches!(&of_r2[..], [accepted, end, delivered]
        if accepted.starts_with("accepted") && end.starts_with("triggered") && delivered.starts_with("delivered")));
    let batches: Vec<_> = world
        .journal
        .calls()
        .into_iter()
        .filter(|call| call.len() > 1)
        .collect();
    // m1 has had the journal seen to wait, so m2 and m3 go together.
    assert_eq!(batches.len(), 1, "those of r1 end no wake: {batches:?}");
    assert_sound(&world);
}

#[test]
fn a_status_comes_after_the_batches_before_and_before_those_after() {
    use agent_pool::pool::MessageStatus;
    let (world, tasks) = world();
    world.journal.replies.are(vec![Reply::Later(2); 20]);
    send(&tasks, &world.pool, "m1");
    send(&tasks, &world.pool, "m2");
    let pool = world.pool.clone();
    let other = message("m0", "r1", to_run("r2"));
    tasks.call(async move {
        pool.record_message_status(other, MessageStatus::Cancelled, vec![])
            .await
    });
    send(&tasks, &world.pool, "m3");
    tasks.run();
    let mut expected = story_of(&["m1", "m2"]);
    expected.push("cancelled m0".to_owned());
    expected.extend(story_of(&["m3"]));
    assert_eq!(story(&world), expected);
    world.assert_sound();
}

#[test]
fn only_operations_of_one_handle_share_a_batch() {
    let (world, tasks) = world();
    let journal = Rc::new(world.journal.beside("other"));
    let other = done(world.builder_over(&journal, &world.bus).build());
    journal.batching.set(true);
    world.journal.replies.are([Reply::Later(3)]);
    let handles = [&world.pool, &world.pool, &other, &other, &world.pool];
    let sends: Vec<_> = handles
        .iter()
        .enumerate()
        .map(|(number, handle)| send(&tasks, handle, &format!("m{number}")))
        .collect();
    tasks.run();
    for sent in sends {
        sent.take().expect("it is sent");
    }
    assert_eq!(calls(&world), [[4, 5], [6, 7], [8, 9]]);
    assert_eq!(journal.calls(), [[1, 2, 3, 4]]);
    let events: Vec<_> = world.bus.story().split_off(BEFORE);
    let expected: Vec<_> = (0..10)
        .map(|event| {
            let kind = ["accepted", "delivered"][event % 2];
            format!("{} run_message_{kind} m{}", event + 4, event / 2)
        })
        .collect();
    assert_eq!(events, expected);
}

#[test]
fn a_handle_without_batches_waits_for_those_of_another_in_the_lane() {
    let (world, tasks) = world();
    let journal = Rc::new(world.journal.beside("other"));
    let other = done(world.builder_over(&journal, &world.bus).build());
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    send(&tasks, &world.pool, "m1");
    send(&tasks, &other, "m2");
    tasks.run();
    assert_eq!(journal.attempts(), 0);
    taken.give();
    tasks.run();
    assert_eq!(journal.story(), story_of(&["m2"]));
}

#[test]
fn what_others_depend_on_waits_for_the_batches_before() {
    let (world, tasks) = world();
    world.journal.replies.are(vec![Reply::Later(3); 3]);
    let sends = ["m1", "m2"].map(|message_id| send(&tasks, &world.pool, message_id));
    let pool = world.pool.clone();
    let left = tasks.call(async move { pool.leave_run(&run("r2")).await });
    let after = send(&tasks, &world.pool, "m3");
    tasks.run();
    for sent in sends {
        assert_eq!(
            sent.take().expect("it is sent").status.as_str(),
            "delivered"
        );
    }
    left.take().expect("it has left");
    assert_eq!(after.take().expect("a receipt").status.as_str(), "failed");
}

#[test]
fn nothing_of_an_abandoned_handles_batch_goes_on_and_others_in_the_lane_do() {
    let (world, tasks) = world();
    let other = world.handle();
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    let (pool, sent) = (world.pool.clone(), message("m1", "r1", to_run("r2")));
    let abandoned = tasks.call(async move { pool.unless_abandoned(pool.send(sent)).await });
    let next = send(&tasks, &other, "m2");
    world.pool.abandon().expect("no port is being called");
    taken.give();
    tasks.run();
    assert_eq!(
        abandoned.take().expect_err("the handle is gone").code,
        ErrorCode::Closed
    );
    next.take().expect("it is sent");
    assert_eq!(done(other.snapshot()).messages.len(), 1);
}

#[test]
fn a_batch_that_answers_at_once_is_done_at_once() {
    let (world, _) = world();
    for message_id in ["m1", "m2"] {
        let receipt = done(world.pool.send(message(message_id, "r1", to_run("r2"))));
        assert_eq!(receipt.status.as_str(), "delivered");
    }
    assert_eq!(calls(&world), [[4, 5], [6, 7]]);
    world.assert_sound();
}

#[test]
fn a_send_whose_events_have_no_room_is_refused_before_it_is_appended() {
    let world = World::of(WorldPlan {
        outbox_capacity: Some(5),
        ..WorldPlan::default()
    });
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world.journal.batching.set(true);
    world.bus.replies.are([Reply::never()]);
    for message_id in ["m1", "m2"] {
        done(world.pool.send(message(message_id, "r1", to_run("r2"))));
    }
    let refusal = refused(world.pool.send(message("m3", "r1", to_run("r2"))));
    assert_eq!(refusal, ErrorCode::BusBacklogged);
    assert_eq!(calls(&world), [[4, 5], [6, 7]]);
}
