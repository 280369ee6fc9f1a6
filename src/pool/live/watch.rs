//! A live stream of store records.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::domain::{AgentError, AgentPoolId};
use crate::pool::handle::Handle;
use crate::pool::live_stream::LiveStream;
use crate::pool::shared_store::SharedStore;
use crate::record::{AgentPoolStoreCursor, AgentPoolStoreRecord};

/// A live stream of store records: first the pool's history after a cursor, and then the records that are added, by
/// whatever handle.
///
/// It is read from the store, by position, at the reader's pace: nothing is lost, however slow the reader is. It ends
/// when the pool's handle is closed or abandoned, after the history until then; with [`Self::stop`]; and after an
/// error. Dropping it releases everything; until then it keeps the handle.
pub struct Watch {
    watching: Rc<Watching>,
}

type Records = Pin<Box<dyn Future<Output = Result<Vec<AgentPoolStoreRecord>, AgentError>>>>;

struct Watching {
    store: SharedStore,
    pool_id: AgentPoolId,
    /// The handle, until nothing more will come.
    handle: RefCell<Option<Rc<Handle>>>,
    /// Whether the stream is told of records and of the end of the handle.
    listens: Cell<bool>,
    /// Whether the stream has had its turn.
    is_open: Cell<bool>,
    position: Cell<Option<AgentPoolStoreCursor>>,
    /// The sequence of the last record to return, once it is known.
    until: Cell<Option<u64>>,
    /// Records that the store returned and that were not read yet.
    ahead: RefCell<VecDeque<AgentPoolStoreRecord>>,
    asking: RefCell<Option<Records>>,
    /// Whether the store may have more than it returned last.
    has_news: Cell<bool>,
    is_over: Cell<bool>,
    reader: RefCell<Option<Waker>>,
}

impl Watch {
    pub(crate) fn new(handle: Rc<Handle>, cursor: Option<AgentPoolStoreCursor>) -> Self {
        Self {
            watching: Rc::new(Watching {
                store: handle.store.clone(),
                pool_id: handle.pool_id.clone(),
                handle: RefCell::new(Some(handle)),
                listens: Cell::new(false),
                is_open: Cell::new(false),
                position: Cell::new(cursor),
                until: Cell::new(None),
                ahead: RefCell::default(),
                asking: RefCell::default(),
                has_news: Cell::new(true),
                is_over: Cell::new(false),
                reader: RefCell::default(),
            }),
        }
    }

    /// The next record, as soon as it is there; `None` after the end. The call may be dropped and made again.
    ///
    /// # Errors
    /// As [`AgentPool::watch_pool`](crate::pool::AgentPool::watch_pool); the stream is over then.
    pub async fn next(&mut self) -> Option<Result<AgentPoolStoreRecord, AgentError>> {
        // A request that nobody polls any more might be given its turn, and keep it.
        let _unasked = Unasked(&self.watching);
        poll_fn(|context| self.poll_next(context)).await
    }

    /// As [`Self::next`]. The task that polled last is woken. A caller that polls and then stops polling has to end or
    /// drop the stream: at first the stream waits for the pool's turn, and may be given it.
    pub fn poll_next(
        &self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<AgentPoolStoreRecord, AgentError>>> {
        let watching = &self.watching;
        loop {
            if watching.is_over.get() {
                return Poll::Ready(None);
            }
            if watching.has_read_all() {
                self.stop();
                continue;
            }
            if let Some(record) = watching.step() {
                return Poll::Ready(Some(Ok(record)));
            }
            watching.reader.replace(Some(context.waker().clone()));
            let Some(mut asking) = watching.ask() else {
                return Poll::Pending;
            };
            match asking.as_mut().poll(context) {
                Poll::Ready(Ok(records)) => watching.ahead.borrow_mut().extend(records),
                Poll::Ready(Err(error)) => {
                    let was_over = watching.is_over.get();
                    self.stop();
                    return Poll::Ready((!was_over).then_some(Err(error)));
                }
                Poll::Pending if watching.is_over.get() => {}
                Poll::Pending => {
                    watching.asking.replace(Some(asking));
                    return Poll::Pending;
                }
            }
        }
    }

    /// Ends the stream at once: a reader that waits for a record gets none.
    pub fn stop(&self) {
        let watching = &self.watching;
        watching.is_over.set(true);
        drop(watching.handle.take());
        drop(watching.asking.take());
        drop(watching.ahead.take());
        watching.wake();
    }
}

/// Drops the request that is under way, so that it is made again.
struct Unasked<'a>(&'a Watching);

