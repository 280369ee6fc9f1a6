//! A live stream of frames.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::domain::AgentError;
use crate::pool::handle::Handle;
use crate::pool::live::asking::follow;
use crate::pool::live::reading::Reading;
use crate::pool::live_stream::LiveStream;
use crate::port::Executor;
use crate::record::{EventCursor, EventFilter, EventFrame};

/// A live stream of frames: first those that [`AgentPool::subscribe`](crate::pool::AgentPool::subscribe) would return
/// at the time of the first read, and then those that arrive.
///
/// It ends when the pool's handle is closed or abandoned, with [`Self::stop`], when its queue fails
/// (`fail_subscriber`), and after an error. Dropping it releases everything.
///
/// At first the stream waits for the pool's turn. Without an [`Executor`] only the reader can receive that turn: a
/// stream that has begun must be read until it has its first frame, or be stopped or dropped; otherwise it keeps the
/// turn.
pub struct Subscription {
    reading: Rc<Reading>,
    feed: RefCell<Feed>,
    executor: Option<Rc<dyn Executor>>,
}

/// What feeds the stream with frames.
type Task = Pin<Box<dyn Future<Output = ()>>>;

/// How the stream is fed.
enum Feed {
    /// Not begun: nobody has read yet.
    NotBegun(Rc<Handle>, Option<EventCursor>),
    /// Goes on whenever the stream is read.
    Polled(Task),
    /// The task is done, runs on the executor, or is being polled right now.
    Elsewhere,
}

impl Subscription {
    pub(crate) fn new(
        handle: Rc<Handle>,
        filter: EventFilter,
        cursor: Option<EventCursor>,
    ) -> Self {
        Self {
            reading: Rc::new(Reading::new(Rc::clone(&handle.open), filter)),
            executor: handle.ports.executor.clone(),
            feed: RefCell::new(Feed::NotBegun(handle, cursor)),
        }
    }

    /// The next frame, as soon as it is there; `None` after the end.
    ///
    /// # Errors
    /// As [`AgentPool::subscribe`](crate::pool::AgentPool::subscribe); the stream is over then.
    pub async fn next(&mut self) -> Option<Result<EventFrame, AgentError>> {
        poll_fn(|context| self.poll_next(context)).await
    }

    /// As [`Self::next`]. The task that polled last is woken.
    pub fn poll_next(
        &self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<EventFrame, AgentError>>> {
        self.go_on(context);
        self.reading.poll_next(context)
    }

    /// Ends the stream at once: a reader that waits for a frame gets none, and what is in the queue is dropped.
    pub fn stop(&self) {
        self.reading.stop();
        drop(self.feed.replace(Feed::Elsewhere));
    }

    /// Polls the task that feeds the stream, unless something else does.
    fn go_on(&self, context: &mut Context<'_>) {
        let mut task = match self.feed.replace(Feed::Elsewhere) {
            Feed::NotBegun(handle, cursor) => self.begin(handle, cursor),
            Feed::Polled(task) => task,
            Feed::Elsewhere => return,
        };
        if task.as_mut().poll(context).is_ready() {
            return;
        }
        match &self.executor {
            Some(executor) => executor.spawn(task),
            None if self.reading.has_ended() => {}
            None => {
                self.feed.replace(Feed::Polled(task));
            }
        }
    }

    fn begin(&self, handle: Rc<Handle>, cursor: Option<EventCursor>) -> Task {
        let stream: Rc<dyn LiveStream> = self.reading.clone();
        handle.streams.add(Rc::downgrade(&stream));
        let following = follow(handle, Rc::clone(&self.reading), cursor);
        Box::pin(Rc::clone(&self.reading).feed(following))
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.stop();
    }
}
