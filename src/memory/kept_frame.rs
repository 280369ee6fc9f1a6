//! A frame as a bus in memory keeps it.

use std::rc::Rc;

use crate::record::{EventFrame, EventTraits, PoolEvent};

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

    /// Its number on the bus, from 1.
    pub fn event_seq(&self) -> u64 {
        self.event_seq
    }

    /// The pool's event that the frame shows; `None` for a frame of the host.
    pub fn event(&self) -> Option<&PoolEvent> {
        match &self.content {
            Content::Pool(event) => Some(event),
            Content::Host(_) => None,
        }
    }

    /// The part of the event that filters look at. The frame of a pool's event is not made for this.
    pub(super) fn traits(&self) -> EventTraits<'_> {
        match &self.content {
            Content::Pool(event) => event.transition().traits(),
            Content::Host(frame) => frame.event.envelope.traits(),
        }
    }

    /// The frame, with its number.
    pub fn frame(&self) -> EventFrame {
        match &self.content {
            Content::Pool(event) => event.frame().numbered(self.event_seq),
            Content::Host(frame) => EventFrame::clone(frame),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::AgentPoolLifecycleStatus::RunJoined;
    use crate::record::fixture;

    #[test]
    fn filters_look_at_what_the_frame_of_a_pools_event_would_say() {
        let event = Rc::new(fixture::event(RunJoined, 1));
        let kept = KeptFrame::of_event(event, 1);
        assert_eq!(kept.traits(), kept.frame().event.envelope.traits());
    }
}
