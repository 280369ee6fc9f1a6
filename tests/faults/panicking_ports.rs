//! A port of a native host that panics as it is called, under a host that goes on after it: it counts as a port that
//! failed.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

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
