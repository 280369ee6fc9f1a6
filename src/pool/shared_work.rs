//! Work that several parties wait for: whichever party is polled polls the work.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use slab::Slab;

use crate::domain::AgentError;
#[cfg(panic = "unwind")]
use crate::domain::ErrorCode;

/// The future that is shared.
pub(crate) type Work = Pin<Box<dyn Future<Output = Outcome>>>;

type Outcome = Result<(), AgentError>;

/// One party to shared work, which is dropped with its last party. A clone is another party.
pub(crate) struct SharedWork {
    common: Rc<Common>,
    /// Where this party's waker is.
    place: Option<usize>,
}

/// A reference to shared work that is not a party to it.
pub(crate) type WeakWork = Weak<Common>;

/// What the parties share.
pub(crate) struct Common {
    progress: RefCell<Progress>,
    parties: Arc<Parties>,
}

enum Progress {
    UnderWay(Work),
    /// The work is being polled right now.
    Polled,
    Done(Outcome),
}

/// Wakes every party that waits for the work, once each time that the party was polled. A waker may be sent to other
/// threads, so the wakers are behind a lock.
#[derive(Default)]
struct Parties {
    wakers: Mutex<Slab<Waker>>,
}

impl SharedWork {
    /// The first party to this work. If `done` has no other party, its allocation is used again.
    pub(crate) fn after(done: Self, work: Work) -> Self {
        let mut common = done.common.clone();
        drop(done);
        let Some(last) = Rc::get_mut(&mut common) else {
            return Self::new(work);
        };
        last.progress = RefCell::new(Progress::UnderWay(work));
        // There are none, but the slab gives out places that were used in another order than the new parties come.
        last.parties.wakers().clear();
        Self::party_to(common)
    }

    /// The first party to this work.
    pub(crate) fn new(work: Work) -> Self {
        Self::party_to(Rc::new(Common {
            progress: RefCell::new(Progress::UnderWay(work)),
            parties: Arc::default(),
        }))
    }

    fn party_to(common: Rc<Common>) -> Self {
        let place = None;
        Self { common, place }
    }

    /// A reference to the work that does not keep it going.
    pub(crate) fn downgrade(&self) -> WeakWork {
        Rc::downgrade(&self.common)
    }

    /// One more party to the work; `None` if the work is done or was dropped.
    pub(crate) fn join(work: &WeakWork) -> Option<Self> {
        let common = work.upgrade()?;
        let is_done = matches!(*common.progress.borrow(), Progress::Done(_));
        (!is_done).then(|| Self::party_to(common))
    }

    /// The outcome, for a caller that does not wait. If the work is not done, polls it once.
    pub(crate) fn look(&self) -> Option<Outcome> {
        if let Progress::Done(outcome) = &*self.common.progress.borrow() {
            return Some(outcome.clone());
        }
        match self.common.go_on() {
            Poll::Ready(outcome) => {
                self.common.parties.wake_all();
                Some(outcome)
            }
            Poll::Pending => None,
        }
    }

    /// Has this party woken when the work can go on.
    fn wait(&mut self, waker: &Waker) {
        let mut wakers = self.common.parties.wakers();
        let Some(place) = self.place else {
            self.place = Some(wakers.insert(waker.clone()));
            return;
        };
        if wakers[place].will_wake(waker) {
            return;
        }
        let former = std::mem::replace(&mut wakers[place], waker.clone());
        // Dropped outside of the lock: a task may be dropped with its waker.
        drop(wakers);
        drop(former);
    }

    /// Removes the waker of this party.
    fn leave(&mut self) {
        if let Some(place) = self.place.take() {
            let waker = self.common.parties.wakers().remove(place);
            // As in `wait`, dropped outside of the lock.
            drop(waker);
        }
    }
}

impl Clone for SharedWork {
    fn clone(&self) -> Self {
        Self::party_to(Rc::clone(&self.common))
    }
}

impl Future for SharedWork {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        if let Progress::Done(outcome) = &*self.common.progress.borrow() {
            return Poll::Ready(outcome.clone());
        }
        self.wait(context.waker());
        let polled = self.common.go_on();
        if polled.is_ready() {
            // This party gets the outcome now, and need not be woken.
            self.leave();
            self.common.parties.wake_all();
        }
        polled
    }
}

impl Drop for SharedWork {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Common {
    /// Polls the work, unless this is called from within the work.
    fn go_on(&self) -> Poll<Outcome> {
        let Progress::UnderWay(mut work) = self.progress.replace(Progress::Polled) else {
            return Poll::Pending;
        };
        let waker = Waker::from(Arc::clone(&self.parties));
        #[cfg(panic = "unwind")]
        let panicking = Panicking(self);
        let polled = work.as_mut().poll(&mut Context::from_waker(&waker));
        #[cfg(panic = "unwind")]
        std::mem::forget(panicking);
        match &polled {
            Poll::Pending => {
                self.progress.replace(Progress::UnderWay(work));
            }
            Poll::Ready(outcome) => {
                self.progress.replace(Progress::Done(outcome.clone()));
            }
        }
        polled
    }
}

/// Dropped if the work panics, which only a native host outlives: it then counts as a port that failed.
#[cfg(panic = "unwind")]
struct Panicking<'a>(&'a Common);

#[cfg(panic = "unwind")]
impl Drop for Panicking<'_> {
    fn drop(&mut self) {
        let error = AgentError::new(ErrorCode::InvalidPortAnswer, "a port panicked");
        self.0.progress.replace(Progress::Done(Err(error)));
        self.0.parties.wake_all();
    }
}

impl Parties {
    fn wakers(&self) -> MutexGuard<'_, Slab<Waker>> {
        // The lock may be poisoned: no change to the wakers leaves them half done.
        self.wakers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake_all(&self) {
        let places = self.wakers().capacity();
        // The lock is held for one waker at a time. A waker may run other parties at once, and these may remove their
        // wakers. If the work waits for itself, this one is among the wakers.
        for place in 0..places {
            let mut wakers = self.wakers();
            let waker = wakers.get_mut(place);
            let waker = waker.map(|waker| std::mem::replace(waker, Waker::noop().clone()));
            drop(wakers);
            waker.into_iter().for_each(Waker::wake);
        }
    }
}

impl Wake for Parties {
    fn wake(self: Arc<Self>) {
        self.wake_all();
    }
}

#[cfg(test)]
mod tests;
