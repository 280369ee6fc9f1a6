//! Closing a handle: later calls are refused, and those under way are finished.

use agent_pool::{
    domain::{AgentErrorKind, ErrorCode, RetryClassification},
    pool::{AgentPool, MessageStatus},
    record::EventKind,
};

use crate::host::*;

fn every_call() -> Vec<Call> {
    vec![
        Call::Join(member("r2", "ag2")),
        Call::Leave(run("r1")),
        Call::Send(message("m1", "r1", to_run("r1"))),
        Call::Status(
            message("m1", "r1", to_run("r1")),
            MessageStatus::Failed,
            vec![],
        ),
        Call::Suspend(wake("w1", "r1", on(EventKind::RunMessageFailed))),
        Call::Poll(condition("w1")),
        Call::Cancel(condition("w1")),
        Call::Observe(host_event("e0", "r1", EventKind::ToolCompleted)),
        Call::Members,
        Call::Snapshot,
    ]
}

fn world() -> World {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    world
}

fn send(tasks: &Tasks, pool: &AgentPool, message_id: &str) -> Outcome<Result<(), ErrorCode>> {
    let (pool, sent) = (pool.clone(), message(message_id, "r1", to_run("r1")));
    tasks.start(async move { pool.send(sent).await.map(drop).map_err(|error| error.code) })
}

fn close(tasks: &Tasks, pool: &AgentPool) -> Outcome<Result<(), ErrorCode>> {
    let pool = pool.clone();
    tasks.start(async move { pool.close().await.map_err(|error| error.code) })
}

#[test]
fn every_call_on_a_closed_handle_is_refused() {
    let world = world();
    done(world.pool.close());
    for call in every_call() {
        let error = now(call.make(&world.pool)).unwrap_err();
        assert_eq!(error.code, ErrorCode::Closed);
        assert_eq!(error.kind, AgentErrorKind::Cancellation);
        assert_eq!(error.retry, RetryClassification::NotRetryable);
        assert_eq!(error.ids.pool_id, Some(pool_id()));
    }
    let filter = on(EventKind::RunMessageFailed);
    assert_eq!(
        refused(world.pool.subscribe(filter.clone(), None)),
        ErrorCode::Closed
    );
    assert_eq!(
        refused(world.pool.scope_filter(filter.clone())),
        ErrorCode::Closed
    );
    assert_eq!(
        refused(world.pool.compile_scoped_filter(filter)),
        ErrorCode::Closed
    );
    assert_eq!(refused(world.pool.watch_pool(None)), ErrorCode::Closed);
    assert_eq!(refused(world.pool.flush()), ErrorCode::Closed);
    assert_eq!(world.extent(), (2, 2, 3));
}

#[test]
fn a_clone_of_a_handle_is_closed_with_it_and_another_handle_is_not() {
    let world = world();
    let (clone, other) = (world.pool.clone(), world.handle());
    done(world.pool.close());
    assert_eq!(refused(clone.members()), ErrorCode::Closed);
    assert_eq!(done(other.members()).len(), 1);
    done(other.join_run(member("r2", "ag2")));
}

#[test]
fn closing_again_is_no_error() {
    let world = world();
    done(world.pool.close());
    done(world.pool.close());
}

#[test]
fn what_was_called_before_is_finished_and_closing_waits_for_it() {
    let tasks = Tasks::default();
    let world = world();
    let journaled = Signal::default();
    world.journal.replies.are([Reply::On(journaled.clone())]);
    let sends = ["m1", "m2", "m3"].map(|message_id| send(&tasks, &world.pool, message_id));
    tasks.run();
    let closed = close(&tasks, &world.pool);
    tasks.run();
    let late = send(&tasks, &world.pool, "m4");
    tasks.run();
    assert_eq!(late.take(), Err(ErrorCode::Closed), "it is not waited for");
    assert!(!closed.is_there());

    journaled.give();
    tasks.run();
    for sent in sends {
        assert_eq!(sent.take(), Ok(()));
    }
    assert_eq!(closed.take(), Ok(()));
    assert_eq!(world.bus.len(), 2 + 3 * 2);
    world.restarted().assert_sound();
}

#[test]
fn closing_waits_for_the_events_that_are_on_their_way_to_the_bus() {
    let tasks = Tasks::default();
    let world = world();
    world.bus.replies.are([Reply::Later(3), Reply::Later(2)]);
    let sent = send(&tasks, &world.pool, "m1");
    tasks.run();
    assert_eq!((sent.take(), world.bus.len()), (Ok(()), 2));
    let closed = close(&tasks, &world.pool);
    tasks.run();
    assert_eq!(closed.take(), Ok(()));
    assert_eq!(world.bus.len(), 4);
}

#[test]
fn closing_tells_that_the_bus_rejected_an_event_and_the_handle_is_closed_all_the_same() {
    let world = world();
    world.bus.down.set(true);
    done(world.pool.send(message("m1", "r1", to_run("r1"))));
    let error = error_of(world.pool.close());
    assert_eq!(error.code, ErrorCode::EventBusRejected);
    assert_eq!(thrown(&error), Some(&PortFault(BUS_FAULT)));
    assert_eq!(refused(world.pool.members()), ErrorCode::Closed);
}

#[test]
fn closing_again_publishes_what_the_bus_rejected_so_that_no_event_is_lost() {
    let world = world();
    world.bus.down.set(true);
    done(world.pool.send(message("m1", "r1", to_run("r1"))));
    refused(world.pool.close());
    world.bus.down.set(false);
    done(world.pool.close());
    assert_eq!(world.bus.len(), 4);
}

#[test]
fn closing_again_waits_as_closing_does() {
    let tasks = Tasks::default();
    let world = world();
    let journaled = Signal::default();
    world.journal.replies.are([Reply::On(journaled.clone())]);
    let sent = send(&tasks, &world.pool, "m1");
    tasks.run();
    let (first, second) = (close(&tasks, &world.pool), close(&tasks, &world.pool));
    tasks.run();
    assert!(!first.is_there() && !second.is_there());
    journaled.give();
    tasks.run();
    assert_eq!(
        (sent.take(), first.take(), second.take()),
        (Ok(()), Ok(()), Ok(()))
    );
}

#[test]
fn a_call_from_before_that_shared_another_handles_send_is_carried_out_when_that_is_given_up() {
    let (world, tasks) = World::driven();
    done(world.pool.join_run(member("r1", "ag1")));
    let other = world.handle();
    world.journal.replies.are([Reply::never()]);
    let first = send(&tasks, &other, "m1");
    let again = send(&tasks, &world.pool, "m1");
    tasks.run();
    let closed = close(&tasks, &world.pool);
    tasks.run();
    assert!(!again.is_there() && !closed.is_there());
    other.abandon().unwrap();
    first.give_up();
    tasks.run();
    assert_eq!((again.take(), closed.take()), (Ok(()), Ok(())));
    assert_eq!(world.journal.story().last().unwrap(), "delivered m1 for r1");
}
