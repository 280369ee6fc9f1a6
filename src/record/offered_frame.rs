//! Frames that a bus offers to a stream.

use super::{EventCursor, EventFrame, EventOverflowNotice, EventStreamScope, EventTraits};

/// A frame that a bus offers. A stream that is full takes few of the frames, so a bus may make a frame only once it is
/// asked for.
pub trait OfferedFrame {
    /// Its number on the bus.
    fn event_seq(&self) -> u64;

    /// The part of its event that filters look at.
    fn traits(&self) -> EventTraits<'_>;

    /// Its cursor in a stream of that scope.
    fn cursor(&self, scope: EventStreamScope) -> EventCursor;

    /// A notice that it carries itself.
    fn overflow(&self) -> Option<&EventOverflowNotice>;

    /// The frame as the bus has it.
    fn frame(&self) -> EventFrame;
}

impl OfferedFrame for EventFrame {
    fn event_seq(&self) -> u64 {
        self.event.envelope.event_seq
    }

    fn traits(&self) -> EventTraits<'_> {
        self.event.envelope.traits()
    }

    fn cursor(&self, scope: EventStreamScope) -> EventCursor {
        self.event.envelope.cursor(scope)
    }

    fn overflow(&self) -> Option<&EventOverflowNotice> {
        self.overflow.as_deref()
    }

    fn frame(&self) -> EventFrame {
        self.clone()
    }
}
