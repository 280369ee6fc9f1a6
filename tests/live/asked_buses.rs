//! Streams on a bus that has to be asked for its frames.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::Poll;

use agent_pool::{
    domain::{AgentError, ErrorCode},
    memory::{LogicalClock, MemoryEventBus, MemoryJournal},
    pool::{AgentPool, RuntimePorts},
    port::{Answer, EventBus, FrameSource, Journal},
    record::{
        CompiledEventFilter, EventCursor, EventFilter, EventFrame, EventKind, OfferedFrame,
        PoolEvent,
    },
};

use crate::host::*;
use crate::{has_ended, poll, read};

fn numbers(frames: &[EventFrame]) -> Vec<u64> {
    frames.iter().map(|frame| frame.cursor.event_seq).collect()
}

fn joined(executor: Option<Tasks>) -> World {
    let world = World::of(WorldPlan {
        executor,
        ..WorldPlan::default()
    });
    for run_id in ["r1", "r2"] {
        done(world.pool.join_run(member(run_id, "ag1")));
    }
    world
}

#[test]
fn without_an_executor_they_go_on_whenever_they_are_read() {
    let world = joined(None);
    let stream = world.pool.subscribe_live(EventFilter::default(), None);
    assert_eq!(numbers(&read(&stream)), [1, 2, 3]);
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    assert_eq!(numbers(&read(&stream)), [4, 5]);
    done(world.pool.close());
    assert!(has_ended(&stream));
}

#[test]
fn the_end_of_the_pool_does_not_wait_for_a_bus_that_never_answers() {
    for executor in [None, Some(Tasks::default())] {
        let world = joined(executor);
        let stream = world.pool.subscribe_live(EventFilter::default(), None);
        world.bus.questions.are([Reply::never()]);
        assert!(poll(&stream).is_pending());
        done(world.pool.send(message("m1", "r1", to_run("r2"))));
        done(world.pool.close());
        assert!(has_ended(&stream));
    }
}

#[test]
fn a_bus_that_fails_ends_them_with_its_error_after_what_came_before() {
    let tasks = Tasks::default();
    let world = joined(Some(tasks.clone()));
    let stream = world.pool.subscribe_live(EventFilter::default(), None);
    world.bus.questions.are([Reply::Later(1), Reply::Rejected]);
    assert!(poll(&stream).is_pending());
    tasks.run();
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    tasks.run();
    assert_eq!(
        numbers(&[
            next(poll(&stream)),
            next(poll(&stream)),
            next(poll(&stream))
        ]),
        [1, 2, 3]
    );
    let Poll::Ready(Some(Err(error))) = poll(&stream) else {
        panic!("the error of the bus is told");
    };
    assert_eq!(error.code, ErrorCode::EventBusRejected);
    assert_eq!(thrown(&error), Some(&PortFault(BUS_FAULT)));
    assert!(has_ended(&stream));
}

fn next(polled: Poll<Option<Result<EventFrame, AgentError>>>) -> EventFrame {
    match polled {
        Poll::Ready(Some(Ok(frame))) => frame,
        _ => panic!("there is a frame"),
    }
}

#[test]
fn an_answer_for_other_members_than_there_are_is_asked_for_anew() {
    let tasks = Tasks::default();
    let world = joined(Some(tasks.clone()));
    let stream = world.pool.subscribe_live(EventFilter::default(), None);
    let answered = Signal::default();
    world.bus.questions.are([Reply::On(answered.clone())]);
    assert!(poll(&stream).is_pending());
    tasks.run();
    done(world.pool.join_run(member("r3", "ag1")));
    tasks.run();
    // The first answer is not waited for any more.
    let frames = read(&stream);
    assert_eq!(numbers(&frames), [1, 2, 3, 4]);
    let there = done(world.pool.subscribe(EventFilter::default(), None));
    assert_eq!(frames, there);
    answered.give();
    tasks.run();
    assert!(read(&stream).is_empty());
}

#[test]
fn an_answer_to_which_other_members_make_no_difference_is_taken() {
    let tasks = Tasks::default();
    let world = joined(Some(tasks.clone()));
    let stream = world
        .pool
        .subscribe_live(on_run(EventKind::RunMessageDelivered, "r1"), None);
    let answered = Signal::default();
    world.bus.questions.are([Reply::On(answered.clone())]);
    assert!(poll(&stream).is_pending());
    tasks.run();
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    done(world.pool.join_run(member("r3", "ag1")));
    tasks.run();
    assert!(poll(&stream).is_pending());
    // The bus was asked once: a second question would have been answered at once.
    answered.give();
    tasks.run();
    assert_eq!(numbers(&read(&stream)), [5]);
    // When the run that the frame is of leaves, there is nothing left to see.
    done(world.pool.leave_run(&run("r1")));
    tasks.run();
    assert!(read(&stream).is_empty());
}

#[test]
fn what_they_give_first_is_what_was_there_with_the_notice_on_its_last_frame() {
    let world = joined(None);
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    let mut narrow = EventFilter::default();
    narrow.queue.capacity = 3.try_into().unwrap();
    let there = done(world.pool.subscribe(narrow.clone(), None));
    assert_eq!(there[1].overflow.as_ref().unwrap().dropped_count, 3);
    assert_eq!(read(&world.pool.subscribe_live(narrow, None)), there);
}

#[test]
fn members_who_join_by_another_bus_come_into_sight() {
    let tasks = Tasks::default();
    let world = joined(Some(tasks.clone()));
    let elsewhere = Rc::default();
    let other = done(world.builder_over(&world.journal, &elsewhere).build());
    let stream = world.pool.subscribe_live(EventFilter::default(), None);
    assert_eq!(numbers(&read(&stream)), [1, 2, 3]);
    tasks.run();
    world
        .bus
        .publish_own(host_event("e1", "r3", EventKind::ToolStarted));
    done(other.join_run(member("r3", "ag1")));
    assert_eq!((world.bus.len(), elsewhere.len()), (4, 1));
    tasks.run();
    assert_eq!(numbers(&read(&stream)), [4]);
}

