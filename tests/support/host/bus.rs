//! An event bus that answers as it is told.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use agent_pool::{
    domain::{AgentError, ErrorCode, EventId},
    memory::MemoryEventBus,
    port::{Answer, EventBus},
    record::{CompiledEventFilter, EventCursor, EventFrame, PoolEvent, SubscriberQueueConfig},
};

use super::{Replies, done, frame_story, port_error};

/// What a failing bus throws.
pub const BUS_FAULT: &str = "the channel is closed";

type Later = Pin<Box<dyn Future<Output = Result<(), AgentError>>>>;
type Handler = Rc<dyn Fn(&EventFrame) -> Option<Later>>;

/// Keeps the frames that it takes, as the bus in memory does.
#[derive(Default)]
pub struct HostBus {
    /// How it answers.
    pub replies: Replies,
    /// How it answers questions for what it holds.
    pub questions: Replies,
    /// Whether it rejects whatever it is asked to publish.
    pub down: Cell<bool>,
    /// Whether it answers every question with everything that it holds.
    pub sloppy: Cell<bool>,
    taken: Rc<MemoryEventBus>,
    attempts: RefCell<Vec<EventId>>,
    handler: RefCell<Option<Handler>>,
    listener: RefCell<Option<Rc<dyn Fn()>>>,
}

impl HostBus {
    /// The frames that it holds.
    pub fn taken(&self) -> Vec<EventFrame> {
        let everything = self
            .taken
            .subscribe_all(None, SubscriberQueueConfig::UNBOUNDED);
        everything.expect("a queue without bounds takes everything")
    }

    /// The frames that it holds, one line each.
    pub fn story(&self) -> Vec<String> {
        self.taken().iter().map(frame_story).collect()
    }

    /// How many frames it holds.
    pub fn len(&self) -> usize {
        self.taken.len()
    }

    /// How often it was asked to publish.
    pub fn attempts(&self) -> usize {
        self.attempts.borrow().len()
    }

    /// Publishes an event of the host without showing it to the pool.
    pub fn publish_own(&self, frame: EventFrame) {
        self.taken.publish_frame(frame);
    }

    /// Has `handler` called with every frame, from within `publish`. If the handler returns a future, `publish` answers
    /// when that does.
    pub fn handle(&self, handler: impl Fn(&EventFrame) -> Option<Later> + 'static) {
        self.handler.replace(Some(Rc::new(handler)));
    }
}

impl HostBus {
    /// Has `listener` called while the bus is asked what it holds.
    pub fn listen(&self, listener: impl Fn() + 'static) {
        self.listener.replace(Some(Rc::new(listener)));
    }

    fn asked(&self) {
        let listener = self.listener.borrow().clone();
        if let Some(listener) = listener {
            listener();
        }
    }

    fn answer<T: 'static>(&self, value: T) -> Answer<'static, T> {
        let code = ErrorCode::EventBusRejected;
        self.questions.answer(code, BUS_FAULT, move || value)
    }
}

impl EventBus for HostBus {
    fn publish(&self, event: Rc<PoolEvent>) -> Answer<'static, ()> {
        let frame = event.frame();
        let event_id = frame.event.envelope.event_id.clone();
        self.attempts.borrow_mut().push(event_id);
        let handler = self.handler.borrow().clone();
        let handled = handler.and_then(|handler| handler(&frame));
        let taken = Rc::clone(&self.taken);
        let take = move || {
            taken.publish_event(event);
        };
        if self.down.get() {
            return Answer::failed(port_error(ErrorCode::EventBusRejected, BUS_FAULT));
        }
        match handled {
            Some(later) => Answer::later(async move {
                later.await?;
                take();
                Ok(())
            }),
            None => self
                .replies
                .answer(ErrorCode::EventBusRejected, BUS_FAULT, take),
        }
    }

    fn frames<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
        cursor: Option<&'a EventCursor>,
    ) -> Answer<'a, Vec<EventFrame>> {
        self.asked();
        let frames = match self.sloppy.get() {
            true => self.taken(),
            false => done(self.taken.frames(filter, cursor)),
        };
        self.answer(frames)
    }

    fn first_match<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
    ) -> Answer<'a, Option<EventFrame>> {
        self.asked();
        let found = match self.sloppy.get() {
            true => self.taken().into_iter().next(),
            false => done(self.taken.first_match(filter)),
        };
        self.answer(found)
    }

    fn observe(&self, frame: &EventFrame) {
        self.taken.observe(frame);
    }
}
