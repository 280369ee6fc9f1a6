//! A bus that calls the pool while it is asked to publish: the call takes its turn, and there is no deadlock.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use agent_pool::{
    domain::{AgentError, ErrorCode},
    pool::{AgentPool, MessageReceipt},
    port::poll_once,
    record::{EventFrame, EventKind},
};

use crate::host::*;

fn world() -> (World, Tasks) {
    let (world, tasks) = World::driven();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    (world, tasks)
}

fn is_delivery_of(frame: &EventFrame, message_id: &str) -> bool {
    let event = &frame.event.envelope;
    let about = event
        .message_id
        .as_ref()
        .map(|message_id| message_id.as_str());
    event.event_kind == EventKind::RunMessageDelivered && about == Some(message_id)
}

type Sent = Result<MessageReceipt, AgentError>;

/// What the runs that answer a message got, when they were told of a delivery of `m1`.
type Answers = Rc<RefCell<Vec<Outcome<Sent>>>>;

fn answer(pool: &AgentPool) -> impl Future<Output = Sent> + 'static + use<> {
    let pool = pool.clone();
    async move { pool.send(message("m2", "r2", to_run("r1"))).await }
}

const WHOLE_STORY: [&str; 4] = [
    "accepted m1 for r2",
    "delivered m1 for r2",
    "accepted m2 for r1",
    "delivered m2 for r1",
];

#[test]
fn a_call_begun_in_publish_takes_its_turn_after_the_operation() {
    let (world, tasks) = world();
    let answers = Answers::default();
    let (kept, pool, started) = (Rc::clone(&answers), world.pool.clone(), tasks.clone());
    world.bus.handle(move |frame| {
        if frame.event.envelope.event_kind == EventKind::RunMessageAccepted && answers_wanted(&kept)
        {
            let mut sending = Box::pin(answer(&pool));
            assert!(poll_once(sending.as_mut()).is_none(), "the turn is taken");
            kept.borrow_mut().push(started.start(sending));
        }
        None
    });
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    tasks.run();
    let answered = answers.borrow()[0].take().expect("the answer is sent");
    assert_eq!(answered.status.as_str(), "delivered");
    assert_eq!(world.journal.story()[3..], WHOLE_STORY);
    world.assert_sound();
}

fn answers_wanted(answers: &Answers) -> bool {
    answers.borrow().is_empty()
}

#[test]
fn a_call_that_an_asynchronous_publish_awaits_does_not_deadlock() {
    let (world, tasks) = world();
    let pool = world.pool.clone();
    world.bus.handle(move |frame| {
        let called = is_delivery_of(frame, "m1").then(|| answer(&pool));
        called.map(|called| Box::pin(async move { called.await.map(drop) }) as _)
    });
    let pool = world.pool.clone();
    let sent = tasks.start(async move { pool.send(message("m1", "r1", to_run("r2"))).await });
    tasks.run();
    sent.take().expect("the send succeeds");
    assert_eq!(world.journal.story()[3..], WHOLE_STORY);
    world.assert_sound();
}

#[test]
fn neither_do_several_calls_of_every_kind_awaited_in_every_publish() {
    let (world, tasks) = world();
    let pool = world.pool.clone();
    world.bus.handle(move |frame| {
        let event = &frame.event.envelope;
        // Every event of a message is answered with a wake, every event of a wake only with reading.
        let seq = event_number(event.event_id.as_str()).to_owned();
        let about_message = event.message_id.is_some();
        let pool = pool.clone();
        Some(Box::pin(async move {
            ticks(2).await;
            pool.members().await?;
            if about_message {
                let waiting = wake(&format!("w{seq}"), "r1", on(EventKind::RunMessageCancelled));
                pool.suspend_until(run("r1"), waiting).await?;
                pool.cancel_wake(&condition(&format!("w{seq}"))).await?;
            }
            pool.snapshot().await?;
            Ok(())
        }))
    });
    for message_id in ["m1", "m2", "m3"] {
        let pool = world.pool.clone();
        let sent = message(message_id, "r1", to_run("r2"));
        tasks.start(async move { pool.send(sent).await });
    }
    tasks.run();
    let pool = world.pool.clone();
    let flushed = tasks.start(async move { pool.flush().await });
    tasks.run();
    flushed.take().expect("everything is published");
    assert_eq!(world.journal.len(), 3 + 3 * 2 + 3 * 2 * 2);
    world.assert_sound();
}

#[test]
fn without_an_executor_an_asynchronous_publish_that_awaits_a_call_does_not_deadlock_either() {
    let tasks = Tasks::default();
    let world = World::new();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    let pool = world.pool.clone();
    world.bus.handle(move |frame| {
        let called = is_delivery_of(frame, "m1").then(|| answer(&pool));
        called.map(|called| Box::pin(async move { called.await.map(drop) }) as _)
    });
    let pool = world.pool.clone();
    let both = tasks.start(async move {
        pool.send(message("m1", "r1", to_run("r2"))).await?;
        pool.flush().await
    });
    tasks.run();
    both.take().expect("sent and flushed");
    assert_eq!(world.journal.story()[3..], WHOLE_STORY);
    world.assert_sound();
}

