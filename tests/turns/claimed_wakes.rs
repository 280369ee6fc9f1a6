//! A wake is claimed by one event, whichever operations cause events that match it.

use agent_pool::{
    domain::{AgentError, ErrorCode},
    pool::{AgentPool, MessageReceipt},
    record::{EventFilter, EventKind},
};

use crate::host::*;

/// Three runs; `r3` waits for a message to be accepted.
fn world() -> (World, Tasks) {
    let (world, tasks) = World::driven();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2"), ("r3", "ag3")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    let waiting = wake("w1", "r3", on(EventKind::RunMessageAccepted));
    done(world.pool.suspend_until(run("r3"), waiting));
    (world, tasks)
}

const BEFORE: usize = 5;

type Sent = Outcome<Result<MessageReceipt, AgentError>>;

fn send(tasks: &Tasks, pool: &AgentPool, message_id: &str, from: &str) -> Sent {
    let (pool, sent) = (pool.clone(), message(message_id, from, to_run("r3")));
    tasks.call(async move { pool.send(sent).await })
}

#[test]
fn of_two_events_that_match_a_wake_the_first_ends_it() {
    let (world, tasks) = world();
    let other = world.handle();
    world.journal.replies.are(vec![Reply::Later(2); 20]);
    let sends = [
        send(&tasks, &world.pool, "m1", "r1"),
        send(&tasks, &other, "m2", "r2"),
    ];
    tasks.run();
    for sent in sends {
        sent.take().expect("it is sent");
    }
    let story = world.journal.story();
    let ends: Vec<_> = story.iter().filter(|line| line.contains("w1 by")).collect();
    assert_eq!(ends, ["triggered w1 by 6"]);
}

#[test]
fn an_event_does_not_end_a_wake_whose_end_is_under_way() {
    let (world, tasks) = world();
    let ended = Signal::default();
    world
        .journal
        .replies
        .are([Reply::Now, Reply::On(ended.clone())]);
    let waking = send(&tasks, &world.pool, "m1", "r1");
    let other = send(&tasks, &world.pool, "m2", "r2");
    assert!(!waking.is_there());
    other.take().expect("it is sent beside the other");
    ended.give();
    tasks.run();
    waking.take().expect("it is sent");
    let expected = [
        "accepted m1 for r3",
        "accepted m2 for r3",
        "delivered m2 for r3",
        "triggered w1 by 6",
        "delivered m1 for r3",
    ];
    assert_eq!(world.journal.story()[BEFORE..], expected);
}

#[test]
fn a_wake_whose_end_failed_is_owed_and_not_ended_by_what_goes_on_beside() {
    let (world, tasks) = world();
    let (failing, beside) = (Signal::default(), Signal::default());
    let replies = [
        Reply::Now,
        Reply::RejectedOn(failing.clone()),
        Reply::On(beside.clone()),
    ];
    world.journal.replies.are(replies);
    let waking = send(&tasks, &world.pool, "m1", "r1");
    let other = send(&tasks, &world.pool, "m2", "r2");
    failing.give();
    tasks.run();
    let error = waking
        .take()
        .expect_err("the journal rejected the end of the wake");
    assert_eq!(error.code, ErrorCode::JournalRejected);
    beside.give();
    tasks.run();
    other.take().expect("it is sent");
    done(world.pool.members());
    assert_eq!(
        done(world.pool.send(message("m3", "r2", to_run("r3"))))
            .status
            .as_str(),
        "delivered"
    );
    let expected = [
        "accepted m1 for r3",
        "accepted m2 for r3",
        "delivered m2 for r3",
        "triggered w1 by 6",
        "accepted m3 for r3",
        "delivered m3 for r3",
    ];
    assert_eq!(world.journal.story()[BEFORE..], expected);
}

#[test]
fn one_that_was_given_up_while_it_ended_a_wake_leaves_that_to_the_next() {
    let (world, tasks) = world();
    world.journal.replies.are([Reply::Now, Reply::never()]);
    let waking = send(&tasks, &world.pool, "m1", "r1");
    let other = send(&tasks, &world.pool, "m2", "r2");
    waking.give_up();
    other.take().expect("it is sent");
    let polled = done(world.pool.poll_wake(&condition("w1")));
    assert_eq!(polled.status.as_str(), "triggered");
    assert_eq!(world.journal.story().last().unwrap(), "triggered w1 by 6");
}

/// The lines of the story that tell of an end of a wake.
fn ends(world: &World) -> Vec<String> {
    let story = world.journal.story().into_iter();
    story.filter(|line| line.starts_with("triggered")).collect()
}

#[test]
fn what_two_that_failed_side_by_side_owe_is_all_made_up_for() {
    let (world, tasks) = World::driven();
    for run_id in ["r1", "r2", "r3"] {
        done(world.pool.join_run(member(run_id, "ag1")));
    }
    for (condition_id, from) in [("w1", "r1"), ("w2", "r2")] {
        let waiting = on_run(EventKind::RunMessageAccepted, from);
        let waiting = wake(condition_id, "r3", waiting);
        done(world.pool.suspend_until(run("r3"), waiting));
    }
    let failing = Signal::default();
    let rejected = || Reply::RejectedOn(failing.clone());
    let replies = [Reply::Now, rejected(), Reply::Now, rejected()];
    world.journal.replies.are(replies);
    let sends = [("m1", "r1"), ("m2", "r2")];
    let sends = sends.map(|(message_id, from)| send(&tasks, &world.pool, message_id, from));
    failing.give();
    tasks.run();
    for failed in sends {
        let error = failed.take().expect_err("the journal rejected the end");
        assert_eq!(error.code, ErrorCode::JournalRejected);
    }
    assert!(ends(&world).is_empty());
    done(world.pool.join_run(member("r4", "ag1")));
    assert_eq!(ends(&world), ["triggered w1 by 7", "triggered w2 by 8"]);
}

#[test]
fn an_end_that_is_made_up_for_is_not_recorded_beside() {
    let (world, tasks) = World::driven();
    for run_id in ["r1", "r2", "r3", "r4"] {
        done(world.pool.join_run(member(run_id, "ag1")));
    }
    for condition_id in ["w1", "w2"] {
        let waiting = EventFilter {
            run_ids: [run("r1"), run("r2")].into_iter().collect(),
            kinds: [EventKind::RunCompleted, EventKind::RunMessageAccepted]
                .into_iter()
                .collect(),
            ..EventFilter::default()
        };
        let waiting = wake(condition_id, "r3", waiting);
        done(world.pool.suspend_until(run("r3"), waiting));
    }
    world.journal.replies.are([Reply::Now, Reply::Rejected]);
    let completed = host_event("e1", "r1", EventKind::RunCompleted);
    let refusal = refused(world.pool.observe(completed));
    assert_eq!(refusal, ErrorCode::JournalRejected);
    let made_up_for = Signal::default();
    let replies = [Reply::On(made_up_for.clone())];
    world.journal.replies.are(replies);
    let first = send(&tasks, &world.pool, "m1", "r4");
    let second = send(&tasks, &world.pool, "m2", "r2");
    tasks.run();
    made_up_for.give();
    tasks.run();
    for sent in [first, second] {
        sent.take().expect("it is sent");
    }
    assert_eq!(ends(&world), ["triggered w1 by e1", "triggered w2 by e1"]);
}
