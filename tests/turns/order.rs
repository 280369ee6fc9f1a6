//! Operations that others depend on take their turns, first come first served, over all handles of one store, and
//! nobody sees half of an operation.

use agent_pool::{
    domain::AgentError,
    pool::{AgentPool, AgentPoolStoreCursor},
    record::EventKind,
};
use serde_json::Value;

use crate::host::*;

fn world() -> (World, Tasks) {
    let (world, tasks) = World::driven();
    done(world.pool.join_run(member("r1", "ag1")));
    (world, tasks)
}

fn start(tasks: &Tasks, pool: &AgentPool, call: Call) -> Outcome<Result<Value, AgentError>> {
    let pool = pool.clone();
    tasks.start(async move { call.make(&pool).await })
}

fn send(message_id: &str) -> Call {
    Call::Send(message(message_id, "r1", to_run("r1")))
}

#[test]
fn operations_happen_in_the_order_in_which_they_were_called_whichever_handle_they_were_called_on() {
    let (world, tasks) = world();
    let handles = [world.pool.clone(), world.handle(), world.handle()];
    // The earlier a record comes, the longer it takes.
    let latencies = (0..20).map(|number| Reply::Later(20 - number));
    world.journal.replies.are(latencies);
    let order = [2, 0, 1, 1, 0, 2, 0];
    for (number, handle) in order.into_iter().enumerate() {
        start(&tasks, &handles[handle], send(&format!("m{number}")));
    }
    tasks.run();
    let story = world.journal.story().split_off(2);
    let expected: Vec<_> = (0..order.len())
        .flat_map(|number| {
            ["accepted", "delivered"].map(|status| format!("{status} m{number} for r1"))
        })
        .collect();
    assert_eq!(story, expected);
}

#[test]
fn a_call_that_is_not_polled_yet_has_no_place_in_the_queue() {
    let (world, tasks) = world();
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    start(&tasks, &world.pool, send("m1"));
    tasks.run();
    let idle = Box::pin(world.pool.send(message("m2", "r1", to_run("r1"))));
    start(&tasks, &world.pool, send("m3"));
    taken.give();
    tasks.run();
    assert_eq!(world.journal.len(), 6);
    done(idle);
    assert_eq!(
        world.journal.story()[6..],
        ["accepted m2 for r1", "delivered m2 for r1"]
    );
}

#[test]
fn who_reads_sees_all_of_an_operation_or_nothing_of_it() {
    let (world, tasks) = world();
    let other = world.handle();
    for number in 0..3 {
        world.journal.replies.are(vec![Reply::Later(2); 2]);
        start(&tasks, &world.pool, send(&format!("m{number}")));
        let mut reads = Vec::new();
        for step in 0..8 {
            let reader = if step % 2 == 0 { &world.pool } else { &other };
            let reader = reader.clone();
            reads.push(tasks.start(async move {
                let snapshot = reader.snapshot().await?;
                let history = reader
                    .watch_pool(Some(AgentPoolStoreCursor::new(3)))
                    .await?;
                Ok::<_, AgentError>((snapshot, history))
            }));
            tasks.step();
        }
        tasks.run();
        for read in reads {
            let (snapshot, history) = read.take().expect("reading works");
            assert_eq!(history.len() % 2, 0, "both records of a send, or neither");
            for known in snapshot.messages {
                assert_eq!(known.receipt.status.as_str(), "delivered");
            }
        }
    }
}

#[test]
fn members_are_read_after_the_joins_that_were_called_before() {
    let (world, tasks) = world();
    let other = world.handle();
    world.journal.replies.are(vec![Reply::Later(3); 10]);
    start(&tasks, &world.pool, Call::Join(member("r2", "ag2")));
    let between = start(&tasks, &other, Call::Members);
    start(&tasks, &world.pool, Call::Join(member("r3", "ag3")));
    tasks.run();
    let members = between.take().expect("reading works");
    assert_eq!(members.as_array().map(Vec::len), Some(2));
}

#[test]
fn pools_of_one_store_do_not_wait_for_each_other() {
    let (world, tasks) = world();
    world.journal.replies.are([Reply::never()]);
    let stuck = start(&tasks, &world.pool, send("m1"));
    let builder = AgentPool::builder(id("pool.other")).store(world.store.clone());
    let other = done(builder.runtime(world.ports()).build());
    let joined = start(&tasks, &other, Call::Join(member("r1", "ag1")));
    tasks.run();
    assert!(!stuck.is_there());
    joined.take().expect("the other pool is free");
}

#[test]
fn a_handle_is_built_in_its_turn() {
    let (world, tasks) = world();
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    start(&tasks, &world.pool, send("m1"));
    tasks.run();
    let builder = world.builder();
    let built = tasks.start(builder.build());
    tasks.run();
    assert!(!built.is_there());
    taken.give();
    tasks.run();
    let handle = built.take().expect("the handle is built");
    assert_eq!(done(handle.snapshot()).messages.len(), 1);
}

#[test]
fn an_operation_does_not_wait_for_the_bus_and_the_events_follow_in_order() {
    let (world, tasks) = world();
    let stuck = Signal::default();
    world
        .bus
        .replies
        .are([Reply::On(stuck.clone()), Reply::Later(4), Reply::Later(1)]);
    for number in 0..3 {
        start(&tasks, &world.pool, send(&format!("m{number}")));
    }
    tasks.run();
    assert_eq!((world.journal.len(), world.bus.len()), (8, 2));
    stuck.give();
    tasks.run();
    assert_eq!(world.bus.len(), 8);
    world.assert_sound();
}

#[test]
fn wakes_and_messages_of_different_handles_find_each_other_in_order() {
    let (world, tasks) = world();
    let other = world.handle();
    world.journal.replies.are(vec![Reply::Later(2); 20]);
    let waiting = wake("w1", "r1", on(EventKind::RunMessageAccepted));
    start(&tasks, &other, Call::Suspend(waiting));
    start(&tasks, &world.pool, send("m1"));
    let polled = start(&tasks, &other, Call::Poll(condition("w1")));
    tasks.run();
    assert_eq!(polled.take().expect("it is known")["status"], "triggered");
    assert_eq!(
        world.journal.story()[2..],
        [
            "registered w1",
            "accepted m1 for r1",
            "triggered w1 by 4",
            "delivered m1 for r1"
        ]
    );
}
