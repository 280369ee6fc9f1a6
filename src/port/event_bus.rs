//! The event bus port: how others observe what the journal already holds.

use std::rc::{Rc, Weak};

use crate::port::Answer;
use crate::record::{CompiledEventFilter, EventCursor, EventFrame, PoolEvent};

/// A bus of event frames.
///
/// The journal is the truth and the bus is observation: an operation does not wait for the bus, and a
/// frame that could not be published is tried again before the next operation journals anything.
pub trait EventBus {
    /// Publishes the frame of one event. Frames come in the order in which the journal answered, one at a
    /// time: the next one is published only after this one was. One that is tried again is the very same event.
    ///
    /// A pool's frame comes with `event_seq` 0; the bus numbers its frames from 1 (REFERENCE 35).
    fn publish(&self, event: Rc<PoolEvent>) -> Answer<'static, ()>;

    /// Whether a publication that is answered later goes on although nobody polls it, as a promise does and a future
    /// does not. The pool then polls it when it needs to know.
    fn publishes_unpolled(&self) -> bool {
        false
    }

    /// The frames that the bus holds after `cursor` and that match `filter`, in their order. Queue
    /// bounds are not the bus's business: the pool applies them, after it has filtered once more.
    fn frames<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
        cursor: Option<&'a EventCursor>,
    ) -> Answer<'a, Vec<EventFrame>>;

    /// The first frame that matches `filter`, whatever the filter's queue bounds (DESIGN D10).
    ///
    /// As with a journal, the pool must not be called and awaited from within.
    fn first_match<'a>(&'a self, filter: &'a CompiledEventFilter)
    -> Answer<'a, Option<EventFrame>>;

    /// A host event that the pool was shown, perhaps again. A bus that keeps the pool's frames keeps it
    /// too, once; one that the host feeds itself has it already.
    fn observe(&self, frame: &EventFrame) {
        let _ = frame;
    }

    /// As [`Self::frames`], at once; and from now on every frame that the bus takes, whether it matches
    /// or not, is told to `listener` as long as that is there, as soon as it is numbered and with no
    /// borrow held.
    ///
    /// A bus that cannot tell answers `None`, and live streams follow it in the other way.
    fn listen(
        &self,
        filter: &CompiledEventFilter,
        cursor: Option<&EventCursor>,
        listener: Weak<dyn FrameListener>,
    ) -> Option<Vec<EventFrame>> {
        let _ = (filter, cursor, listener);
        None
    }

    /// As [`Self::frames`], and then what comes, for as long as the bus gives it. When that ends, the
    /// live stream asks again, from the last frame seen on, as soon as there may be something new.
    ///
    /// `None` from a bus that can only answer what it holds: the stream asks for its `frames`.
    fn follow(
        &self,
        filter: &CompiledEventFilter,
        cursor: Option<&EventCursor>,
    ) -> Option<Box<dyn FrameSource>> {
        let _ = (filter, cursor);
        None
    }
}

/// Who is told of the frames on a bus.
pub trait FrameListener {
    /// The bus took a frame, which bears its number.
    fn take(&self, frame: &EventFrame);
}

/// Frames on their way from a bus to a live stream, which drops it when it needs no more.
pub trait FrameSource {
    /// The frames that come next, one at least; `None` after the last.
    fn next(&mut self) -> Answer<'_, Option<Vec<EventFrame>>>;
}
