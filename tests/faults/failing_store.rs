//! A store that fails: the state stays as the store has it.

use agent_pool::{
    domain::{AgentErrorKind, ErrorCode, RetryClassification},
    pool::{MessageStatus, WakeRegistrationStatus},
    record::EventKind,
};

use crate::host::*;

fn world() -> World {
    let world = World::new();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world
}

/// Asserts that the state is what is stored, and that the bus has the event of every stored record, in order.
#[track_caller]
fn assert_store_and_bus_agree(world: &World) {
    let history = world.history();
    for (sequence, record) in (1..).zip(&history) {
        assert_eq!(record.cursor.sequence, sequence);
    }
    let snapshot = world.snapshot();
    assert_eq!(
        snapshot.cursor.map(|cursor| cursor.sequence),
        Some(history.len() as u64)
    );
    let frames = world.bus.taken();
    let event_ids: Vec<_> = frames
        .iter()
        .map(|frame| frame.event.envelope.event_id.as_str().to_owned())
        .collect();
    let expected: Vec<_> = (1..history.len())
        .map(|number| format!("event.agent_pool.pool.x.{number}"))
        .collect();
    assert_eq!(event_ids, expected);
}

#[test]
fn a_pool_whose_store_cannot_be_read_is_not_built_until_it_can() {
    let world = world();
    let pool_id = || id("pool.new");
    let build = || {
        let builder = agent_pool::pool::AgentPool::builder(pool_id());
        builder
            .runtime(world.ports())
            .store(world.store.clone())
            .build()
    };
    world.log.read.fail_after(0);
    let error = error_of(build());
    assert_eq!(error.code, ErrorCode::StoreRejected);
    assert_eq!(error.kind, AgentErrorKind::JournalFailure);
    assert_eq!(error.retry, RetryClassification::Retryable);
    assert_eq!(thrown(&error), Some(&PortFault(STORE_FAULT)));

    world.log.append.fail_after(0);
    assert_eq!(refused(build()), ErrorCode::StoreRejected);
    assert!(world.log.records(&pool_id()).is_empty());

    let pool = done(build());
    assert_eq!(world.log.records(&pool_id()).len(), 1);
    done(pool.join_run(member("r1", "ag1")));
    // The pool is opened only once.
    done(build());
    assert_eq!(world.log.records(&pool_id()).len(), 3);
}

#[test]
fn a_transition_that_the_store_rejects_is_not_known_and_not_published() {
    let world = world();
    for call in [
        Call::Join(member("r3", "ag3")),
        Call::Leave(run("r1")),
        Call::Send(message("m1", "r1", to_run("r2"))),
        Call::Suspend(wake("w1", "r1", on(EventKind::RunMessageFailed))),
    ] {
        let (history, snapshot, frames) = (world.history(), world.snapshot(), world.bus.taken());
        world.log.append.fail_after(0);
        let error = now(call.make(&world.pool)).unwrap_err();
        assert_eq!(error.code, ErrorCode::StoreRejected);
        assert_eq!(thrown(&error), Some(&PortFault(STORE_FAULT)));
        assert_eq!(world.history(), history);
        assert_eq!(world.snapshot(), snapshot);
        assert_eq!(world.bus.taken(), frames);
    }
}

#[test]
fn an_operation_that_the_store_made_fail_happens_at_a_retry_wherever_it_failed() {
    let send = [
        "accepted m1 for r2",
        "triggered w1 by 6",
        "delivered m1 for r2",
        "triggered w2 by 8",
    ];
    for failing in 0..send.len() {
        let world = world();
        for (condition_id, kind) in [
            ("w1", EventKind::RunMessageAccepted),
            ("w2", EventKind::RunMessageDelivered),
        ] {
            done(
                world
                    .pool
                    .suspend_until(run("r2"), wake(condition_id, "r2", on(kind))),
            );
        }
        world.log.append.fail_after(failing);
        let sent = || world.pool.send(message("m1", "r1", to_run("r2")));
        assert_eq!(refused(sent()), ErrorCode::StoreRejected);
        assert_store_and_bus_agree(&world);
        let receipt = done(sent());
        assert_eq!(receipt.status, MessageStatus::Delivered);
        assert_store_and_bus_agree(&world);

        // The journal took a record whose transition was then not stored. So it holds that record twice, with the same
        // content.
        let mut story = world.journal.story().split_off(5);
        story.dedup();
        assert_eq!(story, send, "record {failing}");
        for (number, record) in (1..).zip(world.journal.records()) {
            assert_eq!(record.journal_seq, number);
        }
        let wakes = world.snapshot().wakes;
        let ended = |wake: &std::sync::Arc<agent_pool::pool::AgentPoolStoredWake>| {
            wake.registration.status == WakeRegistrationStatus::Triggered
        };
        assert!(wakes.iter().all(ended));
    }
}

#[test]
fn a_history_that_cannot_be_read_is_told_and_read_by_a_retry() {
    let world = world();
    world.log.read.fail_after(0);
    let error = error_of(world.pool.watch_pool(None));
    assert_eq!(error.code, ErrorCode::StoreRejected);
    assert_eq!(done(world.pool.watch_pool(None)).len(), 4);
    world.log.read.fail_after(0);
    assert_eq!(
        refused(world.store.records_after(&pool_id(), None)),
        ErrorCode::StoreRejected
    );
    // The pool itself does not read the store again.
    world.log.read.fail_after(0);
    done(world.pool.leave_run(&run("r1")));
}

#[test]
fn a_store_that_takes_its_time_is_waited_for() {
    let tasks = Tasks::default();
    let world = world();
    world.log.append.are(vec![Reply::Later(2); 20]);
    let pool = world.pool.clone();
    let sent = tasks.start(async move { pool.send(message("m1", "r1", to_run("r2"))).await });
    tasks.step();
    assert_eq!(
        world.bus.len(),
        3,
        "nothing is published before it is stored"
    );
    tasks.run();
    assert_eq!(sent.take().unwrap().status, MessageStatus::Delivered);
    world.assert_sound();
}
