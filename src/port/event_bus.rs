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
    ///
    /// # Errors
    /// An error says that the frame was not published. The operation whose event it is has happened all the same, and
    /// does not fail by it. The frame stays first in line and those behind it wait, until the next operation that may
    /// record something begins: it has the frame published again, and if that fails too it fails with the error, before
    /// it journals anything (DESIGN 3); the error then names the event. A bus that answers later is not waited for once
    /// somebody else calls the pool, which may be the bus itself.
    /// [`AgentPool::flush`](crate::pool::AgentPool::flush) and [`AgentPool::close`](crate::pool::AgentPool::close) try
    /// the frame again as well.
    fn publish(&self, event: Rc<PoolEvent>) -> Answer<'static, ()>;

    /// Whether a publication that is answered later goes on although nobody polls it, as a promise does and a future
    /// does not. The pool then polls it when it needs to know.
    fn publishes_unpolled(&self) -> bool {
        false
    }

    /// The frames that the bus holds after `cursor` and that match `filter`, in their order. Queue
    /// bounds are not the bus's business: the pool applies them, after it has filtered once more.
    ///
    /// # Errors
    /// Only the reader is told: [`AgentPool::subscribe`](crate::pool::AgentPool::subscribe) fails with the error, and a
    /// [`Subscription`](crate::pool::Subscription) ends with it, after what is in its queue.
    fn frames<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
        cursor: Option<&'a EventCursor>,
    ) -> Answer<'a, Vec<EventFrame>>;

    /// The first frame that matches `filter`, whatever the filter's queue bounds (DESIGN D10).
    ///
    /// As with a journal, the pool must not be called and awaited from within.
    ///
    /// # Errors
    /// [`AgentPool::suspend_until`](crate::pool::AgentPool::suspend_until) or
    /// [`AgentPool::poll_wake`](crate::pool::AgentPool::poll_wake), which ask, fails with the error, before anything of
    /// it is recorded.
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
    ///
    /// # Errors
    /// As of [`EventBus::frames`]: the live stream ends with the error, after what is in its queue, and asks no more.
    fn next(&mut self) -> Answer<'_, Option<Vec<EventFrame>>>;
}
