//! A journal or a store that called the pool while `append` runs would wait for itself, so the call is refused.

use std::cell::RefCell;
use std::rc::Rc;

use agent_pool::{
    domain::{AgentErrorKind, ErrorCode, RetryClassification},
    pool::{AgentPool, MessageStatus},
    port::poll_once,
    record::EventKind,
};

use crate::host::*;

fn every_call() -> Vec<Call> {
    vec![
        Call::Join(member("r2", "ag2")),
        Call::Leave(run("r1")),
        Call::Send(message("m9", "r1", to_run("r1"))),
        Call::Status(
            message("m9", "r1", to_run("r1")),
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

/// Makes calls on `called` from within the append of a record; returns the codes of their errors.
fn refusals(world: &World, called: AgentPool) -> Vec<&'static str> {
    let refusals = Rc::new(RefCell::new(Vec::new()));
    let kept = Rc::clone(&refusals);
    world.journal.listen(move |_| {
        for call in every_call() {
            let answer = poll_once(call.make(&called)).expect("it is refused at once");
            let error = answer.expect_err("it is refused");
            assert_eq!(error.kind, AgentErrorKind::InvalidStateTransition);
            assert_eq!(error.retry, RetryClassification::NotRetryable);
            kept.borrow_mut().push(error.code.as_str());
        }
        let filter = on(EventKind::RunMessageFailed);
        let others = [
            poll_once(called.subscribe(filter.clone(), None)).map(|answer| answer.err()),
            poll_once(called.scope_filter(filter)).map(|answer| answer.err()),
            poll_once(called.watch_pool(None)).map(|answer| answer.err()),
            poll_once(called.flush()).map(|answer| answer.err()),
            poll_once(called.close()).map(|answer| answer.err()),
        ];
        for other in others {
            let error = other.flatten().expect("it is refused at once");
            kept.borrow_mut().push(error.code.as_str());
        }
    });
    done(world.pool.send(message("m1", "r1", to_run("r1"))));
    world.journal.listen(|_| {});
    refusals.take()
}

fn world() -> World {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    world
}

#[test]
fn every_call_made_while_append_runs_is_refused_and_the_operation_goes_on() {
    let world = world();
    let refusals = refusals(&world, world.pool.clone());
    assert_eq!(refusals, ["reentrant_call"; 2 * 15]);
    assert_eq!(world.journal.len(), 4);
    world.assert_sound();
    // Afterwards the pool can be called as before.
    done(world.pool.join_run(member("r2", "ag2")));
}

#[test]
fn one_made_while_append_batch_runs_is_refused_too() {
    let world = world();
    world.journal.batching.set(true);
    let refusals = refusals(&world, world.pool.clone());
    assert_eq!(refusals, ["reentrant_call"; 2 * 15]);
    assert_eq!(world.journal.calls()[2..], [[3, 4]]);
    world.assert_sound();
}

/// It does not wait for itself, as a later call with its key would.
#[test]
fn the_same_send_made_while_its_append_runs_is_refused() {
    let world = world();
    let (pool, refusals) = (world.pool.clone(), Rc::new(RefCell::new(Vec::new())));
    let kept = Rc::clone(&refusals);
    world.journal.listen(move |_| {
        let again = poll_once(pool.send(message("m1", "r1", to_run("r1"))));
        let error = again.expect("it is refused at once").expect_err("refused");
        kept.borrow_mut().push(error.code);
    });
    done(world.pool.send(message("m1", "r1", to_run("r1"))));
    assert_eq!(refusals.take(), [ErrorCode::ReentrantCall; 2]);
    world.journal.listen(|_| {});
    world.assert_sound();
}

#[test]
fn a_call_through_another_handle_of_the_same_pool_is_refused_as_well() {
    let world = world();
    let refusals = refusals(&world, world.handle());
    assert_eq!(refusals, ["reentrant_call"; 2 * 15]);
    world.assert_sound();
}

#[test]
fn calls_made_while_the_store_appends_are_refused_as_well_and_its_history_stays_whole() {
    let world = world();
    let (pool, refusals) = (world.pool.clone(), Rc::new(RefCell::new(Vec::new())));
    let kept = Rc::clone(&refusals);
    world.log.listen(move || {
        let sent = poll_once(pool.send(message("m9", "r1", to_run("r1"))));
        let error = sent.expect("it is refused at once").expect_err("refused");
        kept.borrow_mut().push(error.code);
    });
    done(world.pool.send(message("m1", "r1", to_run("r1"))));
    assert_eq!(refusals.take(), [ErrorCode::ReentrantCall; 2]);
    world.log.listen(|| {});
    done(world.pool.send(message("m2", "r1", to_run("r1"))));
    world.assert_sound();
}

#[test]
fn another_handle_on_the_pool_is_not_built_while_append_runs() {
    let world = world();
    let (builder, refusals) = (world.builder(), Rc::new(RefCell::new(Vec::new())));
    let kept = Rc::clone(&refusals);
    world.journal.listen(move |_| {
        let built = poll_once(builder.clone().build()).expect("it is refused at once");
        kept.borrow_mut().push(built.err().map(|error| error.code));
    });
    done(world.pool.leave_run(&run("r1")));
    assert_eq!(refusals.take(), [Some(ErrorCode::ReentrantCall)]);
    done(world.builder().build());
}

#[test]
fn a_call_made_while_append_throws_is_refused_and_the_pool_stays_callable() {
    let world = world();
    let pool = world.pool.clone();
    world
        .journal
        .listen(move |_| assert_eq!(refused(pool.members()), ErrorCode::ReentrantCall));
    world.journal.replies.fail_after(0);
    assert_eq!(
        refused(world.pool.leave_run(&run("r1"))),
        ErrorCode::JournalRejected
    );
    assert_eq!(done(world.pool.members()).len(), 1);
}

#[test]
fn another_pool_may_be_called_while_append_runs() {
    let world = world();
    let builder = AgentPool::builder(id("pool.audit")).store(world.store.clone());
    let ports =
        agent_pool::pool::RuntimePorts::in_memory(Rc::new(agent_pool::memory::LogicalClock));
    let audit = done(builder.runtime(ports).build());
    done(audit.join_run(member("r.audit", "ag.audit")));
    let called = audit.clone();
    world.journal.listen(move |record| {
        let name = format!("about {}", record.journal_seq);
        done(called.send(message(&name, "r.audit", to_run("r.audit"))));
    });
    done(world.pool.send(message("m1", "r1", to_run("r1"))));
    assert_eq!(done(audit.snapshot()).messages.len(), 2);
}

#[test]
fn a_call_made_after_append_returned_takes_its_turn_however_long_the_record_takes() {
    let tasks = Tasks::default();
    let world = world();
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    let pool = world.pool.clone();
    let sent = tasks.start(async move { pool.send(message("m1", "r1", to_run("r1"))).await });
    tasks.run();
    let pool = world.pool.clone();
    let read = tasks.start(async move { pool.snapshot().await });
    tasks.run();
    assert!(!read.is_there(), "it waits, and is not refused");
    taken.give();
    tasks.run();
    sent.take().expect("the send succeeds");
    assert_eq!(read.take().expect("reading works").messages.len(), 1);
}

#[test]
fn a_call_that_append_begins_and_does_not_await_is_told_so_too() {
    let world = world();
    let pool = world.pool.clone();
    let begun = Rc::new(RefCell::new(None));
    let kept = Rc::clone(&begun);
    world.journal.listen(move |_| {
        let pool = pool.clone();
        let mut members = Box::pin(async move { pool.members().await });
        kept.replace(Some(poll_once(members.as_mut())));
    });
    done(world.pool.leave_run(&run("r1")));
    let error = begun
        .take()
        .flatten()
        .expect("it is refused at once")
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::ReentrantCall);
    assert_eq!(error.ids.pool_id, Some(pool_id()));
}
