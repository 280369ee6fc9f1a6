//! What the bus in memory promises.

use std::sync::Arc;

use super::*;
use crate::domain::{ErrorCode, JournalCursor};
use crate::port::poll_once;
use crate::record::fixture::frame;
use crate::record::{EventKind, EventTraits};

fn everything(bus: &MemoryEventBus) -> Vec<EventFrame> {
    bus.subscribe_all(None, SubscriberQueueConfig::UNBOUNDED)
        .unwrap()
}

fn numbers(frames: &[EventFrame]) -> Vec<u64> {
    frames.iter().map(|frame| frame.cursor.event_seq).collect()
}

/// The first frame of that kind on the bus, by number.
fn first(bus: &MemoryEventBus, kind: EventKind) -> Option<u64> {
    let filter = CompiledEventFilter::compile(EventFilter::kinds([kind]));
    let found = poll_once(bus.first_match(&filter)).expect("it answers at once");
    found.unwrap().map(|frame| frame.cursor.event_seq)
}

#[test]
fn frames_are_numbered_from_1_whatever_numbers_they_come_with() {
    let bus = MemoryEventBus::new();
    assert!(bus.is_empty());
    for number in [7, 0, 7] {
        let mut published = frame(EventKind::RunStarted, number);
        published.cursor.journal_cursor = JournalCursor::new("of another").ok();
        published.cursor.scope = EventStreamScope::Run(RunId::new("r9").unwrap());
        let kept = bus.publish_frame(published);
        // The scope stays, the rest of the cursor is the event's (REFERENCE 35).
        let scope = EventStreamScope::Run(RunId::new("r9").unwrap());
        assert_eq!(kept.cursor, kept.event.envelope.cursor(scope));
    }
    assert_eq!(numbers(&everything(&bus)), [1, 2, 3]);
    assert_eq!(bus.len(), 3);
}

#[test]
fn an_observed_event_is_kept_once() {
    let bus = MemoryEventBus::new();
    for number in [1, 2, 1, 1] {
        bus.observe(&frame(EventKind::RunStarted, number));
    }
    assert_eq!(bus.len(), 2);
}

#[test]
fn another_event_with_the_same_id_is_kept_too() {
    let bus = MemoryEventBus::new();
    for kind in [EventKind::RunStarted, EventKind::RunFailed] {
        bus.observe(&frame(kind, 1));
    }
    assert_eq!(bus.len(), 2);
}

/// Keeps the numbers of the frames that it is told of.
#[derive(Default)]
struct Heard(RefCell<Vec<u64>>);

impl FrameListener for Heard {
    fn take(&self, _: &EventTraits<'_>, frame: &dyn OfferedFrame) {
        self.0.borrow_mut().push(frame.event_seq());
    }
}

#[test]
fn a_reader_is_offered_what_it_would_be_answered_and_a_listener_every_frame_from_then_on() {
    let bus = MemoryEventBus::new();
    for kind in [EventKind::RunStarted, EventKind::RunFailed].repeat(2) {
        bus.publish_frame(frame(kind, 0));
    }
    let failures = CompiledEventFilter::compile(EventFilter::kinds([EventKind::RunFailed]));
    let cursor = &everything(&bus)[1].cursor;
    let asked = poll_once(bus.frames(&failures, Some(cursor))).unwrap();
    let mut offered = Vec::new();
    assert!(bus.offer(&failures, Some(cursor), &mut |frame| {
        offered.push(frame.frame())
    }));
    assert_eq!(numbers(&offered), [4]);
    assert_eq!(offered, asked.unwrap());
    let heard = Rc::new(Heard::default());
    let listener: Rc<dyn FrameListener> = heard.clone();
    assert!(bus.listen(Rc::downgrade(&listener)));
    bus.publish_frame(frame(EventKind::RunStarted, 0));
    assert_eq!(heard.0.take(), [5], "whether it matches or not");
}

#[test]
fn a_subscriber_sees_what_comes_after_its_cursor() {
    let bus = MemoryEventBus::new();
    for number in 1..=4 {
        bus.publish_frame(frame(EventKind::RunStarted, number));
    }
    let frames = everything(&bus);
    for (index, seen) in frames.iter().enumerate() {
        let rest = bus.subscribe_all(Some(&seen.cursor), SubscriberQueueConfig::UNBOUNDED);
        assert_eq!(rest.unwrap(), frames[index + 1..]);
    }
    let mut beyond = frames[3].cursor.clone();
    beyond.event_seq = u64::MAX;
    let rest = bus.subscribe_all(Some(&beyond), SubscriberQueueConfig::UNBOUNDED);
    assert!(rest.unwrap().is_empty());
}

#[test]
fn a_subscriber_to_a_run_or_an_agent_sees_its_events_under_its_own_scope() {
    let bus = MemoryEventBus::new();
    let mut other = frame(EventKind::RunStarted, 1);
    let envelope = &mut Arc::make_mut(&mut other.event).envelope;
    envelope.run_id = RunId::new("r2").unwrap();
    envelope.agent_id = AgentId::new("ag2").unwrap();
    bus.publish_frame(other);
    bus.publish_frame(frame(EventKind::RunStarted, 2));
    let queue = SubscriberQueueConfig::UNBOUNDED;
    let (run_id, agent_id) = (RunId::new("r1").unwrap(), AgentId::new("ag2").unwrap());
    let of_run = bus.subscribe_run(run_id.clone(), None, queue).unwrap();
    assert_eq!(numbers(&of_run), [2]);
    assert_eq!(of_run[0].cursor.scope, EventStreamScope::Run(run_id));
    let of_agent = bus.subscribe_agent(agent_id.clone(), None, queue).unwrap();
    assert_eq!(numbers(&of_agent), [1]);
    assert_eq!(of_agent[0].cursor.scope, EventStreamScope::Agent(agent_id));
    let error = bus.subscribe_all(Some(&of_run[0].cursor), queue);
    assert_eq!(error.unwrap_err().code, ErrorCode::CursorScopeMismatch);
}

#[test]
fn the_first_match_is_the_oldest() {
    let bus = MemoryEventBus::new();
    assert_eq!(first(&bus, EventKind::RunFailed), None);
    for kind in [
        EventKind::RunStarted,
        EventKind::RunFailed,
        EventKind::RunFailed,
    ] {
        bus.publish_frame(frame(kind, 0));
    }
    assert_eq!(first(&bus, EventKind::RunFailed), Some(2));
    assert_eq!(first(&bus, EventKind::RunCompleted), None);
}
