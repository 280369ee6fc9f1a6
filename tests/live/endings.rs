//! How streams end, and what they hold until then.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use agent_pool::{
    domain::ErrorCode,
    memory::{LogicalClock, MemoryEventBus},
    pool::{AgentPool, RuntimePorts},
    port::{EventBus, Journal, poll_once},
    record::{EventFilter, SubscriberOverflowPolicy},
};

use crate::host::*;
use agent_pool::pool::Subscription;

use crate::{has_ended, poll, read, sequences, watch_has_ended};

fn pool(bus: &Rc<MemoryEventBus>) -> AgentPool {
    let ports = RuntimePorts::in_memory(Rc::new(LogicalClock))
        .event_bus(Rc::clone(bus) as Rc<dyn EventBus>);
    let pool = done(AgentPool::builder(pool_id()).runtime(ports).build());
    for run_id in ["r1", "r2"] {
        done(pool.join_run(member(run_id, "ag1")));
    }
    pool
}

#[test]
fn a_stream_that_is_not_read_holds_nothing_of_the_bus() {
    let bus = Rc::default();
    let pool = pool(&bus);
    let held = Rc::strong_count(&bus);
    let (unread, open) = (
        pool.subscribe_live(EventFilter::default(), None),
        pool.subscribe_live(EventFilter::default(), None),
    );
    assert_eq!(
        read(&open),
        done(pool.subscribe(EventFilter::default(), None))
    );
    assert_eq!(Rc::strong_count(&bus), held);
    drop((unread, open));
    drop(pool);
    assert_eq!(Rc::strong_count(&bus), 1);
}

#[test]
fn a_bus_that_tells_of_its_frames_has_them_begin_with_what_was_there_and_the_notice_on_its_last_frame()
 {
    let pool = pool(&Rc::default());
    let mut narrow = EventFilter::default();
    narrow.queue.capacity = 3.try_into().unwrap();
    let there = done(pool.subscribe(narrow.clone(), None));
    assert_eq!(there[1].overflow.as_ref().unwrap().dropped_count, 1);
    assert_eq!(read(&pool.subscribe_live(narrow, None)), there);
}

#[test]
fn streams_end_with_their_handle_and_those_of_other_handles_do_not() {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    let other = world.handle();
    let mine = world.pool.subscribe_live(EventFilter::default(), None);
    let theirs = other.subscribe_live(EventFilter::default(), None);
    let (my_history, their_history) = (
        world.pool.watch_pool_live(None),
        other.watch_pool_live(None),
    );
    assert_eq!((read(&mine).len(), read(&theirs).len()), (2, 2));
    assert_eq!(sequences(&my_history), sequences(&their_history));
    done(world.pool.close());
    done(other.join_run(member("r2", "ag1")));
    assert!(has_ended(&mine) && watch_has_ended(&my_history));
    assert_eq!(read(&theirs).len(), 1);
    assert_eq!(sequences(&their_history), [4]);
}

#[test]
fn streams_end_with_a_handle_that_is_abandoned() {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    let other = world.handle();
    let stream = world.pool.subscribe_live(EventFilter::default(), None);
    let watch = world.pool.watch_pool_live(None);
    assert_eq!(read(&stream).len(), 2);
    assert_eq!(sequences(&watch), [1, 2, 3]);
    world.pool.abandon().expect("no port is being called");
    done(other.join_run(member("r2", "ag1")));
    assert!(has_ended(&stream) && watch_has_ended(&watch));
}

#[test]
fn what_came_before_the_end_of_the_handle_is_still_given_and_nothing_after_it() {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    let (stream, watch) = (
        world.pool.subscribe_live(EventFilter::default(), None),
        world.pool.watch_pool_live(None),
    );
    assert!(matches!(poll(&stream), Poll::Ready(Some(Ok(_)))));
    assert_eq!(sequences(&watch), [1, 2, 3]);
    let other = world.handle();
    done(other.join_run(member("r2", "ag1")));
    done(world.pool.close());
    done(other.join_run(member("r3", "ag1")));
    // A bus that has to be asked was not asked again, as there is no executor.
    assert_eq!(read(&stream).len(), 1);
    assert_eq!(sequences(&watch), [4]);
    assert!(has_ended(&stream) && watch_has_ended(&watch));
}

#[test]
fn a_closing_that_is_given_up_ends_them_all_the_same() {
    let world = World::new();
    world.bus.replies.are([Reply::never()]);
    done(world.pool.join_run(member("r1", "ag1")));
    let stream = world.pool.subscribe_live(EventFilter::default(), None);
    assert!(read(&stream).is_empty());
    let mut closing = Box::pin(world.pool.close());
    assert!(poll_once(closing.as_mut()).is_none());
    assert!(!has_ended(&stream));
    drop(closing);
    assert!(has_ended(&stream));
}

#[test]
fn a_closing_that_is_given_up_ends_those_too_that_never_got_their_turn() {
    let world = World::new();
    world.journal.replies.are([Reply::never()]);
    let mut joining = Box::pin(world.pool.join_run(member("r1", "ag1")));
    assert!(poll_once(joining.as_mut()).is_none());
    let (stream, watch) = (
        world.pool.subscribe_live(EventFilter::default(), None),
        world.pool.watch_pool_live(None),
    );
    assert!(poll(&stream).is_pending() && !watch_has_ended(&watch));
    let mut closing = Box::pin(world.pool.close());
    assert!(poll_once(closing.as_mut()).is_none());
    drop(closing);
    assert!(has_ended(&stream) && watch_has_ended(&watch));
}