#[test]
fn flush_and_close_called_in_publish_are_refused_as_they_would_wait_for_it() {
    let (world, _) = world();
    let codes = Rc::new(RefCell::new(Vec::new()));
    let (kept, pool) = (Rc::clone(&codes), world.pool.clone());
    world.bus.handle(move |_| {
        for answer in [poll_once(pool.flush()), poll_once(pool.close())] {
            kept.borrow_mut()
                .push(answer.expect("at once").unwrap_err().code);
        }
        None
    });
    done(world.pool.leave_run(&run("r2")));
    assert_eq!(codes.take(), [ErrorCode::ReentrantCall; 2]);
    world.bus.handle(|_| None);
    // A refused call has not happened: the handle is open.
    assert_eq!(done(world.pool.members()).len(), 1);
}

#[test]
fn a_call_awaited_by_the_publication_that_is_tried_again_does_not_deadlock() {
    let (world, tasks) = world();
    world.bus.down.set(true);
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    world.bus.down.set(false);
    let pool = world.pool.clone();
    world.bus.handle(move |frame| {
        let called = is_delivery_of(frame, "m1").then(|| answer(&pool));
        called.map(|called| Box::pin(async move { called.await.map(drop) }) as _)
    });
    let pool = world.pool.clone();
    let next = tasks.start(async move { pool.join_run(member("r3", "ag3")).await });
    tasks.run();
    assert!(next.is_there(), "the next operation is not stuck");
    world.assert_sound();
}

#[test]
fn neither_does_one_for_a_message_that_is_in_flight_and_waits_for_that_publication() {
    for joins_first in [false, true] {
        let (world, tasks) = world();
        world.bus.down.set(true);
        done(world.pool.send(message("m1", "r1", to_run("r2"))));
        world.bus.down.set(false);
        let (pool, answered) = (world.pool.clone(), Cell::new(false));
        world.bus.handle(move |_| {
            let called = (!answered.replace(true)).then(|| answer(&pool));
            called.map(|called| Box::pin(async move { called.await.map(drop) }) as _)
        });
        // The frame is tried again by the send itself, or by another operation that the send waits behind.
        let joined = joins_first.then(|| {
            let pool = world.pool.clone();
            tasks.start(async move { pool.join_run(member("r3", "ag3")).await })
        });
        let sent = tasks.start(answer(&world.pool));
        tasks.run();
        assert!(joined.is_none_or(|joined| joined.is_there()));
        sent.take().expect("the message is sent");
        done(world.pool.flush());
        let story = world.journal.story();
        assert_eq!(story[story.len() - 2..], WHOLE_STORY[2..]);
        world.assert_sound();
    }
}

#[test]
fn operations_keep_their_order_while_a_frame_is_tried_again() {
    let (world, tasks) = world();
    world.bus.down.set(true);
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    world.bus.down.set(false);
    let up_again = Signal::default();
    let waited_for = up_again.clone();
    world.bus.handle(move |frame| {
        let wait = waited_for.wait();
        let slow = is_delivery_of(frame, "m1");
        slow.then(|| {
            Box::pin(async move {
                wait.await;
                Ok(())
            }) as _
        })
    });
    let joiner = world.pool.clone();
    let joined = tasks.start(async move { joiner.join_run(member("r3", "ag3")).await });
    let sender = world.pool.clone();
    let sent = tasks.start(async move { sender.send(message("m2", "r1", to_run("r3"))).await });
    tasks.run();
    up_again.give();
    tasks.run();
    joined.take().expect("joined");
    let receipt = sent.take().expect("sent");
    assert_eq!(receipt.status.as_str(), "delivered", "the join came first");
    world.assert_sound();
}

#[test]
fn an_operation_waits_for_the_frame_that_is_tried_again_and_fails_if_it_is_rejected_again() {
    let (world, tasks) = world();
    world.bus.down.set(true);
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    world.bus.down.set(false);
    let answer = Signal::default();
    let waited_for = answer.clone();
    world.bus.handle(move |_| {
        let wait = waited_for.wait();
        let rejection = || Err(port_error(ErrorCode::EventBusRejected, "still down"));
        Some(Box::pin(async move {
            wait.await;
            rejection()
        }) as _)
    });
    let records = world.journal.len();
    let joiner = world.pool.clone();
    let joined = tasks.start(async move { joiner.join_run(member("r3", "ag3")).await });
    tasks.run();
    assert!(!joined.is_there(), "the operation waits for the bus");
    answer.give();
    tasks.run();
    let error = joined.take().expect_err("the bus is still down");
    assert_eq!(error.code, ErrorCode::EventBusRejected);
    assert_eq!(world.journal.len(), records, "nothing is journaled");
}

#[test]
fn an_arrival_ends_the_wait_for_a_retry_whoever_makes_it() {
    let (world, tasks) = world();
    world.bus.down.set(true);
    done(world.pool.join_run(member("r3", "ag3")));
    world.bus.down.set(false);
    world.bus.replies.are([Reply::never()]);
    // The operation itself tries the frame again.
    let pool = world.pool.clone();
    let joined = tasks.start(async move { pool.join_run(member("r4", "ag4")).await });
    tasks.run();
    assert!(!joined.is_there());
    let pool = world.pool.clone();
    let read = tasks.start(async move { pool.members().await });
    tasks.run();
    joined.take().expect("it goes on");
    assert_eq!(read.take().expect("it has its turn").len(), 4);
}
