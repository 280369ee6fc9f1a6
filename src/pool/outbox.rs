//! The outbox: events that the journal holds and the bus does not have yet, in journal order.
//!
//! One frame at a time is with the bus. A frame that the bus rejected stays at the head and is tried
//! again before the next operation journals anything, so no event is lost or out of order (DESIGN 3).

mod life;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::Waker;

use crate::domain::{AgentError, ErrorCode, EventId};
use crate::pool::latch::Latch;
use crate::pool::live_stream::{LiveStream, LiveStreams};
use crate::pool::shared_work::SharedWork;
use crate::port::{Answer, EventBus, Executor};
use crate::record::{CompiledEventFilter, PoolEvent};

/// How many events may wait for a bus unless the host sets another bound.
pub const DEFAULT_OUTBOX_CAPACITY: usize = 4_096;

/// The state of the frame at the head.
enum Head {
    /// The frame was not given to the bus yet, or there is none.
    Waiting,
    /// The bus is being called right now.
    Calling,
    /// The bus answers later.
    UnderWay {
        publication: SharedWork,
        /// For a retry: how many turns had been asked for when it began.
        retried_at: Option<u64>,
    },
    /// The bus rejected the frame, at once or `later`.
    Failed { error: AgentError, later: bool },
}

/// What the head of the outbox means for an operation that is about to begin.
pub(crate) enum Gate {
    /// Nothing failed.
    Open,
    /// The frame was rejected some time after the bus was called. Callers that are about to call the pool should have
    /// asked for a turn before the frame is tried again.
    GiveWay,
    /// The failed frame is being tried again. `since` is how many turns had been asked for when that began.
    Retrying { publication: SharedWork, since: u64 },
    /// The failed frame failed again.
    Shut(AgentError),
}

/// The events of a pool on their way to a bus. Handles that share the pool and the bus share its outbox: a bus gets the
/// events of a pool in journal order, one at a time, whichever handle they come from.
pub(crate) struct Outbox {
    bus: Option<Rc<dyn EventBus>>,
    executor: Option<Rc<dyn Executor>>,
    capacity: usize,
    events: RefCell<VecDeque<Rc<PoolEvent>>>,
    /// How many events have left the outbox.
    gone: Cell<u64>,
    head: RefCell<Head>,
    /// The last publication that the bus answered later. Its allocation serves the next one.
    answered: RefCell<Option<SharedWork>>,
    /// Whether the executor has a task that publishes.
    driven: Cell<bool>,
    /// Wakes that task, if it has nothing to do.
    idle_driver: RefCell<Option<Waker>>,
    /// How many handles use the outbox.
    users: Cell<usize>,
    /// Opens when nobody waits for the bus's answers any more.
    dissolved: Latch,
    /// The live streams that have to ask the bus for its frames.
    pub(crate) streams: LiveStreams,
}

impl Outbox {
    pub(crate) fn new(
        bus: Option<Rc<dyn EventBus>>,
        executor: Option<Rc<dyn Executor>>,
        capacity: usize,
    ) -> Self {
        Self {
            bus,
            executor,
            capacity,
            events: RefCell::default(),
            gone: Cell::new(0),
            head: RefCell::new(Head::Waiting),
            answered: RefCell::default(),
            driven: Cell::new(false),
            idle_driver: RefCell::default(),
            users: Cell::new(0),
            dissolved: Latch::default(),
            streams: LiveStreams::default(),
        }
    }

    /// Whether this is the outbox to that bus.
    pub(crate) fn leads_to(&self, bus: Option<&Rc<dyn EventBus>>) -> bool {
        match (&self.bus, bus) {
            (Some(own), Some(other)) => Rc::as_ptr(own).addr() == Rc::as_ptr(other).addr(),
            _ => false,
        }
    }

    /// Whether the bus has every event.
    pub(crate) fn is_empty(&self) -> bool {
        self.events.borrow().is_empty()
    }

    /// Whether the bus is being called right now. If so, this is called from within the bus.
    pub(crate) fn is_calling(&self) -> bool {
        matches!(*self.head.borrow(), Head::Calling)
    }

    /// Fails if the outbox has no room for so many more events.
    pub(crate) fn require_room(&self, events: usize) -> Result<(), AgentError> {
        let waiting = self.events.borrow().len();
        // With nothing waiting, every operation has room. Otherwise one with more events than the capacity could never
        // begin.
        if waiting > 0 && waiting + events > self.capacity {
            return Err(AgentError::new(
                ErrorCode::BusBacklogged,
                format!("{waiting} events wait for the event bus"),
            ));
        }
        Ok(())
    }

    /// The first waiting event that the filter matches.
    pub(crate) fn first_match(&self, filter: &CompiledEventFilter) -> Option<EventId> {
        let events = self.events.borrow();
        let mut events = events.iter();
        let found = events.find(|event| filter.lets_through(&event.transition().traits()));
        found.map(|event| event.stamp().event_id())
    }

    /// Adds an event at the end, and publishes what can be published.
    pub(crate) fn push(self: &Rc<Self>, event: Rc<PoolEvent>) {
        self.events.borrow_mut().push_back(event);
        self.pump();
    }

    /// Whether the operation that asked for its turn with that number may begin. A head that failed is tried again,
    /// and operations that had asked for their turn before wait for that. So nobody overtakes, and a bus that is down
    /// stops the pool. An operation that asked later may have been called by the bus, and does not wait for it.
    pub(crate) fn gate(self: &Rc<Self>, turn: u64, arrivals: u64, gave_way: bool) -> Gate {
        self.pump();
        let failed_later = match &*self.head.borrow() {
            Head::Failed { later, .. } => Some(*later),
            _ => None,
        };
        match failed_later {
            Some(true) if !gave_way => return Gate::GiveWay,
            Some(_) => self.try_again(arrivals),
            None => {}
        }
        match &*self.head.borrow() {
            Head::Failed { error, .. } => Gate::Shut(error.clone()),
            Head::UnderWay {
                publication,
                retried_at: Some(since),
            } if turn <= *since => Gate::Retrying {
                publication: publication.clone(),
                since: *since,
            },
            _ => Gate::Open,
        }
    }

