//! A bus that is asked what it holds, and that returns too much, takes its time, refuses, or calls back.

use std::cell::RefCell;
use std::rc::Rc;

use agent_pool::{
    domain::ErrorCode,
    memory::LogicalClock,
    pool::{AgentPool, RuntimePorts, WakeRegistrationStatus},
    port::poll_once,
    record::{EventCursor, EventKind, EventStreamScope},
};

use crate::host::*;

/// A pool of two members, a message between them, and an event of a run outside the pool on the bus.
fn world() -> World {
    let world = World::on_message();
    world
        .bus
        .publish_own(host_event("e.outside", "r9", EventKind::ToolCompleted));
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    world
}

fn subscribe(world: &World, kind: EventKind) -> Vec<String> {
    let frames = done(world.pool.subscribe(on(kind), None));
    frames.iter().map(frame_story).collect()
}

#[test]
fn a_bus_that_says_too_much_shows_a_subscriber_no_more_than_its_filter_does() {
    let world = world();
    world.bus.sloppy.set(true);
    assert_eq!(
        subscribe(&world, EventKind::RunMessageDelivered),
        ["5 run_message_delivered m1"]
    );
    assert!(
        subscribe(&world, EventKind::ToolCompleted).is_empty(),
        "no event of a stranger"
    );
}

#[test]
fn nor_does_it_repeat_what_comes_before_the_cursor() {
    let world = world();
    world.bus.sloppy.set(true);
    let filter = || on(EventKind::AgentPoolRunJoined);
    let joined = done(world.pool.subscribe(filter(), None));
    assert_eq!(joined.len(), 2);
    let cursor = joined[0].cursor.clone();
    let rest = done(world.pool.subscribe(filter(), Some(cursor)));
    assert_eq!(rest, joined[1..]);
}

#[test]
fn a_bus_that_answers_anything_wakes_nobody() {
    let world = world();
    world.bus.sloppy.set(true);
    let waiting = wake("w1", "r1", on(EventKind::ToolCompleted));
    let suspended = done(world.pool.suspend_until(run("r1"), waiting));
    assert_eq!(suspended.status, WakeRegistrationStatus::Registered);
    let polled = done(world.pool.poll_wake(&condition("w1")));
    assert_eq!(polled.status, WakeRegistrationStatus::Registered);
}

#[test]
fn a_bus_that_refuses_to_answer_fails_the_call() {
    let world = world();
    let waiting = wake("w1", "r1", on(EventKind::ToolCompleted));
    done(world.pool.suspend_until(run("r1"), waiting));
    let extent = world.extent();
    world.bus.questions.fail_after(0);
    let error = error_of(world.pool.poll_wake(&condition("w1")));
    assert_eq!(error.code, ErrorCode::EventBusRejected);
    assert_eq!(thrown(&error), Some(&PortFault(BUS_FAULT)));
    assert_eq!(world.extent(), extent);
    world.bus.questions.fail_after(0);
    let subscribed = world.pool.subscribe(on(EventKind::RunMessageFailed), None);
    let error = error_of(subscribed);
    assert_eq!(error.code, ErrorCode::EventBusRejected);
    assert_eq!(thrown(&error), Some(&PortFault(BUS_FAULT)));
}

#[test]
fn a_wake_for_which_the_bus_could_not_be_asked_is_registered_and_a_retry_asks_again() {
    for answers in [true, false] {
        let world = world();
        let waiting = || wake("w1", "r1", on(EventKind::RunMessageDelivered));
        world.bus.questions.fail_after(0);
        let error = error_of(world.pool.suspend_until(run("r1"), waiting()));
        assert_eq!(error.code, ErrorCode::EventBusRejected);
        assert_eq!(thrown(&error), Some(&PortFault(BUS_FAULT)));
        assert_eq!(error.ids.condition_id, Some(condition("w1")));
        let story = world.journal.story();
        assert_eq!(story.last().unwrap(), "registered w1");
        if answers {
            // The bus answers now, and the journal fails in its turn.
            world.journal.replies.fail_after(0);
            let error = refused(world.pool.suspend_until(run("r1"), waiting()));
            assert_eq!(error, ErrorCode::JournalRejected);
        }
        let registration = done(world.pool.suspend_until(run("r1"), waiting()));
        assert_eq!(registration.status, WakeRegistrationStatus::Triggered);
        assert_eq!(world.journal.story()[story.len()..], ["triggered w1 by 5"]);
        // From then on the stored registration is the answer.
        world.bus.listen(|| panic!("the bus is asked"));
        let again = done(world.pool.suspend_until(run("r1"), waiting()));
        assert_eq!(again, registration);
    }
}

