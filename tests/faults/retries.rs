//! A publication that failed is tried again by the next operation, and who came before its answer waits for it.

use agent_pool::{domain::ErrorCode, pool::RunMessage};

use crate::host::*;

fn world() -> (World, Tasks) {
    let (world, tasks) = World::driven();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    (world, tasks)
}

const BEFORE: usize = 3;

fn m1() -> RunMessage {
    message("m1", "r1", to_run("r1"))
}

#[test]
fn a_publication_that_is_rejected_later_is_tried_again_by_the_next_operation() {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    let rejected = Signal::default();
    world.bus.replies.are([Reply::RejectedOn(rejected.clone())]);
    done(world.pool.send(m1()));
    done(world.pool.send(message("m2", "r1", to_run("r1"))));
    assert_eq!(world.bus.len(), 2, "one frame at a time is with the bus");
    rejected.give();
    soon(world.pool.send(message("m3", "r1", to_run("r1")))).expect("sent");
    assert_eq!(world.bus.len(), 8);
    world.assert_sound();
}

#[test]
fn a_publication_that_was_rejected_later_and_is_rejected_again_refuses_the_operation() {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    let rejected = Signal::default();
    world
        .bus
        .replies
        .are([Reply::RejectedOn(rejected.clone()), Reply::Rejected]);
    done(world.pool.send(m1()));
    rejected.give();
    let second = soon(world.pool.send(message("m2", "r1", to_run("r1"))));
    let error = second.expect_err("the bus rejects again");
    assert_eq!(error.code, ErrorCode::EventBusRejected);
    assert_eq!(world.journal.len(), 4);
    done(world.pool.send(message("m2", "r1", to_run("r1"))));
    world.assert_sound();
}

#[test]
fn all_who_came_before_a_retry_wait_for_it() {
    let (world, tasks) = world();
    let (joining, again) = (Signal::default(), Signal::default());
    world.journal.replies.are([Reply::On(joining.clone())]);
    let pool = world.pool.clone();
    let joined = tasks.call(async move { pool.join_run(member("r3", "ag3")).await });
    // They wait for the join, whose event is the one that fails.
    let sends = [("m1", "r1", "r2"), ("m2", "r2", "r1")].map(|(message_id, from, to)| {
        let (pool, sent) = (world.pool.clone(), message(message_id, from, to_run(to)));
        tasks.call(async move { pool.send(sent).await })
    });
    let replies = [Reply::Rejected, Reply::RejectedOn(again.clone())];
    world.bus.replies.are(replies);
    joining.give();
    tasks.run();
    joined.take().expect("the journal has it");
    assert!(!sends.iter().any(Outcome::is_there));
    again.give();
    tasks.run();
    for failed in sends {
        let error = failed.take().expect_err("the bus rejected it again");
        assert_eq!(error.code, ErrorCode::EventBusRejected);
    }
    assert_eq!(world.journal.attempts(), BEFORE + 1);
}

#[test]
fn only_the_frame_that_failed_is_waited_for() {
    let (world, tasks) = world();
    world.bus.down.set(true);
    done(world.pool.send(m1()));
    world.bus.down.set(false);
    world.bus.replies.are([Reply::Now, Reply::never()]);
    let pool = world.pool.clone();
    let joined = tasks.call(async move { pool.join_run(member("r3", "ag3")).await });
    tasks.run();
    joined.take().expect("it does not wait for the next frame");
}
