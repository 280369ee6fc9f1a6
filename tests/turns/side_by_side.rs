//! Message operations of different runs overlap, and those of one run keep their order. An operation that others depend
//! on waits for those under way, and holds back those that come after it.

use std::rc::Rc;

use agent_pool::{
    domain::{AgentError, ErrorCode},
    pool::{AgentPool, MessageStatus},
    record::EventKind,
};
use serde_json::Value;

use crate::host::*;
use crate::told_alike::*;

fn world() -> (World, Tasks) {
    let (world, tasks) = World::driven();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2"), ("r3", "ag3")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    let waiting = wake("w1", "r3", on(EventKind::RunMessageCancelled));
    done(world.pool.suspend_until(run("r3"), waiting));
    (world, tasks)
}

/// How many records there are before the first send.
const BEFORE: usize = 5;

type Answer = Outcome<Result<Value, AgentError>>;

fn call(tasks: &Tasks, pool: &AgentPool, call: Call) -> Answer {
    let pool = pool.clone();
    tasks.call(async move { call.make(&pool).await })
}

fn send(tasks: &Tasks, pool: &AgentPool, message_id: &str, from: &str) -> Answer {
    let sent = message(message_id, from, to_run("r3"));
    call(tasks, pool, Call::Send(sent))
}

fn stuck<const N: usize>(journal: &HostJournal) -> [Signal; N] {
    let signals = [(); N].map(|()| Signal::default());
    journal.replies.are(signals.clone().map(Reply::On));
    signals
}

fn ports(world: &World) -> [Ports; 1] {
    [(Rc::clone(&world.journal), Rc::clone(&world.bus))]
}

#[test]
fn sends_of_different_runs_are_with_the_journal_at_once() {
    let (world, tasks) = world();
    let other = world.handle();
    let [first, second, third] = stuck(&world.journal);
    let sends = [
        send(&tasks, &world.pool, "m1", "r1"),
        send(&tasks, &other, "m2", "r2"),
        send(&tasks, &world.pool, "m3", "r3"),
    ];
    assert_eq!(world.journal.attempts(), BEFORE + 3);
    [first, second, third].iter().for_each(Signal::give);
    tasks.run();
    for sent in sends {
        assert_eq!(
            sent.take().expect("the send succeeds")["status"],
            "delivered"
        );
    }
}

#[test]
fn those_of_one_run_wait_for_each_other_over_all_handles_and_so_do_statuses() {
    let (world, tasks) = world();
    let other = world.handle();
    let [accepted, delivered, sent] = stuck(&world.journal);
    send(&tasks, &world.pool, "m1", "r1");
    send(&tasks, &other, "m2", "r1");
    let responded = message("m0", "r1", to_run("r3"));
    let responded = Call::Status(responded, MessageStatus::Responded, vec![run("r3")]);
    call(&tasks, &other, responded);
    for signal in [accepted, delivered] {
        tasks.run();
        assert_eq!(world.journal.attempts(), world.journal.len() + 1);
        signal.give();
    }
    tasks.run();
    assert_eq!(
        world.journal.len(),
        BEFORE + 2,
        "the second is under way now"
    );
    sent.give();
    tasks.run();
    let expected = [
        "accepted m1 for r3",
        "delivered m1 for r3",
        "accepted m2 for r3",
        "delivered m2 for r3",
        "responded m0 for r3",
    ];
    assert_eq!(world.journal.story()[BEFORE..], expected);
}

/// Operations that others depend on, or that depend on others.
fn barriers() -> Vec<Call> {
    vec![
        Call::Join(member("r4", "ag4")),
        Call::Leave(run("r2")),
        Call::Suspend(wake("w2", "r1", on(EventKind::RunMessageCancelled))),
        Call::Poll(condition("w1")),
        Call::Cancel(condition("w1")),
        Call::Observe(host_event("e0", "r1", EventKind::ToolCompleted)),
        Call::Members,
        Call::Snapshot,
    ]
}

