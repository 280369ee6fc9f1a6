//! A caller that gives up waiting for an operation drops its future. The pool stays usable, and nothing stays half
//! recorded.

use agent_pool::{
    domain::ErrorCode,
    pool::{AgentPool, MessageReceipt, RunMessage},
    record::EventKind,
};

use crate::host::*;

fn world() -> (World, Tasks) {
    let (world, tasks) = World::driven();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    for (condition_id, run_id, kind) in [
        ("w1", "r1", EventKind::RunMessageAccepted),
        ("w2", "r2", EventKind::WakeConditionTriggered),
        ("w3", "r2", EventKind::RunMessageDelivered),
    ] {
        let waiting = wake(condition_id, run_id, on(kind));
        done(world.pool.suspend_until(run(run_id), waiting));
    }
    (world, tasks)
}

const SEND: [&str; 5] = [
    "accepted m1 for r2",
    "triggered w1 by 7",
    "triggered w2 by 8",
    "delivered m1 for r2",
    "triggered w3 by 10",
];

fn sent() -> RunMessage {
    message("m1", "r1", to_run("r2"))
}

type Sent = Result<MessageReceipt, agent_pool::domain::AgentError>;

fn send(tasks: &Tasks, pool: &AgentPool, sent: RunMessage) -> Outcome<Sent> {
    let pool = pool.clone();
    tasks.call(async move { pool.send(sent).await })
}

#[test]
fn an_operation_given_up_at_any_moment_is_finished_by_the_same_call_again() {
    let (undisturbed, _) = world();
    let expected = done(undisturbed.pool.send(sent()));
    assert_eq!(undisturbed.journal.story()[6..], SEND);
    let mut given_up_after = 0;
    loop {
        let (world, tasks) = world();
        world.journal.replies.are(vec![Reply::Later(2); 20]);
        let outcome = send(&tasks, &world.pool, sent());
        for _ in 0..given_up_after {
            tasks.step();
        }
        if outcome.is_there() {
            break;
        }
        outcome.give_up();
        let again = send(&tasks, &world.pool, sent());
        tasks.run();
        assert_eq!(again.take().expect("the send succeeds"), expected);
        assert_eq!(world.journal.records(), undisturbed.journal.records());
        assert_eq!(world.bus.taken(), undisturbed.bus.taken());
        assert_eq!(world.snapshot(), undisturbed.snapshot());
        world.assert_sound();
        given_up_after += 1;
    }
    assert!(
        given_up_after >= SEND.len() * 2,
        "it was given up at every moment"
    );
}

#[test]
fn who_comes_after_an_operation_that_was_given_up_is_not_held_up() {
    let (world, tasks) = world();
    world.journal.replies.are([Reply::never()]);
    let running = send(&tasks, &world.pool, sent());
    let waiting = send(&tasks, &world.pool, message("m2", "r1", to_run("r2")));
    let last = send(&tasks, &world.pool, message("m3", "r1", to_run("r2")));
    tasks.run();
    assert!(!last.is_there());
    waiting.give_up();
    running.give_up();
    tasks.run();
    assert_eq!(
        last.take().expect("the send succeeds").status.as_str(),
        "delivered"
    );
    assert_eq!(world.journal.story()[6], "accepted m3 for r2");
    world.assert_sound();
}

#[test]
fn one_that_was_called_for_its_turn_and_gives_up_passes_it_on() {
    let (world, tasks) = world();
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    send(&tasks, &world.pool, sent());
    let next = send(&tasks, &world.pool, message("m2", "r1", to_run("r2")));
    let last = send(&tasks, &world.pool, message("m3", "r1", to_run("r2")));
    taken.give();
    // The first send goes on to its end, and gives the next one its turn.
    tasks.step();
    next.give_up();
    tasks.run();
    last.take().expect("the send succeeds");
    assert!(!world.journal.story().iter().any(|line| line.contains("m2")));
    world.assert_sound();
}

#[test]
fn a_call_that_was_given_up_before_its_turn_leaves_nothing() {
    let (world, tasks) = world();
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    send(&tasks, &world.pool, sent());
    for call in [
        Call::Join(member("r3", "ag3")),
        Call::Leave(run("r1")),
        Call::Cancel(condition("w3")),
        Call::Snapshot,
    ] {
        let pool = world.pool.clone();
        tasks.call(async move { call.make(&pool).await }).give_up();
    }
    taken.give();
    tasks.run();
    assert_eq!(world.journal.story()[6..], SEND);
    world.assert_sound();
}

#[test]
fn one_that_waits_for_a_frame_to_be_tried_again_may_give_up() {
    let (world, tasks) = world();
    let answered = Signal::default();
    world
        .bus
        .replies
        .are([Reply::Rejected, Reply::On(answered.clone())]);
    done(world.pool.leave_run(&run("r2")));
    let waiting = send(&tasks, &world.pool, sent());
    tasks.run();
    assert!(!waiting.is_there());
    waiting.give_up();
    answered.give();
    tasks.run();
    done(world.pool.join_run(member("r2", "ag2")));
    assert_eq!(world.journal.story()[6..], ["run_left r2", "run_joined r2"]);
    world.assert_sound();
}

#[test]
fn flush_may_be_given_up_and_called_again() {
    let (world, tasks) = world();
    world.bus.replies.are(vec![Reply::Later(3); 4]);
    done(world.pool.leave_run(&run("r2")));
    for _ in 0..3 {
        let pool = world.pool.clone();
        tasks.call(async move { pool.flush().await }).give_up();
    }
    let pool = world.pool.clone();
    let flushed = tasks.call(async move { pool.flush().await });
    tasks.run();
    flushed.take().expect("the bus takes everything");
    world.assert_sound();
}

#[test]
fn a_close_that_was_given_up_has_closed_the_handle() {
    let (world, tasks) = world();
    let other = world.handle();
    world.bus.replies.are([Reply::never()]);
    done(world.pool.leave_run(&run("r2")));
    let pool = world.pool.clone();
    let closing = tasks.call(async move { pool.close().await });
    assert!(!closing.is_there());
    closing.give_up();
    assert_eq!(refused(world.pool.members()), ErrorCode::Closed);
    assert_eq!(done(other.members()).len(), 1);
}

#[test]
fn a_handle_whose_building_was_given_up_can_be_built_again() {
    let (world, tasks) = world();
    world.journal.replies.are([Reply::never()]);
    let stuck = send(&tasks, &world.pool, sent());
    tasks.call(world.builder().build()).give_up();
    stuck.give_up();
    let built = tasks.call(world.builder().build());
    tasks.run();
    let handle = built.take().expect("the handle is built");
    assert_eq!(done(handle.members()).len(), 2);
}

#[test]
fn a_pool_whose_opening_was_given_up_is_opened_by_the_next() {
    let (world, tasks) = world();
    let open = || {
        let builder = AgentPool::builder(id("pool.new")).store(world.store.clone());
        builder.runtime(world.ports()).build()
    };
    for replies in [&world.log.read, &world.log.append] {
        replies.are([Reply::never()]);
        let opening = tasks.call(open());
        assert!(!opening.is_there());
        opening.give_up();
    }
    let opened = tasks.call(open());
    tasks.run();
    let pool = opened.take().expect("the pool is opened");
    done(pool.join_run(member("r1", "ag1")));
    assert_eq!(world.log.records(&id("pool.new")).len(), 3);
}