/// A bus that is followed. It counts its followers, and gives them one frame after the other.
#[derive(Default)]
struct FollowedBus {
    kept: Rc<MemoryEventBus>,
    following: Rc<Cell<usize>>,
    asked: RefCell<Vec<(usize, u64)>>,
}

struct Followed {
    frames: std::vec::IntoIter<EventFrame>,
    following: Rc<Cell<usize>>,
}

impl FrameSource for Followed {
    fn next(&mut self) -> Answer<'_, Option<Vec<EventFrame>>> {
        match self.frames.next() {
            Some(frame) => Answer::ready(Some(vec![frame])),
            None => Answer::later(std::future::pending()),
        }
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        self.following.set(self.following.get() - 1);
    }
}

impl EventBus for FollowedBus {
    fn publish(&self, event: Rc<PoolEvent>) -> Answer<'static, ()> {
        self.kept.publish(event)
    }

    fn frames<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
        cursor: Option<&'a EventCursor>,
    ) -> Answer<'a, Vec<EventFrame>> {
        self.kept.frames(filter, cursor)
    }

    fn first_match<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
    ) -> Answer<'a, Option<EventFrame>> {
        self.kept.first_match(filter)
    }

    fn follow(
        &self,
        filter: &CompiledEventFilter,
        cursor: Option<&EventCursor>,
    ) -> Option<Box<dyn FrameSource>> {
        let after = cursor.map_or(0, |cursor| cursor.event_seq);
        let runs = done(self.kept.frames(filter, None)).len();
        self.asked.borrow_mut().push((runs, after));
        self.following.set(self.following.get() + 1);
        Some(Box::new(Followed {
            frames: done(self.kept.frames(filter, cursor)).into_iter(),
            following: Rc::clone(&self.following),
        }))
    }
}

#[test]
fn a_bus_that_is_followed_is_left_when_the_members_change_and_when_the_reader_goes() {
    let (tasks, bus) = (Tasks::default(), Rc::new(FollowedBus::default()));
    let ports = RuntimePorts::new(Rc::new(LogicalClock))
        .journal(Rc::new(MemoryJournal::new()))
        .event_bus(Rc::clone(&bus) as Rc<dyn EventBus>)
        .executor(Rc::new(tasks.clone()));
    let pool = done(AgentPool::builder(pool_id()).runtime(ports).build());
    done(pool.join_run(member("r1", "ag1")));
    let stream = pool.subscribe_live(on(EventKind::AgentPoolRunJoined), None);
    assert_eq!(numbers(&read(&stream)), [2]);
    tasks.run();
    assert_eq!(bus.following.get(), 1);
    done(pool.join_run(member("r2", "ag1")));
    tasks.run();
    assert_eq!(numbers(&read(&stream)), [3]);
    assert_eq!((bus.following.get(), bus.asked.borrow().len()), (1, 2));
    assert_eq!(bus.asked.borrow()[1], (2, 2));
    drop(stream);
    tasks.run();
    assert_eq!(bus.following.get(), 0);
}

/// A bus that can offer its frames, but does not notify listeners.
#[derive(Default)]
struct OfferingBus(MemoryEventBus);

impl EventBus for OfferingBus {
    fn publish(&self, event: Rc<PoolEvent>) -> Answer<'static, ()> {
        self.0.publish(event)
    }

    fn frames<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
        cursor: Option<&'a EventCursor>,
    ) -> Answer<'a, Vec<EventFrame>> {
        self.0.frames(filter, cursor)
    }

    fn first_match<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
    ) -> Answer<'a, Option<EventFrame>> {
        self.0.first_match(filter)
    }

    fn offer(
        &self,
        filter: &CompiledEventFilter,
        cursor: Option<&EventCursor>,
        reader: &mut dyn FnMut(&dyn OfferedFrame),
    ) -> bool {
        self.0.offer(filter, cursor, reader)
    }
}

#[test]
fn of_a_bus_that_offers_frames_but_does_not_notify_a_reader_who_waits_gets_each_of_them_once() {
    let (tasks, bus) = (Tasks::default(), Rc::new(OfferingBus::default()));
    let journal: Rc<HostJournal> = Rc::default();
    let ports = RuntimePorts::new(Rc::new(LogicalClock))
        .journal(Rc::clone(&journal) as Rc<dyn Journal>)
        .event_bus(Rc::clone(&bus) as Rc<dyn EventBus>)
        .executor(Rc::new(tasks.clone()));
    let pool = Rc::new(done(AgentPool::builder(pool_id()).runtime(ports).build()));
    done(pool.join_run(member("r1", "ag1")));
    // The stream is opened after this, when its reader waits already.
    journal.replies.are([Reply::Later(3)]);
    let joining = Rc::clone(&pool);
    let joined = tasks.call(async move { joining.join_run(member("r2", "ag1")).await });
    let mut stream = pool.subscribe_live(EventFilter::default(), None);
    let seen: Rc<RefCell<Vec<u64>>> = Rc::default();
    let numbers = Rc::clone(&seen);
    let _reading = tasks.call(async move {
        while let Some(Ok(frame)) = stream.next().await {
            numbers.borrow_mut().push(frame.cursor.event_seq);
        }
    });
    tasks.run();
    joined.take().unwrap();
    assert_eq!(seen.take(), [1, 2, 3]);
    done(pool.join_run(member("r3", "ag1")));
    tasks.run();
    assert_eq!(seen.take(), [4]);
}
