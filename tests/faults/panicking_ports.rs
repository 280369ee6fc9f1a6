//! A port of a native host that panics, as it is called or later, under a host that goes on after it: it counts as a
//! port that failed.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use agent_pool::domain::ErrorCode;

use crate::host::*;

/// A world of two runs.
fn world() -> World {
    let world = World::new();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world
}

/// Panics at the call with that number.
fn panics_at(number: usize) -> impl Fn() {
    let calls = Cell::new(0);
    move || {
        calls.set(calls.get() + 1);
        assert!(calls.get() != number, "the port has a fault");
    }
}

/// Sends m1. Returns whether a port panicked.
fn send_in_danger(world: &World) -> bool {
    let sending = || done(world.pool.send(message("m1", "r1", to_run("r2"))));
    catch_unwind(AssertUnwindSafe(sending)).is_err()
}

#[test]
fn a_send_whose_journal_panicked_is_finished_by_a_retry() {
    for number in [1, 2] {
        let world = world();
        let count = panics_at(number);
        world.journal.listen(move |_| count());
        assert!(send_in_danger(&world));
        assert!(!send_in_danger(&world));
        assert_eq!(
            world.journal.story()[3..],
            ["accepted m1 for r2", "delivered m1 for r2"]
        );
        world.assert_sound();
    }
}

#[test]
fn an_event_whose_bus_panicked_is_published_next() {
    for number in [1, 2] {
        let world = world();
        let count = panics_at(number);
        world.bus.handle(move |_| {
            count();
            None
        });
        assert!(send_in_danger(&world));
        assert!(!send_in_danger(&world));
        done(world.pool.send(message("m2", "r2", to_run("r1"))));
        world.assert_sound();
    }
}

#[test]
fn so_is_one_whose_bus_panicked_later_and_nobody_waits_for_ever() {
    let world = world();
    let count = panics_at(1);
    let count = Rc::new(count);
    world.bus.handle(move |_| {
        let count = Rc::clone(&count);
        Some(Box::pin(async move {
            count();
            Ok(())
        }))
    });
    assert!(send_in_danger(&world));
    done(world.pool.flush());
    assert!(!send_in_danger(&world));
    world.assert_sound();
}

#[test]
fn sends_that_go_with_one_whose_journal_panics_fail_and_a_retry_finishes_them() {
    let (world, tasks) = World::driven();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world.journal.batching.set(true);
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    let send = |message_id: &str| {
        let (pool, sent) = (world.pool.clone(), message(message_id, "r1", to_run("r2")));
        tasks.start(async move { pool.send(sent).await.map(drop).map_err(|error| error.code) })
    };
    let [first, second, third] = ["m1", "m2", "m3"].map(send);
    // The two records of the first message are taken before those of the others, which go together.
    let count = panics_at(3);
    world.journal.listen(move |_| count());
    taken.give();
    let mut panics = 0;
    while catch_unwind(AssertUnwindSafe(|| tasks.run())).is_err() {
        panics += 1;
    }
    assert_eq!(panics, 1);
    first.take().expect("it was sent before");
    // Whichever of the two was polling the append is gone with the panic.
    let outcomes = [second, third].map(|sent| sent.is_there().then(|| sent.take()));
    assert!(outcomes.contains(&Some(Err(ErrorCode::InvalidPortAnswer))));
    for message_id in ["m2", "m3", "m4"] {
        let sent = send(message_id);
        tasks.run();
        assert_eq!(sent.take(), Ok(()));
    }
    world.assert_sound();
}
