//! A latch: it opens once, and any number of tasks may wait for that.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use slab::Slab;

/// Opens once, and stays open.
#[derive(Default)]
pub(crate) struct Latch {
    is_open: Cell<bool>,
    waiting: RefCell<Slab<Waker>>,
}

impl Latch {
    /// Whether it is open.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open.get()
    }

    /// Opens the latch, and wakes everything that waits for it.
    pub(crate) fn open(&self) {
        self.is_open.set(true);
        // No borrow is held meanwhile: a waker may run other tasks at once, and these may stop waiting.
        let wakers: Vec<Waker> = self
            .waiting
            .borrow()
            .iter()
            .map(|(_, waker)| waker.clone())
            .collect();
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Waits until it is open.
    pub(crate) fn wait(&self) -> Wait<'_> {
        Wait {
            latch: self,
            place: None,
        }
    }
}

/// Waiting for a [`Latch`] to open.
pub(crate) struct Wait<'a> {
    latch: &'a Latch,
    place: Option<usize>,
}

impl Future for Wait<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.latch.is_open() {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        let mut waiting = self.latch.waiting.borrow_mut();
        match self.place {
            Some(place) => {
                let before = std::mem::replace(&mut waiting[place], waker);
                drop(waiting);
                // Dropped with nothing borrowed: a task may be dropped with its last waker, and other waits with the
                // task.
                drop(before);
            }
            None => {
                let place = waiting.insert(waker);
                drop(waiting);
                self.place = Some(place);
            }
        }
        Poll::Pending
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            let waker = self.latch.waiting.borrow_mut().remove(place);
            // As in `poll`, dropped with nothing borrowed.
            drop(waker);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn whoever_waits_is_woken_once_it_opens_and_nobody_waits_afterwards() {
        let (latch, woken) = (Latch::default(), Arc::<Woken>::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        let mut waits: Vec<_> = (0..3).map(|_| latch.wait()).collect();
        for wait in &mut waits {
            assert!(Pin::new(&mut *wait).poll(&mut context).is_pending());
            assert!(Pin::new(wait).poll(&mut context).is_pending());
        }
        latch.open();
        assert_eq!(woken.0.load(Ordering::Relaxed), 3);
        for wait in &mut waits {
            assert!(Pin::new(wait).poll(&mut context).is_ready());
        }
        assert!(Pin::new(&mut latch.wait()).poll(&mut context).is_ready());
    }

    #[test]
    fn who_stops_waiting_leaves_nothing_behind() {
        let latch = Latch::default();
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..3 {
            let mut wait = latch.wait();
            assert!(Pin::new(&mut wait).poll(&mut context).is_pending());
        }
        assert!(latch.waiting.borrow().is_empty());
    }

    thread_local! {
        static OTHER: RefCell<Option<Wait<'static>>> = const { RefCell::new(None) };
    }

    /// When it is dropped, another wait is dropped too, as may happen with the last waker of a task.
    struct Owner;

    impl Wake for Owner {
        fn wake(self: Arc<Self>) {}
    }

    impl Drop for Owner {
        fn drop(&mut self) {
            drop(OTHER.take());
        }
    }

    #[test]
    fn dropping_a_waker_may_drop_another_wait() {
        for gives_up in [true, false] {
            let latch: &'static Latch = Box::leak(Box::default());
            let mut context = Context::from_waker(Waker::noop());
            let (mut wait, mut other) = (latch.wait(), latch.wait());
            let owner = Waker::from(Arc::new(Owner));
            let polled = Pin::new(&mut wait).poll(&mut Context::from_waker(&owner));
            assert!(polled.is_pending());
            assert!(Pin::new(&mut other).poll(&mut context).is_pending());
            OTHER.set(Some(other));
            drop(owner);
            match gives_up {
                true => drop(wait),
                false => assert!(Pin::new(&mut wait).poll(&mut context).is_pending()),
            }
            assert!(OTHER.take().is_none());
            assert!(latch.waiting.borrow().is_empty() == gives_up);
        }
    }
}
