//! When the outbox gives its executor a task, and when it does not.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::task::{Context, Waker};

use super::*;
use crate::pool::live_stream::LiveStream;
use crate::pool::outbox::Gate;
use crate::pool::outbox::tests::{SlowBus, asked, push};
use crate::port::Executor;

/// An executor that keeps its tasks.
#[derive(Default)]
struct Runs(RefCell<Vec<Pin<Box<dyn Future<Output = ()>>>>>);

impl Runs {
    /// Polls every task once, and drops those that are done.
    fn poll(&self) {
        let context = &mut Context::from_waker(Waker::noop());
        let mut running = self.0.take();
        running.retain_mut(|future| future.as_mut().poll(context).is_pending());
        self.0.borrow_mut().extend(running);
    }
}

impl Executor for Runs {
    fn spawn(&self, future: Pin<Box<dyn Future<Output = ()>>>) {
        self.0.borrow_mut().push(future);
    }
}

#[test]
fn an_executor_is_given_one_task_at_a_time_which_publishes_until_nothing_waits() {
    let bus = SlowBus::answering([None, Some(true), None]);
    let runs = Rc::<Runs>::default();
    let to = Rc::clone(&bus) as Rc<dyn EventBus>;
    let outbox = Rc::new(Outbox::new(Some(to), Some(runs.clone()), 10));
    push(&outbox, 1..=3);
    assert_eq!(runs.0.borrow().len(), 1);
    for _ in 0..2 {
        runs.poll();
        bus.pending.set(Some(true));
    }
    runs.poll();
    assert_eq!(asked(&bus), [1, 2, 3]);
    assert!(outbox.is_empty() && runs.0.borrow().is_empty());
    // The next slow event needs a task again.
    bus.answers.borrow_mut().push_back(None);
    push(&outbox, [4]);
    assert_eq!(runs.0.borrow().len(), 1);
}

#[test]
fn the_executors_task_ends_at_a_rejection_which_is_left_to_the_next_operation() {
    let bus = SlowBus::answering([None]);
    let runs = Rc::<Runs>::default();
    let to = Rc::clone(&bus) as Rc<dyn EventBus>;
    let outbox = Rc::new(Outbox::new(Some(to), Some(runs.clone()), 10));
    push(&outbox, 1..=2);
    bus.pending.set(Some(false));
    runs.poll();
    assert!(runs.0.borrow().is_empty());
    assert_eq!(asked(&bus), [1]);
    assert!(matches!(outbox.gate(1, 1, true), Gate::Open));
    assert_eq!(asked(&bus), [1, 1, 2]);
}

/// An outbox that a handle uses, to a bus that needs no polling, and the tasks of its executor.
fn unattended(bus: &Rc<SlowBus>) -> (Rc<Outbox>, Rc<Runs>) {
    bus.unpolled.set(true);
    let runs = Rc::<Runs>::default();
    let to = Rc::clone(bus) as Rc<dyn EventBus>;
    let outbox = Rc::new(Outbox::new(Some(to), Some(runs.clone()), 10));
    (outbox.taken(), runs)
}

#[test]
fn a_bus_that_goes_on_by_itself_takes_no_task_and_whoever_comes_next_finds_its_answer() {
    let bus = SlowBus::answering([None, None, None, Some(true)]);
    let (outbox, runs) = unattended(&bus);
    push(&outbox, [1]);
    bus.pending.set(Some(true));
    push(&outbox, [2]);
    assert_eq!(asked(&bus), [1, 2]);
    bus.pending.set(Some(true));
    assert!(matches!(outbox.gate(1, 1, false), Gate::Open));
    assert!(outbox.is_empty());
    push(&outbox, [3]);
    bus.pending.set(Some(false));
    assert!(matches!(outbox.gate(1, 1, false), Gate::GiveWay));
    assert!(matches!(outbox.gate(1, 1, true), Gate::Open));
    assert_eq!(asked(&bus), [1, 2, 3, 3]);
    assert!(outbox.is_empty() && runs.0.borrow().is_empty());
}

#[test]
fn an_event_that_waits_behind_a_bus_that_goes_on_by_itself_is_published_by_the_executor() {
    let bus = SlowBus::answering([None, None]);
    let (outbox, runs) = unattended(&bus);
    push(&outbox, 1..=2);
    assert_eq!(runs.0.borrow().len(), 1);
    for _ in 0..2 {
        bus.pending.set(Some(true));
        runs.poll();
    }
    assert_eq!(asked(&bus), [1, 2]);
    assert!(outbox.is_empty());
}

/// Counts the publications that it is told of.
#[derive(Default)]
struct PortAnswer(Cell<usize>);

impl LiveStream for PortAnswer {
    fn published(&self) {
        self.0.set(self.0.get() + 1);
    }
}

#[test]
fn a_live_stream_is_told_of_what_a_bus_that_goes_on_by_itself_took() {
    let bus = SlowBus::answering([None, None]);
    let (outbox, runs) = unattended(&bus);
    push(&outbox, [1]);
    let told = Rc::<PortAnswer>::default();
    let stream: Rc<dyn LiveStream> = told.clone();
    outbox.add_stream(Rc::downgrade(&stream));
    for count in 1..=2 {
        runs.poll();
        assert_eq!(told.0.get(), count - 1);
        bus.pending.set(Some(true));
        runs.poll();
        assert_eq!(told.0.get(), count);
        push(&outbox, [2]);
    }
}

#[test]
fn what_is_with_a_bus_that_goes_on_by_itself_is_seen_to_once_no_handle_is_left() {
    let bus = SlowBus::answering([None]);
    let (outbox, runs) = unattended(&bus);
    push(&outbox, [1]);
    assert!(runs.0.borrow().is_empty());
    outbox.give_back();
    bus.pending.set(Some(true));
    runs.poll();
    assert!(outbox.is_empty() && runs.0.borrow().is_empty());
}