/// What the host publishes while a wake is registered is there when the bus is asked (REFERENCE 20).
#[test]
fn an_event_that_gets_to_the_bus_while_a_wake_is_registered_ends_it() {
    for while_journaled in [true, false] {
        let (world, tasks) = (world(), Tasks::default());
        let bus = Rc::downgrade(&world.bus);
        let happens = move || {
            let bus = bus.upgrade().expect("the world is there");
            bus.publish_own(host_event("e1", "r1", EventKind::ToolCompleted));
        };
        let journaled = Signal::default();
        if while_journaled {
            world.journal.replies.are([Reply::On(journaled.clone())]);
        } else {
            let happens = happens.clone();
            world.bus.handle(move |frame| {
                let kind = frame.event.envelope.event_kind;
                (kind == EventKind::WakeConditionRegistered).then(&happens);
                None
            });
        }
        let (pool, waiting) = (
            world.pool.clone(),
            wake("w1", "r1", on(EventKind::ToolCompleted)),
        );
        let suspended = tasks.call(async move { pool.suspend_until(run("r1"), waiting).await });
        tasks.run();
        if while_journaled {
            happens();
            journaled.give();
            tasks.run();
        }
        let registration = suspended.take().expect("it is registered");
        assert_eq!(registration.status, WakeRegistrationStatus::Triggered);
        assert_eq!(world.journal.story().last().unwrap(), "triggered w1 by e1");
    }
}

#[test]
fn a_bus_is_not_asked_for_a_wake_that_cannot_be_registered() {
    let world = world();
    world.bus.listen(|| panic!("the bus is asked"));
    world.journal.replies.fail_after(0);
    let waiting = || wake("w1", "r1", on(EventKind::ToolCompleted));
    let error = refused(world.pool.suspend_until(run("r1"), waiting()));
    assert_eq!(error, ErrorCode::JournalRejected);
    let ports = RuntimePorts::new(Rc::new(LogicalClock)).event_bus(world.bus.clone());
    let without_journal = AgentPool::builder(pool_id())
        .runtime(ports)
        .store(world.store.clone());
    let without_journal = done(without_journal.build());
    let error = refused(without_journal.suspend_until(run("r1"), waiting()));
    assert_eq!(error, ErrorCode::JournalRequired);
}

#[test]
fn what_a_bus_answers_for_former_members_is_not_shown() {
    let (world, tasks) = (world(), Tasks::default());
    let answered = Signal::default();
    world.bus.questions.are([Reply::On(answered.clone())]);
    let pool = world.pool.clone();
    let joined = || on(EventKind::AgentPoolRunJoined);
    let frames = tasks.call(async move { pool.subscribe(joined(), None).await });
    tasks.run();
    done(world.pool.leave_run(&run("r2")));
    answered.give();
    tasks.run();
    let frames = frames.take().expect("the bus answers");
    assert_eq!(frames, done(world.pool.subscribe(joined(), None)));
}

#[test]
fn an_unfit_cursor_is_refused_before_the_bus_is_asked() {
    let world = world();
    world.bus.listen(|| panic!("the bus is asked"));
    let cursor = EventCursor {
        scope: EventStreamScope::All,
        ..world.bus.taken()[1].cursor.clone()
    };
    let subscribed = world
        .pool
        .subscribe(on(EventKind::RunMessageFailed), Some(cursor));
    assert_eq!(refused(subscribed), ErrorCode::CursorScopeMismatch);
}

