//! An event bus in memory that keeps every frame.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::domain::{AgentError, AgentId, EventId, IdTable, RunId, sha256_hex};
use crate::json;
use crate::memory::KeptFrame;
use crate::port::{Answer, EventBus, FrameListener, Listeners};
use crate::record::{
    CompiledEventFilter, EventCursor, EventFilter, EventFrame, EventSignature, EventStreamScope,
    FrameStream, OfferedFrame, PoolEvent, SubscriberQueueConfig,
};

/// An event bus that numbers its frames from 1 and keeps all of them.
#[derive(Default)]
pub struct MemoryEventBus {
    frames: RefCell<Vec<Place>>,
    /// For each event id a digest of the latest host event that the bus was shown, as it came.
    observed: RefCell<IdTable<EventId, String>>,
    listeners: Listeners<dyn FrameListener>,
}

/// A frame, and the signature of its event, which is all that a search reads of most frames.
struct Place {
    signature: EventSignature,
    kept: Rc<KeptFrame>,
}

impl MemoryEventBus {
    /// A bus without frames.
    pub fn new() -> Self {
        Self::default()
    }

    /// Publishes a frame, also one of the host. The bus sets the frame's number and with it the cursor, except for the
    /// cursor's scope (REFERENCE 35). Returns the frame as the bus holds it.
    pub fn publish_frame(&self, frame: EventFrame) -> EventFrame {
        self.keep(KeptFrame::of_host(frame, self.next_seq()))
            .frame()
    }

    /// Publishes an event of a pool. Returns the frame as the bus keeps it.
    pub fn publish_event(&self, event: Rc<PoolEvent>) -> Rc<KeptFrame> {
        self.keep(KeptFrame::of_event(event, self.next_seq()))
    }

    fn keep(&self, kept: KeptFrame) -> Rc<KeptFrame> {
        let kept = Rc::new(kept);
        let event = kept.traits();
        self.frames.borrow_mut().push(Place {
            signature: EventSignature::new(&event),
            kept: Rc::clone(&kept),
        });
        self.listeners
            .notify(|listener| listener.take(&event, &*kept));
        kept
    }

    fn next_seq(&self) -> u64 {
        self.len() as u64 + 1
    }

    /// How many frames the bus holds.
    pub fn len(&self) -> usize {
        self.frames.borrow().len()
    }

    /// Whether nothing was published yet.
    pub fn is_empty(&self) -> bool {
        self.frames.borrow().is_empty()
    }

    /// The frames that a subscriber to everything sees.
    ///
    /// # Errors
    /// A cursor of another scope; the overflow policy `backpressure_caller`.
    pub fn subscribe_all(
        &self,
        cursor: Option<&EventCursor>,
        queue: SubscriberQueueConfig,
    ) -> Result<Vec<EventFrame>, AgentError> {
        self.subscribe_scope(EventStreamScope::All, EventFilter::default(), cursor, queue)
    }

    /// The frames that a subscriber to one run sees.
    ///
    /// # Errors
    /// As [`Self::subscribe_all`].
    pub fn subscribe_run(
        &self,
        run_id: RunId,
        cursor: Option<&EventCursor>,
        queue: SubscriberQueueConfig,
    ) -> Result<Vec<EventFrame>, AgentError> {
        let filter = EventFilter::run(run_id.clone());
        self.subscribe_scope(EventStreamScope::Run(run_id), filter, cursor, queue)
    }

    /// The frames that a subscriber to one agent sees.
    ///
    /// # Errors
    /// As [`Self::subscribe_all`].
    pub fn subscribe_agent(
        &self,
        agent_id: AgentId,
        cursor: Option<&EventCursor>,
        queue: SubscriberQueueConfig,
    ) -> Result<Vec<EventFrame>, AgentError> {
        let filter = EventFilter::agent(agent_id.clone());
        self.subscribe_scope(EventStreamScope::Agent(agent_id), filter, cursor, queue)
    }

    fn subscribe_scope(
        &self,
        scope: EventStreamScope,
        filter: EventFilter,
        cursor: Option<&EventCursor>,
        queue: SubscriberQueueConfig,
    ) -> Result<Vec<EventFrame>, AgentError> {
        let filter = CompiledEventFilter::compile(filter);
        let mut stream = FrameStream::new(scope, &filter, &queue, cursor)?;
        self.offer_matching(&filter, cursor, &mut |frame| stream.take(frame));
        Ok(stream.into_frames())
    }

    fn offer_matching(
        &self,
        filter: &CompiledEventFilter,
        cursor: Option<&EventCursor>,
        reader: &mut dyn FnMut(&dyn OfferedFrame),
    ) {
        let frames = self.frames.borrow();
        // The n-th frame has the number n, so what comes after a cursor starts at its index.
        let start = cursor.map_or(0, |cursor| {
            usize::try_from(cursor.event_seq).map_or(frames.len(), |start| start.min(frames.len()))
        });
        for place in &frames[start..] {
            if place.is_let_through(filter) {
                reader(&*place.kept);
            }
        }
    }
}

impl Place {
    #[inline]
    fn is_let_through(&self, filter: &CompiledEventFilter) -> bool {
        filter.may_let_through(self.signature) && filter.lets_through(&self.kept.traits())
    }
}

impl EventBus for MemoryEventBus {
    fn publish(&self, event: Rc<PoolEvent>) -> Answer<'static, ()> {
        self.publish_event(event);
        Answer::ready(())
    }

    fn frames<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
        cursor: Option<&'a EventCursor>,
    ) -> Answer<'a, Vec<EventFrame>> {
        let mut frames = Vec::new();
        self.offer_matching(filter, cursor, &mut |frame| frames.push(frame.frame()));
        Answer::ready(frames)
    }

    fn offer(
        &self,
        filter: &CompiledEventFilter,
        cursor: Option<&EventCursor>,
        reader: &mut dyn FnMut(&dyn OfferedFrame),
    ) -> bool {
        self.offer_matching(filter, cursor, reader);
        true
    }

    fn first_match<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
    ) -> Answer<'a, Option<EventFrame>> {
        let frames = self.frames.borrow();
        let first = frames.iter().find(|place| place.is_let_through(filter));
        Answer::ready(first.map(|place| place.kept.frame()))
    }

    fn observe(&self, frame: &EventFrame) {
        let event_id = frame.event.envelope.event_id.clone();
        let digest = sha256_hex(json::write(frame).as_bytes());
        let mut observed = self.observed.borrow_mut();
        let latest = observed.insert(event_id, digest.clone());
        drop(observed);
        // The same frame shown again is the same event. Another event may have the same id (REFERENCE 35).
        if latest != Some(digest) {
            self.publish_frame(frame.clone());
        }
    }

    fn listen(&self, listener: Weak<dyn FrameListener>) -> bool {
        self.listeners.add(listener);
        true
    }
}

#[cfg(test)]
mod tests;