#[test]
fn what_others_depend_on_waits_for_what_is_under_way_and_holds_back_what_comes_after() {
    for barrier in barriers() {
        let (world, tasks) = world();
        let other = world.handle();
        let [first, second] = stuck(&world.journal);
        send(&tasks, &world.pool, "m1", "r1");
        send(&tasks, &world.pool, "m2", "r2");
        let between = call(&tasks, &other, barrier.clone());
        let after = send(&tasks, &world.pool, "m3", "r3");
        second.give();
        tasks.run();
        assert!(!between.is_there(), "{barrier:?} waits");
        assert_eq!(
            world.journal.story()[BEFORE..],
            ["accepted m2 for r3", "delivered m2 for r3"],
            "{barrier:?} holds back"
        );
        first.give();
        tasks.run();
        between.take().expect("nothing fails");
        after.take().expect("nothing fails");
        let story = world.journal.story();
        let last = &story[story.len() - 2..];
        assert_eq!(last, ["accepted m3 for r3", "delivered m3 for r3"]);
        let [ports] = ports(&world);
        assert_told_alike(&world, &[ports.clone(), ports]);
    }
}

#[test]
fn so_do_reading_the_history_scoping_a_filter_opening_a_handle_flushing_and_closing() {
    let (world, tasks) = world();
    let other = world.handle();
    let [first] = stuck(&world.journal);
    send(&tasks, &world.pool, "m1", "r1");
    let pool = world.pool.clone();
    let history = tasks.call(async move { pool.watch_pool(None).await });
    let pool = world.pool.clone();
    let filter =
        tasks.call(async move { pool.scope_filter(on(EventKind::RunMessageAccepted)).await });
    let opened = tasks.call(world.builder().build());
    let pool = world.pool.clone();
    let flushed = tasks.call(async move { pool.flush().await });
    let after = send(&tasks, &other, "m2", "r2");
    let pool = world.pool.clone();
    let closed = tasks.call(async move { pool.close().await });
    tasks.run();
    assert_eq!(world.journal.attempts(), BEFORE + 1);
    assert!(!history.is_there() && !filter.is_there() && !opened.is_there());
    assert!(!flushed.is_there() && !after.is_there() && !closed.is_there());
    first.give();
    tasks.run();
    assert_eq!(history.take().expect("it is read").len(), 1 + BEFORE + 2);
    filter.take().expect("it is scoped");
    opened.take().expect("it is opened");
    flushed.take().expect("the bus takes everything");
    after.take().expect("it is sent");
    closed.take().expect("it is closed");
}

#[test]
fn events_leave_in_the_order_in_which_the_journal_answered() {
    let (world, tasks) = world();
    let [first, second, third] = stuck(&world.journal);
    send(&tasks, &world.pool, "m1", "r1");
    send(&tasks, &world.pool, "m2", "r2");
    send(&tasks, &world.pool, "m3", "r3");
    for signal in [third, first, second] {
        signal.give();
        tasks.run();
    }
    let numbers: Vec<_> = world.journal.records()[BEFORE..]
        .iter()
        .map(|record| record.journal_seq)
        .collect();
    assert_eq!(numbers, [8, 9, 6, 10, 7, 11], "as the journal was called");
    let expected = [
        "6 run_message_accepted m3",
        "7 run_message_delivered m3",
        "8 run_message_accepted m1",
        "9 run_message_delivered m1",
        "10 run_message_accepted m2",
        "11 run_message_delivered m2",
    ];
    assert_eq!(world.bus.story()[BEFORE..], expected);
    assert_told_alike(&world, &ports(&world));
}

#[test]
fn they_do_so_however_long_the_store_takes() {
    let (world, tasks) = world();
    let [first, second] = stuck(&world.journal);
    let stored = Signal::default();
    world.log.append.are([Reply::On(stored.clone())]);
    let sends = [
        send(&tasks, &world.pool, "m1", "r1"),
        send(&tasks, &world.pool, "m2", "r2"),
    ];
    second.give();
    tasks.run();
    first.give();
    tasks.run();
    assert_eq!((world.journal.len(), world.bus.len()), (BEFORE + 2, BEFORE));
    stored.give();
    tasks.run();
    for sent in sends {
        sent.take().expect("the send succeeds");
    }
    assert_eq!(world.bus.story()[BEFORE], "6 run_message_accepted m2");
    assert_eq!(world.bus.story()[BEFORE + 1], "7 run_message_accepted m1");
    assert_told_alike(&world, &ports(&world));
}

