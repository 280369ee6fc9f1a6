//! Turns: the operations on one pool happen one after the other, first come first served.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Hands out turns in the order in which they were first asked for.
#[derive(Default)]
pub(crate) struct Turns {
    taken: Cell<bool>,
    waiting: RefCell<VecDeque<Rc<Ticket>>>,
    /// How many have ever asked for a turn.
    arrivals: Cell<u64>,
    /// Whoever has the turn and waits for the next to ask for one.
    watcher: RefCell<Option<Waker>>,
}

/// A place in the queue.
#[derive(Default)]
struct Ticket {
    called: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Turns {
    /// Waits for a turn. The place in the queue is taken when the future is first polled.
    pub(crate) fn take(&self) -> TakeTurn<'_> {
        TakeTurn {
            turns: self,
            place: 0,
            ticket: None,
            done: false,
        }
    }

    /// How many have ever asked for a turn.
    pub(crate) fn arrivals(&self) -> u64 {
        self.arrivals.get()
    }

    /// Waits, while having the turn, until more than that many have asked for one.
    pub(crate) fn arrival_after(&self, arrivals: u64) -> impl Future<Output = ()> + Unpin {
        poll_fn(move |context| {
            if self.arrivals.get() > arrivals {
                return Poll::Ready(());
            }
            self.watcher.replace(Some(context.waker().clone()));
            Poll::Pending
        })
    }

    /// Someone asks for a turn, for the first time; answers their number.
    fn note_arrival(&self) -> u64 {
        let place = self.arrivals.get() + 1;
        self.arrivals.set(place);
        if let Some(watcher) = self.watcher.take() {
            watcher.wake();
        }
        place
    }

    /// Ends a turn: the next in the queue is called.
    fn pass_on(&self) {
        let next = self.waiting.borrow_mut().pop_front();
        match next {
            Some(ticket) => {
                ticket.called.set(true);
                if let Some(waker) = ticket.waker.take() {
                    waker.wake();
                }
            }
            None => self.taken.set(false),
        }
    }
}

/// Waiting for a turn.
pub(crate) struct TakeTurn<'a> {
    turns: &'a Turns,
    /// Their number among all who ever asked, from 1; 0 before they did.
    place: u64,
    ticket: Option<Rc<Ticket>>,
    done: bool,
}

impl<'a> Future for TakeTurn<'a> {
    type Output = Turn<'a>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Turn<'a>> {
        let turns = self.turns;
        if self.place == 0 {
            self.place = turns.note_arrival();
        }
        let called = match &self.ticket {
            // Nobody can be waiting while no turn is taken.
            None => !turns.taken.replace(true),
            Some(ticket) => ticket.called.get(),
        };
        if called {
            self.done = true;
            let place = self.place;
            return Poll::Ready(Turn { turns, place });
        }
        let ticket = self.ticket.get_or_insert_with(|| {
            let ticket = Rc::<Ticket>::default();
            turns.waiting.borrow_mut().push_back(Rc::clone(&ticket));
            ticket
        });
        ticket.waker.replace(Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for TakeTurn<'_> {
    /// Who gives up waiting leaves the queue, and passes a turn on that was already theirs.
    fn drop(&mut self) {
        let Some(ticket) = self.ticket.take().filter(|_| !self.done) else {
            return;
        };
        if ticket.called.get() {
            self.turns.pass_on();
        } else {
            let mut waiting = self.turns.waiting.borrow_mut();
            waiting.retain(|other| !Rc::ptr_eq(other, &ticket));
        }
    }
}

/// A turn. Ends when dropped.
pub(crate) struct Turn<'a> {
    turns: &'a Turns,
    place: u64,
}

impl Turn<'_> {
    /// The number of whoever has the turn among all who ever asked for one.
    pub(crate) fn place(&self) -> u64 {
        self.place
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.pass_on();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::poll_once;

    fn poll<'a>(take: &mut Pin<Box<TakeTurn<'a>>>) -> Option<Turn<'a>> {
        poll_once(take.as_mut())
    }

    #[test]
    fn turns_are_served_in_the_order_in_which_they_were_asked_for() {
        let turns = Turns::default();
        let first = poll_once(turns.take()).expect("a free turn is had at once");
        let mut second = Box::pin(turns.take());
        let mut third = Box::pin(turns.take());
        assert!(poll(&mut second).is_none());
        assert!(poll(&mut third).is_none());
        drop(first);
        assert!(poll(&mut third).is_none(), "the third does not overtake");
        let second = poll(&mut second).expect("the second is next");
        drop(second);
        assert!(poll(&mut third).is_some());
    }

    #[test]
    fn nobody_cuts_in_between_the_call_and_the_one_called() {
        let turns = Turns::default();
        let first = poll_once(turns.take()).unwrap();
        let mut second = Box::pin(turns.take());
        assert!(poll(&mut second).is_none());
        drop(first);
        assert!(poll_once(turns.take()).is_none());
        assert!(poll(&mut second).is_some());
    }

    #[test]
    fn who_gives_up_holds_up_nobody() {
        let turns = Turns::default();
        let first = poll_once(turns.take()).unwrap();
        let mut second = Box::pin(turns.take());
        let mut third = Box::pin(turns.take());
        let mut fourth = Box::pin(turns.take());
        assert!(
            poll(&mut second).is_none()
                && poll(&mut third).is_none()
                && poll(&mut fourth).is_none()
        );
        drop(third);
        drop(first);
        drop(second);
        drop(poll(&mut fourth).expect("waiting and called ones gave up before"));
        assert!(poll_once(turns.take()).is_some());
    }
}
