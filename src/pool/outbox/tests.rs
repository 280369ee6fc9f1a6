//! What the outbox promises: every event reaches the bus once, in order, one at a time.

use super::*;
use crate::port::poll_once;
use crate::record::AgentPoolLifecycleStatus::{RunJoined, RunLeft};
use crate::record::fixture::event;
use crate::record::{EventCursor, EventFilter, EventFrame, EventKind};

/// A bus whose answers are given one by one, afterwards.
#[derive(Default)]
pub(super) struct SlowBus {
    /// The numbers of the events that it was asked to publish.
    asked: RefCell<Vec<u64>>,
    /// The answers to the next publications; `None` for one that is answered later.
    pub(super) answers: RefCell<VecDeque<Option<bool>>>,
    /// The answer to the publication under way, once it is there.
    pub(super) pending: Rc<Cell<Option<bool>>>,
    /// Whether publications go on although nobody polls them.
    pub(super) unpolled: Cell<bool>,
}

impl SlowBus {
    pub(super) fn answering(answers: impl IntoIterator<Item = Option<bool>>) -> Rc<Self> {
        let bus = Self::default();
        bus.answers.borrow_mut().extend(answers);
        Rc::new(bus)
    }
}

fn outcome(taken: bool) -> Result<(), AgentError> {
    if taken {
        Ok(())
    } else {
        Err(ErrorCode::EventBusRejected.into())
    }
}

impl EventBus for SlowBus {
    fn publish(&self, event: Rc<PoolEvent>) -> Answer<'static, ()> {
        self.asked.borrow_mut().push(event.stamp().event_number);
        match self.answers.borrow_mut().pop_front().unwrap_or(Some(true)) {
            Some(taken) => outcome(taken).into(),
            None => {
                let pending = Rc::clone(&self.pending);
                pending.take();
                Answer::later(std::future::poll_fn(move |_| match pending.get() {
                    Some(taken) => std::task::Poll::Ready(outcome(taken)),
                    None => std::task::Poll::Pending,
                }))
            }
        }
    }

    fn publishes_unpolled(&self) -> bool {
        self.unpolled.get()
    }

    fn frames<'a>(
        &'a self,
        _: &'a CompiledEventFilter,
        _: Option<&'a EventCursor>,
    ) -> Answer<'a, Vec<EventFrame>> {
        Answer::ready(Vec::new())
    }

    fn first_match<'a>(&'a self, _: &'a CompiledEventFilter) -> Answer<'a, Option<EventFrame>> {
        Answer::ready(None)
    }
}

fn outbox_to(bus: &Rc<SlowBus>, capacity: usize) -> Rc<Outbox> {
    let bus = Rc::clone(bus) as Rc<dyn EventBus>;
    Rc::new(Outbox::new(Some(bus), None, capacity))
}

/// Pushes the events of these numbers.
pub(super) fn push(outbox: &Rc<Outbox>, numbers: impl IntoIterator<Item = u64>) {
    for number in numbers {
        outbox.push(Rc::new(event(RunJoined, number)));
    }
}

pub(super) fn asked(bus: &SlowBus) -> Vec<u64> {
    bus.asked.borrow().clone()
}

#[test]
fn a_bus_that_answers_at_once_has_every_event_at_once() {
    let bus = SlowBus::answering([]);
    let outbox = outbox_to(&bus, 10);
    push(&outbox, 1..=3);
    assert_eq!(asked(&bus), [1, 2, 3]);
    assert!(outbox.is_empty());
    assert!(matches!(outbox.gate(1, 1, true), Gate::Open));
}

#[test]
fn one_event_at_a_time_is_with_the_bus() {
    let bus = SlowBus::answering([None, None]);
    let outbox = outbox_to(&bus, 10);
    push(&outbox, 1..=3);
    assert_eq!(asked(&bus), [1]);
    assert!(
        matches!(outbox.gate(1, 1, true), Gate::Open),
        "nobody waits for it"
    );
    bus.pending.set(Some(true));
    push(&outbox, [4]);
    assert_eq!(asked(&bus), [1, 2]);
    bus.pending.set(Some(true));
    assert_eq!(
        poll_once(outbox.flush(1)).map(|flushed| flushed.is_ok()),
        Some(true)
    );
    assert_eq!(asked(&bus), [1, 2, 3, 4]);
}