#[test]
fn a_failed_append_undoes_nothing_of_the_others_and_only_then_a_number_stays_unused() {
    let (world, tasks) = world();
    let (failing, taken) = (Signal::default(), Signal::default());
    let replies = [Reply::RejectedOn(failing.clone()), Reply::On(taken.clone())];
    world.journal.replies.are(replies);
    let failed = send(&tasks, &world.pool, "m1", "r1");
    let sent = send(&tasks, &world.pool, "m2", "r2");
    failing.give();
    tasks.run();
    let error = failed.take().expect_err("the journal rejected it");
    assert_eq!(error.code, ErrorCode::JournalRejected);
    assert_eq!(thrown(&error), Some(&PortFault(JOURNAL_FAULT)));
    taken.give();
    tasks.run();
    assert_eq!(sent.take().expect("it is sent")["status"], "delivered");
    send(&tasks, &world.pool, "m1", "r1")
        .take()
        .expect("a retry succeeds");
    let numbers: Vec<_> = world.journal.records()[BEFORE..]
        .iter()
        .map(|record| record.journal_seq)
        .collect();
    assert_eq!(numbers, [7, 8, 9, 10], "6 stays unused");
    assert_eq!(world.bus.story()[BEFORE], "6 run_message_accepted m2");
    assert_told_alike(&world, &ports(&world));
}

#[test]
fn a_number_that_failed_last_is_used_again_whatever_else_is_under_way() {
    let (world, tasks) = world();
    let (taken, failing) = (Signal::default(), Signal::default());
    let replies = [Reply::On(taken.clone()), Reply::RejectedOn(failing.clone())];
    world.journal.replies.are(replies);
    send(&tasks, &world.pool, "m1", "r1");
    send(&tasks, &world.pool, "m2", "r2");
    failing.give();
    tasks.run();
    send(&tasks, &world.pool, "m3", "r2");
    taken.give();
    tasks.run();
    let records = world.journal.records();
    let mut numbers: Vec<_> = records.iter().map(|record| record.journal_seq).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=BEFORE as u64 + 4).collect::<Vec<_>>());
}

#[test]
fn one_that_is_given_up_beside_others_leaves_them_alone() {
    let (world, tasks) = world();
    let [first, second] = stuck(&world.journal);
    let given_up = send(&tasks, &world.pool, "m1", "r1");
    let sent = send(&tasks, &world.pool, "m2", "r2");
    let barrier = call(&tasks, &world.pool, Call::Members);
    given_up.give_up();
    first.give();
    second.give();
    tasks.run();
    sent.take().expect("it is sent");
    barrier.take().expect("nobody is in the way");
    assert!(!world.journal.story().iter().any(|line| line.contains("m1")));
    assert_told_alike(&world, &ports(&world));
}

#[test]
fn with_ports_that_answer_at_once_who_is_called_from_publish_comes_after_the_operation() {
    let (world, tasks) = world();
    let (pool, started) = (world.pool.clone(), tasks.clone());
    let begun = Rc::new(std::cell::Cell::new(false));
    world.bus.handle(move |_| {
        if !begun.replace(true) {
            for (message_id, from) in [("m2", "r2"), ("m3", "r3")] {
                send(&started, &pool, message_id, from);
            }
        }
        None
    });
    done(world.pool.send(message("m1", "r1", to_run("r3"))));
    tasks.run();
    let expected = ["m1", "m2", "m3"].map(|message_id| {
        ["accepted", "delivered"].map(|status| format!("{status} {message_id} for r3"))
    });
    assert_eq!(world.journal.story()[BEFORE..], expected.concat());
}

#[test]
fn so_does_who_is_called_from_a_publication_that_is_tried_again_before_the_operation() {
    let (world, tasks) = world();
    world.bus.down.set(true);
    done(world.pool.send(message("m1", "r1", to_run("r3"))));
    world.bus.down.set(false);
    let (pool, started) = (world.pool.clone(), tasks.clone());
    let begun = Rc::new(std::cell::Cell::new(false));
    world.bus.handle(move |_| {
        if !begun.replace(true) {
            send(&started, &pool, "m3", "r2");
        }
        None
    });
    done(world.pool.send(message("m2", "r1", to_run("r3"))));
    tasks.run();
    let story = world.journal.story();
    assert_eq!(story[BEFORE + 2], "accepted m2 for r3");
    assert_eq!(story[BEFORE + 4], "accepted m3 for r3");
}
