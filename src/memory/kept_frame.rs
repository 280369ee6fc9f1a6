//! A frame as a bus in memory keeps it.

use std::rc::Rc;

use crate::record::{
    EventCursor, EventFrame, EventOverflowNotice, EventStreamScope, EventTraits, OfferedFrame,
    PoolEvent,
};

/// A frame at its place on a bus.
pub struct KeptFrame {
    event_seq: u64,
    content: Content,
}

enum Content {
    /// Of this the frame is made whenever it is asked for: a frame takes a kilobyte, and the event is there anyway.
    Pool(Rc<PoolEvent>),
    /// It has its number.
    Host(Box<EventFrame>),
}

impl KeptFrame {
    /// A pool's event at place `event_seq`.
    pub(super) fn of_event(event: Rc<PoolEvent>, event_seq: u64) -> Self {
        let content = Content::Pool(event);
        Self { event_seq, content }
    }

    /// A host's frame at place `event_seq`.
    pub(super) fn of_host(frame: EventFrame, event_seq: u64) -> Self {
        let content = Content::Host(Box::new(frame.numbered(event_seq)));
        Self { event_seq, content }
    }

    /// The pool's event that the frame shows; `None` for a frame of the host.
    pub fn event(&self) -> Option<&PoolEvent> {
        match &self.content {
            Content::Pool(event) => Some(event),
            Content::Host(_) => None,
        }
    }
}

impl OfferedFrame for KeptFrame {
    fn event_seq(&self) -> u64 {
        self.event_seq
    }

    fn traits(&self) -> EventTraits<'_> {
        match &self.content {
            Content::Pool(event) => event.transition().traits(),
            Content::Host(frame) => frame.traits(),
        }
    }

    fn cursor(&self, scope: EventStreamScope) -> EventCursor {
        match &self.content {
            Content::Pool(event) => event.cursor(self.event_seq, scope),
            Content::Host(frame) => frame.cursor(scope),
        }
    }

    fn overflow(&self) -> Option<&EventOverflowNotice> {
        match &self.content {
            Content::Pool(_) => None,
            Content::Host(frame) => frame.overflow(),
        }
    }

    fn frame(&self) -> EventFrame {
        match &self.content {
            Content::Pool(event) => event.frame().numbered(self.event_seq),
            Content::Host(frame) => frame.frame(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::AgentPoolLifecycleStatus::RunJoined;
    use crate::record::{EventKind, EventOverflowReason, SubscriberOverflowPolicy, fixture};

    #[test]
    fn what_is_known_of_a_pools_event_before_its_frame_is_made_is_what_the_frame_says() {
        let event = Rc::new(fixture::event(RunJoined, 1));
        let kept = KeptFrame::of_event(event, 7);
        let frame = kept.frame();
        assert_eq!(kept.traits(), frame.traits());
        assert_eq!(kept.event_seq(), frame.event_seq());
        assert_eq!(kept.cursor(EventStreamScope::All), frame.cursor);
        assert_eq!(kept.overflow(), frame.overflow());
    }

    #[test]
    fn a_hosts_frame_has_its_own_notice_and_a_cursor_made_of_its_envelope() {
        let mut given = fixture::frame(EventKind::RunStarted, 3);
        given.cursor.journal_cursor = Some(fixture::id("another"));
        given.overflow = Some(Box::new(EventOverflowNotice {
            policy: SubscriberOverflowPolicy::DropNonTerminal,
            dropped_count: 7,
            gap_start: None,
            gap_end: given.cursor.clone(),
            repair_from: None,
            terminal_preserved: true,
            reason: EventOverflowReason::SubscriberLagged,
        }));
        let kept = KeptFrame::of_host(given.clone(), 7);
        assert_eq!(kept.overflow(), given.overflow.as_deref());
        assert_eq!(kept.event_seq(), 7);
        let cursor = kept.cursor(EventStreamScope::All);
        assert_eq!(
            cursor,
            kept.frame().event.envelope.cursor(EventStreamScope::All)
        );
        assert_eq!(cursor.journal_cursor, given.event.envelope.journal_cursor);
    }
}