#[test]
fn a_rejected_event_stays_at_the_head_and_the_gate_tries_it_again() {
    let bus = SlowBus::answering([Some(true), Some(false), Some(false), Some(true)]);
    let outbox = outbox_to(&bus, 10);
    push(&outbox, 1..=3);
    assert_eq!(asked(&bus), [1, 2], "nothing overtakes it");
    let Gate::Shut(error) = outbox.gate(1, 1, true) else {
        panic!("it is rejected again");
    };
    assert_eq!(error.code, ErrorCode::EventBusRejected);
    assert_eq!(asked(&bus), [1, 2, 2]);
    assert!(matches!(outbox.gate(1, 1, true), Gate::Open));
    assert_eq!(asked(&bus), [1, 2, 2, 2, 3]);
    assert!(outbox.is_empty());
}

#[test]
fn an_event_that_is_tried_again_and_takes_its_time_is_waited_for() {
    let bus = SlowBus::answering([Some(false), None]);
    let outbox = outbox_to(&bus, 10);
    push(&outbox, 1..=2);
    let Gate::Retrying { publication, .. } = outbox.gate(1, 1, true) else {
        panic!("it is under way");
    };
    assert!(poll_once(publication.clone()).is_none());
    bus.pending.set(Some(true));
    assert!(poll_once(publication).expect("it is answered").is_ok());
    assert!(matches!(outbox.gate(1, 1, true), Gate::Open));
    assert_eq!(asked(&bus), [1, 1, 2]);
}

#[test]
fn an_event_that_was_rejected_later_is_tried_again_as_one_that_was_at_once() {
    let bus = SlowBus::answering([None, Some(true)]);
    let outbox = outbox_to(&bus, 10);
    push(&outbox, 1..=2);
    bus.pending.set(Some(false));
    assert!(
        matches!(outbox.gate(1, 1, true), Gate::Open),
        "the second try is answered at once"
    );
    assert_eq!(asked(&bus), [1, 1, 2]);
}

#[test]
fn flushing_tells_of_a_rejection_each_time_and_goes_on_when_there_is_none() {
    let bus = SlowBus::answering([Some(false), Some(false), Some(false)]);
    let outbox = outbox_to(&bus, 10);
    push(&outbox, 1..=2);
    for _ in 0..2 {
        assert!(poll_once(outbox.flush(1)).expect("it is answered").is_err());
    }
    assert!(poll_once(outbox.flush(1)).expect("it is answered").is_ok());
    assert_eq!(asked(&bus), [1, 1, 1, 1, 2]);
}

#[test]
fn there_is_room_for_as_many_events_as_the_capacity_says_and_for_any_number_while_none_waits() {
    let bus = SlowBus::answering([None]);
    let outbox = outbox_to(&bus, 3);
    assert!(outbox.require_room(100).is_ok());
    push(&outbox, 1..=2);
    assert!(outbox.require_room(1).is_ok());
    let error = outbox.require_room(2).unwrap_err();
    assert_eq!(error.code, ErrorCode::BusBacklogged);
    bus.pending.set(Some(true));
    assert!(matches!(outbox.gate(1, 1, true), Gate::Open));
    assert!(outbox.require_room(100).is_ok());
}

#[test]
fn what_waits_can_be_matched_oldest_first() {
    let bus = SlowBus::answering([None]);
    let outbox = outbox_to(&bus, 10);
    push(&outbox, [1]);
    outbox.push(Rc::new(event(RunLeft, 2)));
    outbox.push(Rc::new(event(RunLeft, 3)));
    let matching = |kind| {
        let filter = CompiledEventFilter::compile(EventFilter::kinds([kind]));
        outbox.first_match(&filter)
    };
    assert_eq!(
        matching(EventKind::AgentPoolRunLeft),
        Some(event(RunLeft, 2).stamp().event_id())
    );
    assert_eq!(
        matching(EventKind::AgentPoolRunJoined),
        Some(event(RunJoined, 1).stamp().event_id()),
        "the one with the bus counts"
    );
    assert_eq!(matching(EventKind::AgentPoolCreated), None);
}

#[test]
fn an_outbox_leads_to_its_own_bus_and_to_no_other() {
    let (bus, other) = (SlowBus::answering([]), SlowBus::answering([]));
    let outbox = outbox_to(&bus, 1);
    let shared: [Rc<dyn EventBus>; 2] = [bus, other];
    assert!(outbox.leads_to(Some(&shared[0])));
    assert!(!outbox.leads_to(Some(&shared[1])));
    assert!(!outbox.leads_to(None));
    let nowhere = Outbox::new(None, None, 1);
    assert!(
        !nowhere.leads_to(None),
        "handles without a bus have nothing to share"
    );
}
