//! Abandoning a handle whose ports do not answer: its calls end, and nobody else is held up.

use std::rc::Rc;

use agent_pool::{domain::ErrorCode, pool::AgentPool};

use crate::host::*;

fn world() -> (World, Tasks) {
    let (world, tasks) = World::driven();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    (world, tasks)
}

type Sent = Result<&'static str, ErrorCode>;

/// A send as the binding makes it.
fn send(tasks: &Tasks, pool: &AgentPool, message_id: &str) -> Outcome<Sent> {
    let (pool, sent) = (pool.clone(), message(message_id, "r1", to_run("r2")));
    tasks.call(async move {
        let receipt = pool.unless_abandoned(pool.send(sent)).await;
        let receipt = receipt.and_then(|receipt| receipt);
        receipt
            .map(|receipt| receipt.status.as_str())
            .map_err(|error| error.code)
    })
}

#[test]
fn calls_that_wait_end_as_closed_and_so_do_later_ones() {
    let (world, tasks) = world();
    world.journal.replies.are([Reply::never()]);
    let sends = ["m1", "m2", "m3"].map(|message_id| send(&tasks, &world.pool, message_id));
    tasks.run();
    assert!(!sends.iter().any(Outcome::is_there));
    world.pool.abandon().expect("no port is being called");
    tasks.run();
    for sent in sends {
        assert_eq!(sent.take(), Err(ErrorCode::Closed));
    }
    assert_eq!(refused(world.pool.members()), ErrorCode::Closed);
    assert_eq!(refused(world.pool.flush()), ErrorCode::Closed);
    world.pool.abandon().expect("once more is no error");
}

#[test]
fn nothing_of_an_abandoned_call_goes_on_when_its_port_answers() {
    let (world, tasks) = world();
    let answered = Signal::default();
    world.journal.replies.are([Reply::On(answered.clone())]);
    let sent = send(&tasks, &world.pool, "m1");
    tasks.run();
    answered.give();
    world.pool.abandon().expect("no port is being called");
    let before = world.extent();
    tasks.run();
    assert_eq!(sent.take(), Err(ErrorCode::Closed));
    assert_eq!(world.extent(), before);
}

#[test]
fn another_handle_has_its_turn_and_makes_up_for_what_was_left_half_done() {
    let (world, tasks) = world();
    let other = world.handle();
    world.journal.replies.are([Reply::Now, Reply::never()]);
    let stuck = send(&tasks, &world.pool, "m1");
    let again = send(&tasks, &other, "m1");
    tasks.run();
    assert!(!again.is_there(), "the other handle waits for its turn");
    world.pool.abandon().expect("no port is being called");
    tasks.run();
    assert_eq!(stuck.take(), Err(ErrorCode::Closed));
    assert_eq!(again.take(), Ok("delivered"));
    let story = world.journal.story();
    assert_eq!(story[3..], ["accepted m1 for r2", "delivered m1 for r2"]);
}

/// A host may go on polling a call that it made without `unless_abandoned`.
#[test]
fn another_handles_call_is_not_ended_with_the_one_whose_outcome_it_shares() {
    for batching in [false, true] {
        let (world, tasks) = world();
        let other = world.handle();
        world.journal.batching.set(batching);
        world.journal.replies.are([Reply::never()]);
        let (pool, sent) = (world.pool.clone(), message("m1", "r1", to_run("r2")));
        let first = tasks.call(async move { pool.send(sent).await });
        let again = send(&tasks, &other, "m1");
        world.pool.abandon().expect("no port is being called");
        tasks.run();
        first.give_up();
        tasks.run();
        assert_eq!(again.take(), Ok("delivered"));
    }
}

#[test]
fn events_are_left_to_the_other_handles_on_the_bus() {
    let (world, tasks) = world();
    let other = world.handle();
    let answered = Signal::default();
    world.bus.replies.are([Reply::On(answered.clone())]);
    assert_eq!(send(&tasks, &world.pool, "m1").take(), Ok("delivered"));
    world.pool.abandon().expect("no port is being called");
    assert_eq!(send(&tasks, &other, "m2").take(), Ok("delivered"));
    answered.give();
    tasks.run();
    assert_eq!(world.bus.len(), 3 + 2 * 2);
}

#[test]
fn events_that_nobody_else_waits_for_are_given_up_with_all_that_waits_for_the_bus() {
    let (world, tasks) = world();
    let other = world.handle();
    let users = Rc::strong_count(&world.bus);
    world.bus.replies.are([Reply::never()]);
    assert_eq!(send(&tasks, &world.pool, "m1").take(), Ok("delivered"));
    for pool in [&world.pool, &other] {
        pool.abandon().expect("no port is being called");
    }
    drop(other);
    tasks.run();
    // Only what belongs to this world itself still uses the bus, neither the two handles nor what they shared.
    assert!(Rc::strong_count(&world.bus) < users);
    let next = world.handle();
    assert_eq!(send(&tasks, &next, "m2").take(), Ok("delivered"));
    assert_eq!(world.bus.attempts(), 3 + 1 + 2, "the next begins anew");
}

#[test]
fn nothing_more_is_published_when_the_bus_answers_after_the_last_handle_was_abandoned() {
    let (world, tasks) = world();
    let answered = Signal::default();
    world.bus.replies.are([Reply::On(answered.clone())]);
    assert_eq!(send(&tasks, &world.pool, "m1").take(), Ok("delivered"));
    tasks.run();
    let attempts = world.bus.attempts();
    world.pool.abandon().expect("no port is being called");
    answered.give();
    tasks.run();
    assert_eq!(world.bus.attempts(), attempts);
}

/// A handle that was only dropped leaves behind what waits for a bus that does not answer.
#[test]
fn the_executors_task_ends_with_the_last_handle() {
    for (is_abandoned, bus_answers) in [(true, true), (true, false), (false, true)] {
        let (world, tasks) = World::driven();
        let second = match bus_answers {
            true => Reply::Now,
            false => Reply::never(),
        };
        world.bus.replies.are([Reply::Later(2), second]);
        done(world.pool.join_run(member("r1", "ag1")));
        if bus_answers {
            tasks.run();
        }
        if is_abandoned {
            world.pool.abandon().expect("no port is being called");
        }
        let bus = Rc::downgrade(&world.bus);
        drop(world);
        tasks.run();
        assert!(bus.upgrade().is_none(), "{is_abandoned} {bus_answers}");
    }
}

#[test]
fn a_handle_that_was_dropped_leaves_its_events_to_the_next_on_the_bus() {
    let (world, tasks) = world();
    let other = world.handle();
    world.bus.replies.are([Reply::RejectedLater(1)]);
    assert_eq!(send(&tasks, &other, "m1").take(), Ok("delivered"));
    world.pool.abandon().expect("no port is being called");
    drop(other);
    tasks.run();
    let next = world.handle();
    let sent = send(&tasks, &next, "m2");
    tasks.run();
    assert_eq!(sent.take(), Ok("delivered"));
    assert_eq!(world.bus.len(), 3 + 2 * 2);
}

#[test]
fn from_within_a_port_that_is_waited_for_it_is_refused() {
    let (world, _) = world();
    let pool = world.pool.clone();
    world.journal.listen(move |_| {
        let refused = pool.abandon().expect_err("the port is being called");
        assert_eq!(refused.code, ErrorCode::ReentrantCall);
    });
    let pool = world.pool.clone();
    world.bus.handle(move |_| {
        let refused = pool.abandon().expect_err("the port is being called");
        assert_eq!(refused.code, ErrorCode::ReentrantCall);
        None
    });
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
}