#[test]
fn a_stream_may_be_stopped_while_it_waits_for_its_turn() {
    let (world, tasks) = World::driven();
    let journaled = Signal::default();
    world.journal.replies.are([Reply::On(journaled.clone())]);
    let pool = world.pool.clone();
    let joining = tasks.call(async move { pool.join_run(member("r1", "ag1")).await });
    let (stream, watch) = (
        world.pool.subscribe_live(EventFilter::default(), None),
        world.pool.watch_pool_live(None),
    );
    assert!(poll(&stream).is_pending());
    assert!(sequences(&watch).is_empty());
    stream.stop();
    watch.stop();
    assert!(has_ended(&stream) && watch_has_ended(&watch));
    let pool = world.pool.clone();
    let members = tasks.call(async move { pool.members().await });
    journaled.give();
    tasks.run();
    assert!(joining.take().is_ok());
    assert_eq!(members.take().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_opened_tells_why_and_is_over() {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    let there = done(world.pool.subscribe(EventFilter::default(), None));
    let mut refusing = EventFilter::default();
    refusing.queue.overflow = SubscriberOverflowPolicy::BackpressureCaller;
    let cursor = Some(there[0].cursor.clone());
    let code = |filter: &EventFilter, cursor| {
        let stream = world.pool.subscribe_live(filter.clone(), cursor);
        let Poll::Ready(Some(Err(error))) = poll(&stream) else {
            panic!("it is refused");
        };
        assert!(has_ended(&stream));
        error.code
    };
    assert_eq!(code(&refusing, None), ErrorCode::InvalidOverflowPolicy);
    assert_eq!(code(&refusing, cursor), ErrorCode::CursorScopeMismatch);
    done(world.pool.close());
    assert_eq!(code(&EventFilter::default(), None), ErrorCode::Closed);
}

thread_local! {
    static READ_WITH_IT: RefCell<Option<Rc<Subscription>>> = const { RefCell::new(None) };
}

/// A waker that reads a stream when it is dropped, as anything dropped with the last waker of a task may.
struct LastReader;

impl Wake for LastReader {
    fn wake(self: Arc<Self>) {}
}

impl Drop for LastReader {
    fn drop(&mut self) {
        let stream = READ_WITH_IT.take().expect("there is a stream to read");
        assert!(poll(&stream).is_pending());
    }
}

#[test]
fn with_a_waker_that_is_replaced_somebody_may_go_who_reads_the_stream() {
    let pool = pool(&Rc::default());
    let stream = Rc::new(pool.subscribe_live(EventFilter::default(), None));
    assert_eq!(read(&stream).len(), 3);
    READ_WITH_IT.set(Some(Rc::clone(&stream)));
    let last = Waker::from(Arc::new(LastReader));
    assert!(
        stream
            .poll_next(&mut Context::from_waker(&last))
            .is_pending()
    );
    drop(last);
    assert!(poll(&stream).is_pending());
    assert!(READ_WITH_IT.take().is_none());
}

thread_local! {
    static ON_WAKE: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
}

/// Runs the reader at once, as no executor should.
struct Inline;

impl Wake for Inline {
    fn wake(self: Arc<Self>) {
        // While it runs, it is not woken again.
        if let Some(on_wake) = ON_WAKE.take() {
            on_wake();
            ON_WAKE.set(Some(on_wake));
        }
    }
}

#[test]
fn a_reader_that_is_woken_while_a_stream_is_opened_may_have_the_bus_take_a_frame() {
    let bus: Rc<MemoryEventBus> = Rc::default();
    let journal: Rc<HostJournal> = Rc::default();
    let tasks = Tasks::default();
    let ports = RuntimePorts::in_memory(Rc::new(LogicalClock))
        .executor(Rc::new(tasks.clone()))
        .journal(Rc::clone(&journal) as Rc<dyn Journal>)
        .event_bus(Rc::clone(&bus) as Rc<dyn EventBus>);
    let pool = Rc::new(done(AgentPool::builder(pool_id()).runtime(ports).build()));
    done(pool.join_run(member("r1", "ag1")));
    done(pool.join_run(member("r2", "ag1")));
    // The stream is opened after this, and its reader waits already.
    journal.replies.are([Reply::Later(3)]);
    let joining = Rc::clone(&pool);
    let joined = tasks.call(async move { joining.join_run(member("r3", "ag1")).await });
    let stream = Rc::new(pool.subscribe_live(EventFilter::default(), None));
    let waker = Waker::from(Arc::new(Inline));
    let mut context = Context::from_waker(&waker);
    assert!(stream.poll_next(&mut context).is_pending());
    let seen: Rc<RefCell<Vec<u64>>> = Rc::default();
    let (reader, to, numbers) = (Rc::clone(&stream), Rc::clone(&bus), Rc::clone(&seen));
    ON_WAKE.set(Some(Box::new(move || {
        let waker = Waker::from(Arc::new(Inline));
        let next = reader.poll_next(&mut Context::from_waker(&waker));
        if let Poll::Ready(Some(Ok(frame))) = next {
            let is_first = numbers.borrow().is_empty();
            numbers.borrow_mut().push(frame.cursor.event_seq);
            if is_first {
                to.publish_frame(frame);
            }
        }
    })));
    tasks.run();
    ON_WAKE.set(None);
    joined.take().unwrap();
    let rest = read(&stream).into_iter();
    seen.borrow_mut()
        .extend(rest.map(|frame| frame.cursor.event_seq));
    assert_eq!(seen.take(), [1, 2, 3, 4, 5]);
}

#[test]
fn a_stream_that_was_stopped_gives_nothing_more_not_even_the_error_that_ended_it() {
    let (world, tasks) = World::driven();
    world.bus.questions.are([Reply::RejectedLater(1)]);
    let stream = world.pool.subscribe_live(EventFilter::default(), None);
    assert!(poll(&stream).is_pending());
    tasks.run();
    stream.stop();
    assert!(has_ended(&stream));
}