    fn try_again(self: &Rc<Self>, arrivals: u64) {
        self.head.replace(Head::Waiting);
        self.pump_from(Some(arrivals));
    }

    /// Waits until the bus has every event that is in the outbox now. Events that come later are not waited for, as
    /// they may come without end.
    ///
    /// # Errors
    /// The error of the bus when it rejects one of these events. A head that failed before is tried again first.
    pub(crate) async fn flush(self: &Rc<Self>, arrivals: u64) -> Result<(), AgentError> {
        let last = self.gone.get() + self.events.borrow().len() as u64;
        self.pump();
        if matches!(*self.head.borrow(), Head::Failed { .. }) {
            self.try_again(arrivals);
        }
        while self.gone.get() < last {
            let publication = match &*self.head.borrow() {
                Head::UnderWay { publication, .. } => publication.clone(),
                Head::Failed { error, .. } => return Err(error.clone()),
                Head::Waiting | Head::Calling => return Err(ErrorCode::ReentrantCall.into()),
            };
            self.answered(publication).await?;
            self.pump();
        }
        Ok(())
    }

    /// Adds a live stream that has to ask the bus for its frames.
    pub(crate) fn add_stream(self: &Rc<Self>, stream: Weak<dyn LiveStream>) {
        self.streams.add(stream);
        self.see_to_answer();
    }

    /// Publishes from the head on, until the bus rejects a frame or does not answer at once.
    pub(crate) fn pump(self: &Rc<Self>) {
        self.pump_from(None);
    }

    /// As [`Self::pump`]. If this tries the head again, `retried_at` is how many turns had been asked for.
    fn pump_from(self: &Rc<Self>, retried_at: Option<u64>) {
        if self.publish_waiting(retried_at) {
            self.see_to_answer();
        }
    }

    /// As [`Self::pump_from`]. Returns whether a publication is under way.
    fn publish_waiting(&self, mut retried_at: Option<u64>) -> bool {
        loop {
            if self.take_in_answer() {
                return true;
            }
            if !matches!(*self.head.borrow(), Head::Waiting) {
                return false;
            }
            let Some(event) = self.events.borrow().front().cloned() else {
                return false;
            };
            let Some(bus) = &self.bus else { return false };
            match self.call(bus, event) {
                Answer::Now(answer) => {
                    retried_at = None;
                    self.settle(answer.unwrap_or(Ok(())), false);
                }
                Answer::Later(publication) => {
                    let publication = match self.answered.take() {
                        Some(answered) => SharedWork::after(answered, publication),
                        None => SharedWork::new(publication),
                    };
                    self.head.replace(Head::UnderWay {
                        publication,
                        retried_at: retried_at.take(),
                    });
                    if self.executor.is_some() {
                        return true;
                    }
                }
            }
        }
    }

    /// Calls the bus. If the bus panics, which only a native host outlives, the event is tried again.
    fn call(&self, bus: &Rc<dyn EventBus>, event: Rc<PoolEvent>) -> Answer<'static, ()> {
        struct Calling<'a>(&'a RefCell<Head>);
        impl Drop for Calling<'_> {
            fn drop(&mut self) {
                self.0.replace(Head::Waiting);
            }
        }
        self.head.replace(Head::Calling);
        let _calling = Calling(&self.head);
        bus.publish(event)
    }

    /// The publication under way, to be polled.
    pub(crate) fn under_way(&self) -> Option<SharedWork> {
        match &*self.head.borrow() {
            Head::UnderWay { publication, .. } => Some(publication.clone()),
            _ => None,
        }
    }

    /// Waits for the publication of the event at the head.
    pub(crate) fn answered(
        &self,
        mut publication: SharedWork,
    ) -> impl Future<Output = Result<(), AgentError>> + Unpin {
        let event = self.events.borrow().front().cloned();
        poll_fn(move |context| {
            let answer = Pin::new(&mut publication).poll(context);
            answer.map_err(|error| naming(error, event.as_deref()))
        })
    }

    /// Takes in the answer to the publication under way, if it is there. Returns whether a publication is still under
    /// way.
    pub(crate) fn take_in_answer(&self) -> bool {
        let Some(publication) = self.under_way() else {
            return false;
        };
        let Some(answer) = publication.look() else {
            return true;
        };
        self.settle(answer, true);
        false
    }

    fn settle(&self, answer: Result<(), AgentError>, later: bool) {
        let (head, is_published) = match answer {
            Ok(()) => (Head::Waiting, true),
            Err(error) => {
                let error = naming(error, self.events.borrow().front().map(Rc::as_ref));
                (Head::Failed { error, later }, false)
            }
        };
        if is_published {
            self.events.borrow_mut().pop_front();
            self.gone.set(self.gone.get() + 1);
        }
        if let Head::UnderWay { publication, .. } = self.head.replace(head) {
            self.answered.replace(Some(publication));
        }
        if is_published {
            self.streams.notify(|stream| stream.published());
        }
    }
}

/// Names the event in the error of the bus.
fn naming(error: AgentError, event: Option<&PoolEvent>) -> AgentError {
    match event {
        Some(event) => error.with_event(event.stamp().event_id()),
        None => error,
    }
}

#[cfg(test)]
mod tests;