impl Drop for Unasked<'_> {
    fn drop(&mut self) {
        let asking = self.0.asking.take();
        if asking.is_some() {
            self.0.has_news.set(true);
        }
    }
}

impl Watching {
    /// Takes the next of the records that are there.
    fn step(&self) -> Option<AgentPoolStoreRecord> {
        let record = self.ahead.borrow_mut().pop_front()?;
        self.position.set(Some(record.cursor));
        Some(record)
    }

    fn has_read_all(&self) -> bool {
        let Some(until) = self.until.get() else {
            return false;
        };
        self.position.get().map_or(0, |position| position.sequence) >= until
    }

    /// The request to the store that is under way, or a new one if the store may have something new.
    fn ask(self: &Rc<Self>) -> Option<Records> {
        if let Some(asking) = self.asking.take() {
            return Some(asking);
        }
        if !self.has_news.replace(false) {
            return None;
        }
        let (store, pool_id) = (self.store.clone(), self.pool_id.clone());
        let cursor = self.position.get();
        let opening = self.handle.borrow().clone().filter(|_| !self.is_open.get());
        let watching = Rc::clone(self);
        Some(Box::pin(async move {
            if let Some(handle) = &opening {
                watching.open(handle)?;
                // The turn is over at once: the store may take its time, and no operation is to wait for it.
                drop(handle.take_turn().await);
                watching.is_open.set(true);
            }
            store.records_after(&pool_id, cursor.as_ref()).await
        }))
    }

    /// Registers to be told of records and of the end of the handle.
    fn open(self: &Rc<Self>, handle: &Handle) -> Result<(), AgentError> {
        handle.require_callable()?;
        // This is called again if the reader gave up before the stream had its turn.
        if !self.listens.replace(true) {
            let stream: Rc<dyn LiveStream> = self.clone();
            handle.streams.add(Rc::downgrade(&stream));
            handle.open.streams.add(Rc::downgrade(&stream));
        }
        Ok(())
    }

    fn wake(&self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

impl LiveStream for Watching {
    fn recorded(&self) {
        self.has_news.set(true);
        self.wake();
    }

    fn finish(&self) {
        let Some(handle) = self.handle.take() else {
            return;
        };
        let until = handle.open.read(|state| state.sequence());
        // A stream that has not had its turn by now gets no records.
        self.until
            .set(Some(if self.is_open.get() { until } else { 0 }));
        self.recorded();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;
    use crate::memory::LogicalClock;
    use crate::pool::{AgentPool, RuntimePorts};
    use crate::port::poll_once;

    #[test]
    fn a_reader_that_gives_up_again_and_again_is_listened_for_once() {
        let runtime = RuntimePorts::new(Rc::new(LogicalClock));
        let builder = AgentPool::builder(AgentPoolId::new("pool.x").unwrap());
        let building = builder.runtime(runtime).build();
        let pool = poll_once(pin!(building)).unwrap().unwrap();
        let mut turn = pool.handle.open.turns.take();
        assert!(poll_once(Pin::new(&mut turn)).is_some());
        let mut watch = pool.watch_pool_live(None);
        for _ in 0..3 {
            assert!(poll_once(pin!(watch.next())).is_none());
        }
        // The handle has one, and the pool.
        assert_eq!(Rc::weak_count(&watch.watching), 2);
    }
}
