//! What a subscription shares with whatever brings it frames.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::domain::AgentError;
use crate::pool::live::last_seen::LastSeen;
use crate::pool::live_stream::LiveStream;
use crate::pool::open_pool::OpenPool;
use crate::pool::plan;
use crate::port::FrameListener;
use crate::record::{
    CompiledEventFilter, EventCursor, EventFilter, EventFrame, EventStreamScope, EventTraits,
    OfferedFrame, SubscriberQueue, cursor_compatible,
};

/// The queue of a subscription, and the filter that decides which frames enter it.
///
/// A frame is judged by the members at the time when it arrives, as by
/// [`AgentPool::subscribe`](crate::pool::AgentPool::subscribe) at that time: events of a run that has left are hidden,
/// and events of a run that has joined are seen.
pub(crate) struct Reading {
    /// The filter as the caller gave it.
    asked: CompiledEventFilter,
    inner: RefCell<Inner>,
}

struct Inner {
    /// `None` once nothing more will come.
    pool: Option<Rc<OpenPool>>,
    scoped: Option<Rc<Scoped>>,
    /// `None` before the subscription is opened.
    queue: Option<SubscriberQueue>,
    last_seen: LastSeen,
    /// The error that ended the reading, until the reader gets it.
    error: Option<AgentError>,
    /// How often the bus may have got something new.
    revision: u64,
    /// The waker of the task that waits for a frame.
    reader: Option<Waker>,
    /// The waker of the task that feeds the stream.
    feeder: Option<Waker>,
}

/// The filter, cut down to the members at some time.
pub(crate) struct Scoped {
    /// The latest membership for which the filter is known to be this one.
    membership: Cell<u64>,
    pub(crate) filter: CompiledEventFilter,
    scope: EventStreamScope,
}

impl Reading {
    pub(crate) fn new(pool: Rc<OpenPool>, filter: EventFilter) -> Self {
        Self {
            asked: CompiledEventFilter::compile(filter),
            inner: RefCell::new(Inner {
                pool: Some(pool),
                scoped: None,
                queue: None,
                last_seen: LastSeen::default(),
                error: None,
                revision: 0,
                reader: None,
                feeder: None,
            }),
        }
    }

    /// Opens the subscription, after `cursor`.
    ///
    /// # Errors
    /// `cursor_scope_mismatch`, and, checked after it, `invalid_overflow_policy`.
    pub(crate) fn open(&self, cursor: Option<EventCursor>) -> Result<(), AgentError> {
        let Some(scoped) = self.scoped() else {
            return Ok(());
        };
        cursor_compatible(&scoped.scope, cursor.as_ref())?;
        let queue = SubscriberQueue::new(self.asked.queue())?;
        let mut inner = self.inner.borrow_mut();
        inner.queue = Some(queue);
        inner.last_seen = LastSeen::until(cursor);
        Ok(())
    }

    /// The filter for the current members; `None` once the reading has ended. It is compiled again only after the
    /// members have changed, and replaced only if that makes a difference to the filter.
    pub(crate) fn scoped(&self) -> Option<Rc<Scoped>> {
        let (pool, known) = {
            let inner = self.inner.borrow();
            (inner.pool.clone()?, inner.scoped.clone())
        };
        let scoped = pool.read(|state| {
            let membership = state.membership();
            if let Some(known) = &known
                && known.membership.get() == membership
            {
                return Rc::clone(known);
            }
            let filter = plan::scope(state, self.asked.criteria().clone());
            let filter = CompiledEventFilter::compile(filter);
            if let Some(known) = known
                && known.filter.fingerprint() == filter.fingerprint()
            {
                known.membership.set(membership);
                return known;
            }
            let scope = filter.cursor_scope();
            Rc::new(Scoped {
                membership: Cell::new(membership),
                filter,
                scope,
            })
        });
        self.inner.borrow_mut().scoped = Some(Rc::clone(&scoped));
        Some(scoped)
    }

    /// Whether the filter is still the one for the current members.
    pub(crate) fn is_current(&self, scoped: &Rc<Scoped>) -> bool {
        let now = self.scoped();
        now.is_some_and(|now| Rc::ptr_eq(&now, scoped))
    }

    /// The cursor after which a bus continues a stream of the filter.
    pub(crate) fn cursor(&self, scoped: &Scoped) -> Option<EventCursor> {
        let inner = self.inner.borrow();
        inner.last_seen.cursor(scoped.scope.clone())
    }

    /// Notes that every frame so far was there already. From here on, a gap is reported on the frame after it.
    pub(crate) fn go_live(&self) {
        if let Some(queue) = &mut self.inner.borrow_mut().queue {
            queue.go_live();
        }
    }

    /// Ends the reading with an error, which the reader gets after what is in the queue. Does nothing if the reading
    /// has ended.
    fn fail(&self, error: AgentError) {
        if !self.has_ended() {
            self.inner.borrow_mut().error = Some(error);
            self.finish();
        }
    }

    /// Ends the reading at once, and releases everything.
    pub(crate) fn stop(&self) {
        let unread = {
            let mut inner = self.inner.borrow_mut();
            (inner.queue.take(), inner.error.take())
        };
        self.finish();
        drop(unread);
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.inner.borrow().pool.is_none()
    }

