//! The event bus port: how others observe what the journal already holds.

use std::sync::Arc;

use crate::port::Answer;
use crate::record::{CompiledEventFilter, EventCursor, EventFrame};

/// A bus of event frames.
///
/// The journal is the truth and the bus is observation: an operation does not wait for the bus, and a
/// frame that could not be published is tried again before the next operation journals anything.
pub trait EventBus {
    /// Publishes one frame. Frames come in journal order, one at a time: the next one is published
    /// only after this one was.
    ///
    /// A pool's frame comes with `event_seq` 0; the bus numbers its frames from 1 (REFERENCE 35).
    fn publish(&self, frame: Arc<EventFrame>) -> Answer<'static, ()>;

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
}
