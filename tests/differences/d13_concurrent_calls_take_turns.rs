//! D13: concurrent calls have the same outcome as if they ran one after the other, over all handles of one store.
//! `tests/turns` tests this in more detail.

use agent_pool::pool::{MessageReceipt, MessageStatus};

use crate::host::*;

/// A world with an executor. [`slowly`] makes its journal slow.
fn slow_world() -> (World, Tasks) {
    World::driven()
}

fn slowly(world: &World) {
    let latencies = (0..40).map(|number| Reply::Later(number % 3));
    world.journal.replies.are(latencies);
}

#[test]
fn d13_two_handles_that_send_one_key_at_once_deliver_once() {
    for start in 0..2 {
        let (world, tasks) = slow_world();
        done(world.pool.join_run(member("r1", "ag1")));
        slowly(&world);
        let handles = [world.pool.clone(), world.handle()];
        let outcomes = [start, 1 - start].map(|index: usize| {
            let pool = handles[index].clone();
            tasks.start(async move { pool.send(message("m1", "r1", to_run("r1"))).await })
        });
        tasks.run();
        let [first, second]: [MessageReceipt; 2] =
            outcomes.map(|outcome| outcome.take().expect("the send succeeds"));
        assert_eq!(first, second);
        assert_eq!(first.status, MessageStatus::Delivered);
        assert_eq!(
            world.journal.story()[2..],
            ["accepted m1 for r1", "delivered m1 for r1"]
        );
    }
}

#[test]
fn d13_two_first_joins_at_once_create_the_pool_once() {
    let (world, tasks) = slow_world();
    slowly(&world);
    let handles = [world.pool.clone(), world.handle()];
    let outcomes = handles.map(|pool| {
        let joins = [("r1", "ag1"), ("r2", "ag2")];
        joins.map(|(run_id, agent_id)| {
            let pool = pool.clone();
            tasks.start(async move { pool.join_run(member(run_id, agent_id)).await })
        })
    });
    tasks.run();
    for outcome in outcomes.iter().flatten() {
        outcome.take().expect("the join succeeds");
    }
    assert_eq!(
        world.journal.story(),
        [
            "created r1",
            "run_joined r1",
            "run_joined r2",
            "run_joined r1",
            "run_joined r2"
        ]
    );
}

#[test]
fn d13_two_handles_that_register_one_condition_at_once_register_it_once() {
    let (world, tasks) = slow_world();
    done(world.pool.join_run(member("r1", "ag1")));
    slowly(&world);
    let handles = [world.pool.clone(), world.handle()];
    let outcomes = handles.map(|pool| {
        let waiting = wake(
            "w1",
            "r1",
            on(agent_pool::record::EventKind::RunMessageFailed),
        );
        tasks.start(async move { pool.suspend_until(run("r1"), waiting).await })
    });
    tasks.run();
    let [first, second] = outcomes.map(|outcome| outcome.take().expect("it is registered"));
    assert_eq!(first, second);
    assert_eq!(world.journal.story()[2..], ["registered w1"]);
}

#[test]
fn d13_of_two_messages_under_one_key_sent_at_once_one_is_sent_and_the_other_is_a_conflict() {
    let (world, tasks) = slow_world();
    done(world.pool.join_run(member("r1", "ag1")));
    slowly(&world);
    let outcomes = ["content.a", "content.b"].map(|content| {
        let pool = world.handle();
        let mut sent = message("m1", "r1", to_run("r1"));
        sent.content_ref = id(content);
        tasks.start(async move { pool.send(sent).await })
    });
    tasks.run();
    let [first, second] = outcomes.map(|outcome| outcome.take());
    assert_eq!(first.unwrap().status, MessageStatus::Delivered);
    assert_eq!(second.unwrap_err().code.as_str(), "idempotency_conflict");
    assert_eq!(world.journal.len(), 4);
}

#[test]
fn d13_a_snapshot_and_its_cursor_are_of_one_moment() {
    let (world, tasks) = slow_world();
    done(world.pool.join_run(member("r1", "ag1")));
    let other = world.handle();
    slowly(&world);
    let pool = world.pool.clone();
    let sent = tasks.start(async move { pool.send(message("m1", "r1", to_run("r1"))).await });
    let mut snapshots = Vec::new();
    for _ in 0..12 {
        tasks.step();
        let pool = other.clone();
        snapshots.push(tasks.start(async move { pool.snapshot().await }));
    }
    tasks.run();
    sent.take().expect("the send succeeds");
    for snapshot in snapshots {
        let snapshot = snapshot.take().expect("a snapshot is had");
        let sequence = snapshot.cursor.expect("the pool was opened").sequence;
        // The history ends before the send, or after all of it.
        assert!([3, 5].contains(&sequence));
        assert_eq!(snapshot.messages.len(), usize::from(sequence == 5));
    }
}
