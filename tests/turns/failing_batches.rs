//! Batches that fail, and operations that are dropped or refused while others go with them.

use agent_pool::domain::ErrorCode;
use agent_pool::pool::MessageStatus;

use crate::batching::*;
use crate::host::*;

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
    // No number was handed out meanwhile, so none stays unused.
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
fn what_the_store_took_before_it_failed_in_a_batch_has_happened() {
    let (world, tasks) = world();
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    let [first, second, third] =
        ["m1", "m2", "m3"].map(|message_id| send(&tasks, &world.pool, message_id));
    // Two records of the first append, two of the second message, and then one that is refused.
    world.log.append.fail_after(2 + 2);
    taken.give();
    tasks.run();
    first.take().expect("it is sent");
    second.take().expect("the store has it");
    let error = third.take().expect_err("the store rejected it");
    assert_eq!(error.code, ErrorCode::StoreRejected);
    assert_eq!(calls(&world), [vec![4, 5], vec![6, 7, 8, 9]]);
}

#[test]
fn another_number_of_cursors_than_of_records_is_no_answer() {
    for cursors in [0, 1, 3] {
        let (world, _) = world();
        world.journal.cursors.set(Some(cursors));
        let error = error_of(world.pool.send(message("m1", "r1", to_run("r2"))));
        assert_eq!(error.code, ErrorCode::InvalidPortAnswer);
        assert!(world.snapshot().messages.is_empty());
        assert_eq!(world.bus.len(), BEFORE);
    }
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

#[test]
fn who_began_an_append_for_one_before_in_the_lane_gives_up_without_it() {
    let (world, tasks) = world();
    let other = world.handle();
    let (first_taken, second_taken) = (Signal::default(), Signal::default());
    let replies = [&first_taken, &second_taken].map(|taken| Reply::On(taken.clone()));
    world.journal.replies.are(replies);
    let first = send(&tasks, &world.pool, "m1");
    let second = send(&tasks, &other, "m2");
    let status = Call::Status(
        message("m3", "r1", to_run("r2")),
        MessageStatus::Responded,
        Vec::new(),
    );
    let pool = world.pool.clone();
    let behind = tasks.call(async move { status.make(&pool).await });
    first_taken.give();
    while !first.is_there() {
        tasks.step();
    }
    // The operation behind is told first that the append before it is done, and begins the next one.
    let calls = world.journal.attempts();
    tasks.step_choosing(|ready| ready - 1);
    assert!(!second.is_there());
    assert_eq!(world.journal.attempts(), calls + 1);
    behind.give_up();
    tasks.run();
    assert!(!second.is_there());
    second_taken.give();
    tasks.run();
    second.take().expect("it is sent");
    assert_eq!(story(&world), story_of(&["m1", "m2"]));
}
