//! The history of a pool, while it goes on.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use agent_pool::{domain::ErrorCode, pool::AgentPoolStoreCursor};
use proptest::prelude::*;

use crate::host::*;
use crate::{sequences, watch_has_ended};

proptest! {
    /// The store may take its time, and so may the reader.
    #[test]
    fn is_given_whole_and_in_order_to_readers_of_any_pace(
        steps in prop::collection::vec((any::<bool>(), 0..5_usize), 1..40),
        after in prop::option::of(0..12_u64),
        later in prop::collection::vec(0..3_u32, 0..40),
    ) {
        let tasks = Tasks::default();
        let world = World::of(WorldPlan { executor: Some(tasks.clone()), ..WorldPlan::default() });
        let latencies = later.into_iter().map(|ticks| match ticks {
            0 => Reply::Now,
            ticks => Reply::Later(ticks),
        });
        world.log.read.are(latencies);
        let watch = world.pool.watch_pool_live(after.map(AgentPoolStoreCursor::new));
        let mut given = Vec::new();
        for (number, (joins, reads)) in steps.into_iter().enumerate() {
            if joins {
                let pool = world.pool.clone();
                let name = format!("r{number}");
                tasks.call(async move { pool.join_run(member(&name, "ag1")).await });
                tasks.run();
            }
            for _ in 0..reads {
                match watch.poll_next(&mut Context::from_waker(Waker::noop())) {
                    Poll::Ready(record) => given.push(record.unwrap().unwrap().cursor.sequence),
                    Poll::Pending => tasks.run(),
                }
            }
        }
        world.log.read.are([]);
        // However slow an answer is, it is there after this many requests.
        for _ in 0..4 {
            given.extend(sequences(&watch));
        }
        let all = world.history().len() as u64;
        prop_assert_eq!(given, (after.unwrap_or_default() + 1..=all).collect::<Vec<_>>());
    }
}

#[test]
fn a_question_that_is_given_up_keeps_nobody_waiting_and_is_asked_anew() {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    let answered = Signal::default();
    world.journal.replies.are([Reply::On(answered.clone())]);
    let mut context = Context::from_waker(Waker::noop());
    let mut sending = pin!(world.pool.send(message("m1", "r1", to_run("r1"))));
    assert!(sending.as_mut().poll(&mut context).is_pending());
    let mut watch = world.pool.watch_pool_live(None);
    assert!(pin!(watch.next()).poll(&mut context).is_pending());
    answered.give();
    assert!(sending.as_mut().poll(&mut context).is_ready());
    // The watch was given its turn, and nobody polls it any more.
    assert_eq!(done(world.pool.members()).len(), 1);
    assert_eq!(sequences(&watch).len(), world.history().len());
}

#[test]
fn ends_with_the_error_of_a_store_that_fails() {
    let world = World::new();
    let watch = world.pool.watch_pool_live(None);
    assert_eq!(sequences(&watch), [1]);
    world.log.read.fail_after(0);
    done(world.pool.join_run(member("r1", "ag1")));
    let Poll::Ready(Some(Err(error))) = watch.poll_next(&mut Context::from_waker(Waker::noop()))
    else {
        panic!("the error is told");
    };
    assert_eq!(error.code, ErrorCode::StoreRejected);
    assert!(watch_has_ended(&watch));
}

#[test]
fn holds_up_nobody_while_the_store_takes_its_time_and_misses_nothing() {
    let (world, tasks) = World::driven();
    let answered = Signal::default();
    world.log.read.are([Reply::On(answered.clone())]);
    let watch = world.pool.watch_pool_live(None);
    let mut context = Context::from_waker(Waker::noop());
    assert!(watch.poll_next(&mut context).is_pending());
    let pool = world.pool.clone();
    let joined = tasks.call(async move { pool.join_run(member("r1", "ag1")).await });
    tasks.run();
    assert!(joined.is_there());
    answered.give();
    assert_eq!(sequences(&watch), [1, 2, 3]);
}
