//! The event bus port: how others observe what the journal already holds.

use std::rc::{Rc, Weak};

use crate::port::Answer;
use crate::record::{
    CompiledEventFilter, EventCursor, EventFrame, EventTraits, OfferedFrame, PoolEvent,
};

/// A bus of event frames.
///
/// The journal is the truth and the bus is observation: an operation does not wait for the bus, and a frame that could
/// not be published is tried again before the next operation journals anything.
pub trait EventBus {
    /// Publishes the frame of one event. Frames come in the order in which the journal answered, one at a time: the
    /// next frame is published only after this one was. A retry is made with the very same event.
    ///
    /// A pool's frame comes with `event_seq` 0; the bus numbers its frames from 1 (REFERENCE 35).
    ///
    /// # Errors
    /// An error says that the frame was not published. The operation that the event belongs to has happened all the
    /// same, and does not fail because of it. The frame stays first in line, and the frames behind it wait, until the
    /// next operation that may record something begins. That operation has the frame published again. If the bus fails
    /// again, the operation fails with the error before it journals anything (DESIGN 3); the error then names the
    /// event. If the bus answers later, the operation waits for it only until somebody else calls the pool, which may
    /// be the bus itself. [`AgentPool::flush`](crate::pool::AgentPool::flush) and
    /// [`AgentPool::close`](crate::pool::AgentPool::close) try the frame again as well.
    fn publish(&self, event: Rc<PoolEvent>) -> Answer<'static, ()>;

    /// Whether a publication that is answered later goes on although nobody polls it. A promise does so, a future does
    /// not. The pool then polls the publication when it needs to know the answer.
    fn publishes_unpolled(&self) -> bool {
        false
    }

    /// The frames that the bus holds after `cursor` and that match `filter`, in their order. The bus need not apply the
    /// queue bounds: the pool applies them, after it has filtered once more.
    ///
    /// # Errors
    /// Only the reader gets the error: [`AgentPool::subscribe`](crate::pool::AgentPool::subscribe) fails with it, and a
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
    /// [`AgentPool::suspend_until`](crate::pool::AgentPool::suspend_until) and
    /// [`AgentPool::poll_wake`](crate::pool::AgentPool::poll_wake), which call this, fail with the error. The wake stays
    /// registered.
    fn first_match<'a>(&'a self, filter: &'a CompiledEventFilter)
    -> Answer<'a, Option<EventFrame>>;

    /// Shows the bus a host event that the pool was shown, perhaps again. A bus that keeps the pool's frames keeps this
    /// frame too, once; a bus that the host feeds itself has it already.
    fn observe(&self, frame: &EventFrame) {
        let _ = frame;
    }

    /// Offers the frames that [`Self::frames`] would return to `reader`, at once and in their order. Only what the reader
    /// asks for needs to be made. The reader does not call the bus. Returns false, with nothing offered, if the bus cannot
    /// do this; then it is asked for its `frames`.
    fn offer(
        &self,
        filter: &CompiledEventFilter,
        cursor: Option<&EventCursor>,
        reader: &mut dyn FnMut(&dyn OfferedFrame),
    ) -> bool {
        let _ = (filter, cursor, reader);
        false
    }

    /// From now on the bus offers every frame that it takes to `listener`, whether it matches any filter or not, once and
    /// in order, as long as the listener is there. It does so as soon as the frame is numbered, with no borrow held.
    /// Returns false if the bus cannot do this: live streams then follow it by [`Self::follow`] or [`Self::frames`]. A
    /// bus that can also has [`Self::offer`].
    fn listen(&self, listener: Weak<dyn FrameListener>) -> bool {
        let _ = listener;
        false
    }

    /// As [`Self::frames`], and then the frames that arrive, for as long as the bus gives them. When the source ends,
    /// the live stream asks again, from the last frame seen on, as soon as there may be something new.
    ///
    /// A bus that can only answer what it holds returns `None`: the stream then asks for its `frames`.
    fn follow(
        &self,
        filter: &CompiledEventFilter,
        cursor: Option<&EventCursor>,
    ) -> Option<Box<dyn FrameSource>> {
        let _ = (filter, cursor);
        None
    }
}

/// A listener that is offered the frames of a bus.
pub trait FrameListener {
    /// The bus took a frame. `event` is the part of it that filters look at, which is the same for all listeners. Most
    /// listeners need few of the frames.
    fn take(&self, event: &EventTraits<'_>, frame: &dyn OfferedFrame);
}

/// Frames on their way from a bus to a live stream. The stream drops the source when it needs no more.
pub trait FrameSource {
    /// The frames that come next, at least one; `None` after the last.
    ///
    /// # Errors
    /// As those of [`EventBus::frames`]: the live stream ends with the error, after what is in its queue, and asks no
    /// more.
    fn next(&mut self) -> Answer<'_, Option<Vec<EventFrame>>>;
}