#[test]
fn a_bus_that_takes_its_time_to_answer_is_waited_for_in_turn() {
    let tasks = Tasks::default();
    let world = world();
    let answered = Signal::default();
    world.bus.questions.are([Reply::On(answered.clone())]);
    let (pool, waiting) = (
        world.pool.clone(),
        wake("w1", "r1", on(EventKind::RunMessageDelivered)),
    );
    let suspended = tasks.call(async move { pool.suspend_until(run("r1"), waiting).await });
    let pool = world.pool.clone();
    let members = tasks.call(async move { pool.members().await });
    tasks.run();
    assert!(!suspended.is_there() && !members.is_there());
    answered.give();
    tasks.run();
    let registration = suspended.take().expect("it is registered");
    assert_eq!(registration.status, WakeRegistrationStatus::Triggered);
    assert_eq!(members.take().expect("reading works").len(), 2);
}

#[test]
fn an_event_that_the_bus_takes_while_it_is_asked_ends_a_wake_though_it_is_not_in_the_answer() {
    let (world, tasks) = World::driven();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    let (published, answered) = (Signal::default(), Signal::default());
    world
        .bus
        .replies
        .are([Reply::Now, Reply::On(published.clone())]);
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    world.bus.questions.are([Reply::On(answered.clone())]);
    let (pool, waiting) = (
        world.pool.clone(),
        wake("w1", "r1", on(EventKind::RunMessageDelivered)),
    );
    let suspended = tasks.call(async move { pool.suspend_until(run("r1"), waiting).await });
    tasks.run();
    published.give();
    tasks.run();
    assert!(!world.pool.has_unpublished() && !suspended.is_there());
    answered.give();
    tasks.run();
    let registration = suspended.take().expect("it is registered");
    assert_eq!(registration.status, WakeRegistrationStatus::Triggered);
}

#[test]
fn a_bus_that_fails_is_in_the_way_of_a_wake_only_if_it_has_time() {
    let world = world();
    world.bus.questions.fail_after(0);
    let waiting = |name: &str| wake(name, "r1", on(EventKind::ToolCompleted));
    let without_time = waiting("w1").timeout_millis(0);
    let registration = done(world.pool.suspend_until(run("r1"), without_time));
    assert_eq!(registration.status, WakeRegistrationStatus::TimedOut);
    let error = refused(world.pool.suspend_until(run("r1"), waiting("w2")));
    assert_eq!(error, ErrorCode::EventBusRejected);
}

#[test]
fn a_subscriber_holds_up_nobody_while_the_bus_takes_its_time() {
    let tasks = Tasks::default();
    let world = world();
    world.bus.questions.are([Reply::never()]);
    let pool = world.pool.clone();
    let frames = tasks.call(async move { pool.subscribe(on(EventKind::RunStarted), None).await });
    tasks.run();
    assert!(!frames.is_there());
    done(world.pool.leave_run(&run("r2")));
}

#[test]
fn a_call_made_while_an_operation_asks_the_bus_is_refused_and_one_made_while_a_subscriber_does_is_not()
 {
    let world = world();
    let answers = Rc::new(RefCell::new(Vec::new()));
    let (kept, pool) = (Rc::clone(&answers), world.pool.clone());
    world.bus.listen(move || {
        let answer = poll_once(pool.members()).expect("at once");
        kept.borrow_mut().push(
            answer
                .map(|members| members.len())
                .map_err(|error| error.code),
        );
    });
    let waiting = wake("w1", "r1", on(EventKind::ToolCompleted));
    done(world.pool.suspend_until(run("r1"), waiting));
    done(world.pool.poll_wake(&condition("w1")));
    done(world.pool.subscribe(on(EventKind::ToolCompleted), None));
    assert_eq!(
        answers.take(),
        [
            Err(ErrorCode::ReentrantCall),
            Err(ErrorCode::ReentrantCall),
            Ok(2)
        ]
    );
}