    pub(crate) fn poll_next(
        &self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<EventFrame, AgentError>>> {
        let mut inner = self.inner.borrow_mut();
        if let Some(frame) = inner.queue.as_mut().and_then(SubscriberQueue::pop) {
            return Poll::Ready(Some(Ok(frame)));
        }
        if inner.pool.is_none() {
            inner.queue = None;
            return Poll::Ready(inner.error.take().map(Err));
        }
        let former = inner.reader.replace(context.waker().clone());
        // Dropped with nothing borrowed: a task may be dropped with its waker.
        drop(inner);
        drop(former);
        Poll::Pending
    }

    /// Runs `feeding`, which brings frames, until it ends or the reading does.
    pub(crate) async fn feed(
        self: Rc<Self>,
        feeding: impl Future<Output = Result<(), AgentError>>,
    ) {
        let mut feeding = pin!(feeding);
        let fed = poll_fn(|context| {
            if self.has_ended() {
                return Poll::Ready(Ok(()));
            }
            let former = self
                .inner
                .borrow_mut()
                .feeder
                .replace(context.waker().clone());
            drop(former);
            feeding.as_mut().poll(context)
        });
        if let Err(error) = fed.await {
            self.fail(error);
        }
    }

    /// How often the bus may have got something new.
    pub(crate) fn revision(&self) -> u64 {
        self.inner.borrow().revision
    }

    /// Waits, within [`Self::feed`], until the bus may have something newer, or the scoped filter has changed.
    pub(crate) fn newer(&self, revision: u64, scoped: &Rc<Scoped>) -> impl Future<Output = ()> {
        poll_fn(
            move |_| match self.revision() > revision || !self.is_current(scoped) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            },
        )
    }

    /// The output of `future`, within [`Self::feed`]. `None` if the scoped filter changes first: what came for the
    /// former members is not taken.
    pub(crate) fn while_current<T>(
        &self,
        scoped: &Rc<Scoped>,
        mut future: Pin<&mut dyn Future<Output = T>>,
    ) -> impl Future<Output = Option<T>> {
        poll_fn(move |context| match self.is_current(scoped) {
            true => future.as_mut().poll(context).map(Some),
            false => Poll::Ready(None),
        })
    }

    /// Takes a frame that a bus answered, unless it was seen already.
    pub(crate) fn take_answered(&self, frame: &EventFrame) {
        let is_new = self
            .inner
            .borrow_mut()
            .last_seen
            .is_new_answer(&frame.event);
        if is_new && let Some(scoped) = self.letting_through(&frame.traits()) {
            self.push(frame, &scoped);
            self.tell();
        }
    }

    /// Takes a frame that a bus offers, unless it was seen already. Returns whether it did. The reader is not told yet.
    pub(crate) fn take_offered(&self, event: &EventTraits<'_>, frame: &dyn OfferedFrame) -> bool {
        let Some(scoped) = self.letting_through(event) else {
            return false;
        };
        // The reader's cursor may be ahead of the bus (REFERENCE 31).
        let is_new = self.inner.borrow_mut().last_seen.is_new(frame.event_seq());
        if is_new {
            self.push(frame, &scoped);
        }
        is_new
    }

    /// The filter for the current members, if it lets an event through.
    fn letting_through(&self, event: &EventTraits<'_>) -> Option<Rc<Scoped>> {
        // Most events do not match the filter as it was given, whoever is a member.
        if !self.asked.lets_through(event) {
            return None;
        }
        let scoped = self.scoped()?;
        scoped.filter.lets_through(event).then_some(scoped)
    }

    fn push(&self, frame: &dyn OfferedFrame, scoped: &Scoped) {
        if let Some(queue) = &mut self.inner.borrow_mut().queue {
            queue.push(frame, &scoped.scope);
        }
    }

    /// Tells the reader that there may be frames in the queue. Ends the reading if the queue has failed or is gone.
    pub(crate) fn tell(&self) {
        let (reader, is_over) = {
            let mut inner = self.inner.borrow_mut();
            let queue = inner.queue.as_ref();
            let is_over = queue.is_none_or(SubscriberQueue::has_failed);
            (inner.reader.take(), is_over)
        };
        wake(reader);
        if is_over {
            self.finish();
        }
    }
}

impl FrameListener for Reading {
    fn take(&self, event: &EventTraits<'_>, frame: &dyn OfferedFrame) {
        if self.take_offered(event, frame) {
            self.tell();
        }
    }
}

impl LiveStream for Reading {
    fn published(&self) {
        let feeder = {
            let mut inner = self.inner.borrow_mut();
            inner.revision += 1;
            inner.feeder.take()
        };
        wake(feeder);
    }

    fn recorded(&self) {
        let scoped = self.inner.borrow().scoped.clone();
        if scoped.is_some_and(|scoped| !self.is_current(&scoped)) {
            let feeder = self.inner.borrow_mut().feeder.take();
            wake(feeder);
        }
    }

    fn finish(&self) {
        let (reader, feeder, pool, scoped) = {
            let mut inner = self.inner.borrow_mut();
            if let Some(queue) = &mut inner.queue {
                queue.finish();
            }
            (
                inner.reader.take(),
                inner.feeder.take(),
                inner.pool.take(),
                inner.scoped.take(),
            )
        };
        drop((pool, scoped));
        wake(reader);
        wake(feeder);
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}
