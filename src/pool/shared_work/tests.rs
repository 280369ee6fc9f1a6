//! What shared work promises: it goes on as long as any party waits for it, and every party gets the outcome.

use std::cell::Cell;
use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::domain::ErrorCode;
use crate::port::poll_once;

/// Work that is done as soon as it has an outcome.
#[derive(Default)]
struct Controlled {
    outcome: Cell<Option<Outcome>>,
    waker: RefCell<Option<Waker>>,
}

impl Controlled {
    fn started() -> (Rc<Self>, SharedWork) {
        let controlled = Rc::<Self>::default();
        let control = Rc::clone(&controlled);
        let work = poll_fn(move |context| {
            controlled.waker.replace(Some(context.waker().clone()));
            controlled.outcome.take().map_or(Poll::Pending, Poll::Ready)
        });
        (control, SharedWork::new(Box::pin(work)))
    }

    /// Tells the work that it can go on.
    fn wake(&self) {
        self.waker.take().expect("it was polled").wake();
    }
}

#[derive(Default)]
struct Woken(AtomicUsize);

impl Woken {
    fn times(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Polls a party; returns what is woken when the party can go on.
fn wait(party: &mut SharedWork) -> Arc<Woken> {
    let woken = Arc::<Woken>::default();
    let waker = Waker::from(Arc::clone(&woken));
    let polled = Pin::new(party).poll(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    woken
}

#[test]
fn every_party_is_woken_and_hears_of_the_outcome() {
    let (control, mut one) = Controlled::started();
    let mut other = one.clone();
    let woken = [wait(&mut one), wait(&mut other)];
    control.wake();
    assert_eq!(woken.map(|woken| woken.times()), [1, 1]);
    let woken = wait(&mut other);
    control.outcome.set(Some(Err(ErrorCode::Closed.into())));
    assert!(poll_once(one).expect("it is done").is_err());
    assert_eq!(woken.times(), 1, "nobody else would tell it");
    assert!(poll_once(other.clone()).expect("it is done").is_err());
    assert!(poll_once(other).expect("it is done").is_err());
}

#[test]
fn a_party_that_leaves_takes_its_waker_along_and_the_others_have_the_work_go_on() {
    let (control, mut one) = Controlled::started();
    let mut other = one.clone();
    let (stays, leaves) = (wait(&mut one), wait(&mut other));
    drop(other);
    assert_eq!(one.common.parties.wakers().len(), 1);
    control.wake();
    assert_eq!((stays.times(), leaves.times()), (1, 0));
    control.outcome.set(Some(Ok(())));
    assert!(poll_once(one).expect("it is done").is_ok());
}

#[test]
fn a_party_that_is_polled_again_is_woken_by_its_last_waker() {
    let (control, mut party) = Controlled::started();
    let woken = [wait(&mut party), wait(&mut party)];
    control.wake();
    assert_eq!(woken.map(|woken| woken.times()), [0, 1]);
}

#[test]
fn a_party_that_is_polled_from_within_the_work_waits_for_it() {
    let inner = Rc::<RefCell<Option<SharedWork>>>::default();
    let within = Rc::clone(&inner);
    let mut party = SharedWork::new(Box::pin(poll_fn(move |context| {
        match within.borrow_mut().as_mut() {
            Some(party) => {
                assert!(Pin::new(party).poll(context).is_pending());
                Poll::Ready(Ok(()))
            }
            None => Poll::Pending,
        }
    })));
    wait(&mut party);
    inner.replace(Some(party.clone()));
    assert!(poll_once(party).expect("it is done").is_ok());
    let inside = inner.take().expect("it waits");
    assert!(poll_once(inside).expect("it is done").is_ok());
}

#[test]
fn work_is_given_up_with_its_last_party_and_when_it_is_done_nobody_can_join() {
    let (control, mut party) = Controlled::started();
    let weak = party.downgrade();
    let joined = SharedWork::join(&weak).expect("it is under way");
    wait(&mut party);
    drop(party);
    assert_eq!(Rc::strong_count(&control), 2);
    drop(joined);
    assert_eq!(Rc::strong_count(&control), 1);
    assert!(SharedWork::join(&weak).is_none());

    let (control, party) = Controlled::started();
    let weak = party.downgrade();
    control.outcome.set(Some(Ok(())));
    assert!(poll_once(party.clone()).expect("it is done").is_ok());
    assert_eq!(Rc::strong_count(&control), 1, "nothing of it is kept");
    assert!(SharedWork::join(&weak).is_none());
}

#[test]
fn work_in_the_place_of_work_that_is_done_is_work_of_its_own() {
    let (control, party) = Controlled::started();
    control.outcome.set(Some(Err(ErrorCode::Closed.into())));
    assert!(poll_once(party.clone()).expect("it is done").is_err());
    let before = Rc::as_ptr(&party.common);
    let mut next = SharedWork::after(party.clone(), Box::pin(std::future::pending()));
    wait(&mut next);
    assert_ne!(Rc::as_ptr(&next.common), before, "that has a party still");
    let (control, next) = Controlled::started();
    control.outcome.set(Some(Ok(())));
    let next = SharedWork::after(party, Box::pin(next));
    assert_eq!(Rc::as_ptr(&next.common), before);
    assert!(poll_once(next).expect("it is done").is_ok());
}

/// Notes the order in which wakers are woken.
struct Named(usize, Arc<Mutex<Vec<usize>>>);

impl Wake for Named {
    fn wake(self: Arc<Self>) {
        self.1.lock().unwrap().push(self.0);
    }
}

#[test]
fn parties_are_woken_in_the_order_in_which_they_came_whatever_work_was_there_before() {
    let (control, mut party) = Controlled::started();
    for work in 0..3 {
        let woken = Arc::<Mutex<Vec<usize>>>::default();
        let mut parties: Vec<_> = (0..3).map(|_| party.clone()).collect();
        for (number, party) in parties.iter_mut().enumerate() {
            let waker = Waker::from(Arc::new(Named(number, Arc::clone(&woken))));
            let polled = Pin::new(party).poll(&mut Context::from_waker(&waker));
            assert!(polled.is_pending());
        }
        control.wake();
        assert_eq!(*woken.lock().unwrap(), [0, 1, 2], "work {work}");
        drop(parties);
        let again = Rc::clone(&control);
        let next = poll_fn(move |context| {
            again.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        });
        party = SharedWork::after(party, Box::pin(next));
    }
}
