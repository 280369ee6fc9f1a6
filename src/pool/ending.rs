//! A moment that comes once, for any number of parties to wait for.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use slab::Slab;

/// Comes once, and has come from then on.
#[derive(Default)]
pub(crate) struct Ending {
    has_come: Cell<bool>,
    waiting: RefCell<Slab<Waker>>,
}

impl Ending {
    /// Whether it has come.
    pub(crate) fn has_come(&self) -> bool {
        self.has_come.get()
    }

    /// It comes: whoever waits for it goes on.
    pub(crate) fn come(&self) {
        self.has_come.set(true);
        // A waker may have others go on at once, who stop waiting.
        let wakers: Vec<Waker> = self
            .waiting
            .borrow()
            .iter()
            .map(|(_, waker)| waker.clone())
            .collect();
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Waits for it.
    pub(crate) fn wait(&self) -> Wait<'_> {
        Wait {
            ending: self,
            place: None,
        }
    }
}

/// Waiting for an [`Ending`].
pub(crate) struct Wait<'a> {
    ending: &'a Ending,
    place: Option<usize>,
}

impl Future for Wait<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.ending.has_come() {
            return Poll::Ready(());
        }
        let mut waiting = self.ending.waiting.borrow_mut();
        match self.place {
            Some(place) => waiting[place].clone_from(context.waker()),
            None => {
                let place = waiting.insert(context.waker().clone());
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
            self.ending.waiting.borrow_mut().remove(place);
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
    fn whoever_waits_is_woken_once_it_comes_and_nobody_waits_afterwards() {
        let (ending, woken) = (Ending::default(), Arc::<Woken>::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        let mut waits: Vec<_> = (0..3).map(|_| ending.wait()).collect();
        for wait in &mut waits {
            assert!(Pin::new(&mut *wait).poll(&mut context).is_pending());
            assert!(Pin::new(wait).poll(&mut context).is_pending());
        }
        ending.come();
        assert_eq!(woken.0.load(Ordering::Relaxed), 3);
        for wait in &mut waits {
            assert!(Pin::new(wait).poll(&mut context).is_ready());
        }
        assert!(Pin::new(&mut ending.wait()).poll(&mut context).is_ready());
    }

    #[test]
    fn who_stops_waiting_leaves_nothing_behind() {
        let ending = Ending::default();
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..3 {
            let mut wait = ending.wait();
            assert!(Pin::new(&mut wait).poll(&mut context).is_pending());
        }
        assert!(ending.waiting.borrow().is_empty());
    }
}
