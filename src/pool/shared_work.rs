//! Work that several parties wait for: whoever of them is polled has it go on.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use slab::Slab;

use crate::domain::AgentError;

/// What is to be done.
pub(crate) type Work = Pin<Box<dyn Future<Output = Outcome>>>;

type Outcome = Result<(), AgentError>;

/// One party to some work, which is given up with the last of them. A clone is another party.
pub(crate) struct SharedWork {
    common: Rc<Common>,
    /// Where its waker is.
    place: Option<usize>,
}

/// Some work as it is known to somebody who is no party to it.
pub(crate) type WeakWork = Weak<Common>;

/// What the parties have in common.
pub(crate) struct Common {
    progress: RefCell<Progress>,
    parties: Arc<Parties>,
}

enum Progress {
    UnderWay(Work),
    /// It is being polled right now.
    Polled,
    Done(Outcome),
}

/// Wakes whoever waits for the work, once each time that they are polled. Wakers may be sent to other threads, so this
/// one has a lock.
#[derive(Default)]
struct Parties {
    wakers: Mutex<Slab<Waker>>,
}

impl SharedWork {
    /// The first party to this work, in the place of work that is done, if it has no party any more: what that had room
    /// in serves again.
    pub(crate) fn after(done: Self, work: Work) -> Self {
        let mut common = done.common.clone();
        drop(done);
        let Some(last) = Rc::get_mut(&mut common) else {
            return Self::new(work);
        };
        last.progress = RefCell::new(Progress::UnderWay(work));
        // There are none, but places are given again in another order than in that of the new parties.
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

    /// The same work, which goes on only as long as there is a party to it.
    pub(crate) fn downgrade(&self) -> WeakWork {
        Rc::downgrade(&self.common)
    }

    /// One more party to work that is not done yet.
    pub(crate) fn join(work: &WeakWork) -> Option<Self> {
        let common = work.upgrade()?;
        let is_done = matches!(*common.progress.borrow(), Progress::Done(_));
        (!is_done).then(|| Self::party_to(common))
    }

    /// What it has come to, for somebody who does not wait. It goes on if it can.
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
        // What it holds goes when nothing is locked any more.
        drop(wakers);
        drop(former);
    }

    /// This party waits no longer.
    fn leave(&mut self) {
        if let Some(place) = self.place.take() {
            let waker = self.common.parties.wakers().remove(place);
            // As above.
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
            // This party knows.
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
    /// Polls the work, unless this is called from within it.
    fn go_on(&self) -> Poll<Outcome> {
        let Progress::UnderWay(mut work) = self.progress.replace(Progress::Polled) else {
            return Poll::Pending;
        };
        let waker = Waker::from(Arc::clone(&self.parties));
        let polled = work.as_mut().poll(&mut Context::from_waker(&waker));
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

impl Parties {
    fn wakers(&self) -> MutexGuard<'_, Slab<Waker>> {
        // Nothing that is done to the wakers leaves them half done.
        self.wakers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake_all(&self) {
        let places = self.wakers().capacity();
        // One by one: a waker may have others go on at once, who stop waiting; and if the work waits for itself, one of
        // them is this one.
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
