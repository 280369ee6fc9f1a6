//! Turns: which operations on a pool run side by side, and which wait for each other.
//!
//! An operation that others depend on runs alone: it waits for the operations under way and holds back those that come
//! after it, first come first served. Between two of these, operations that only touch what belongs to one run go in
//! that run's lane, side by side with the operations of other runs.

mod lanes;
mod turn;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

use crate::domain::RunId;
use lanes::Lanes;
pub(crate) use turn::Turn;

/// Hands out turns in the order in which they were first asked for.
#[derive(Default)]
pub(crate) struct Turns {
    /// How many turns were let in and are not over: they are taken, or wait in their lane.
    inside: Cell<usize>,
    /// Whether the turn that is inside is a turn alone.
    alone: Cell<bool>,
    /// Whether no turn is let in at the moment.
    shut: Cell<bool>,
    /// The lanes that are taken, with the tickets that wait in them.
    lanes: RefCell<Lanes>,
    /// The tickets that were not let in yet.
    outside: RefCell<Queue>,
    /// How many turns have ever been asked for.
    arrivals: Cell<u64>,
    /// How many of these were turns alone.
    periods: Cell<u64>,
    /// The wakers of operations that have a turn and wait for somebody to ask for the next.
    watchers: RefCell<Vec<Waker>>,
}

/// The first ticket in a queue is the next.
type Queue = VecDeque<Rc<Ticket>>;

/// Where a turn is.
#[derive(Clone, Copy, Default, PartialEq)]
enum Stage {
    /// Nowhere: it was not asked for yet.
    #[default]
    New,
    Outside,
    InLane,
    HasTurn,
}

/// A place in a queue.
struct Ticket {
    lane: Option<RunId>,
    stage: Cell<Stage>,
    waker: RefCell<Option<Waker>>,
}

impl Ticket {
    /// Gives the ticket its turn.
    fn call(&self) {
        self.stage.set(Stage::HasTurn);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Turns {
    /// A turn alone. It takes its place in the queue when it is first polled.
    pub(crate) fn take(&self) -> Turn<'_> {
        self.turn(None)
    }

    /// A turn in a run's lane, or alone.
    pub(crate) fn turn(&self, lane: Option<&RunId>) -> Turn<'_> {
        Turn::new(self, lane.cloned())
    }

    /// Until the guard is dropped nobody is given a turn. Whoever asks now is called from within a step of an operation.
    /// With ports that answer at once, the rest of that operation follows the step.
    #[must_use]
    pub(crate) fn shut(&self) -> Shut<'_> {
        self.shut.set(true);
        Shut(self)
    }

    /// Whether any turn is taken.
    pub(crate) fn is_taken(&self) -> bool {
        self.inside.get() > 0
    }

    /// How many turns have ever been asked for.
    pub(crate) fn arrivals(&self) -> u64 {
        self.arrivals.get()
    }

    /// How many turns alone have ever been asked for. While this stays the same, nothing changes that operations of
    /// different lanes depend on.
    pub(crate) fn periods(&self) -> u64 {
        self.periods.get()
    }

    /// Waits, while having a turn, until more than `arrivals` turns have been asked for.
    pub(crate) fn arrival_after(&self, arrivals: u64) -> impl Future<Output = ()> + Unpin {
        poll_fn(move |context| {
            if self.arrivals.get() > arrivals {
                return Poll::Ready(());
            }
            let mut watchers = self.watchers.borrow_mut();
            if !watchers
                .iter()
                .any(|watcher| watcher.will_wake(context.waker()))
            {
                watchers.push(context.waker().clone());
            }
            Poll::Pending
        })
    }

    /// Counts a caller that waits for another caller's turn instead of asking for one.
    pub(crate) fn join(&self) {
        self.note_arrival(false);
    }

    /// Counts a turn that is asked for; returns its number.
    fn note_arrival(&self, alone: bool) -> u64 {
        self.periods.set(self.periods.get() + u64::from(alone));
        let place = self.arrivals.get() + 1;
        self.arrivals.set(place);
        if !self.watchers.borrow().is_empty() {
            self.watchers.take().into_iter().for_each(Waker::wake);
        }
        place
    }

    /// Lets a turn in, unless it has to wait outside; returns where it is then.
    fn admit(&self, lane: Option<&RunId>) -> Stage {
        if self.shut.get() || self.alone.get() || (lane.is_none() && self.inside.get() > 0) {
            return Stage::Outside;
        }
        self.inside.set(self.inside.get() + 1);
        let Some(run_id) = lane else {
            self.alone.set(true);
            return Stage::HasTurn;
        };
        match self.lanes.borrow_mut().take(run_id) {
            true => Stage::HasTurn,
            false => Stage::InLane,
        }
    }

    /// Lets in what may be let in, from the front of the queue on.
    fn let_in(&self) {
        loop {
            let Some(next) = self.outside.borrow().front().cloned() else {
                return;
            };
            let stage = self.admit(next.lane.as_ref());
            if stage == Stage::Outside {
                return;
            }
            self.outside.borrow_mut().pop_front();
            match stage {
                Stage::HasTurn => next.call(),
                _ => self.queue(next, stage),
            }
        }
    }

    /// Puts a ticket at the end of the queue of its stage.
    fn queue(&self, ticket: Rc<Ticket>, stage: Stage) {
        ticket.stage.set(stage);
        match stage {
            Stage::InLane => {
                self.change_lane(&ticket, |waiting| waiting.push_back(Rc::clone(&ticket)))
            }
            _ => self.outside.borrow_mut().push_back(ticket),
        }
    }

    fn change_lane(&self, ticket: &Ticket, change: impl FnOnce(&mut Queue)) {
        let mut lanes = self.lanes.borrow_mut();
        let lane = ticket.lane.as_ref();
        if let Some(waiting) = lane.and_then(|run_id| lanes.waiting(run_id)) {
            change(waiting);
        }
    }

    /// Gives the next ticket in a lane its turn; if there is none, the lane is free.
    fn leave_lane(&self, run_id: &RunId) {
        let next = self.lanes.borrow_mut().leave(run_id);
        if let Some(next) = next {
            next.call();
        }
    }

    /// Ends a turn that was let in.
    fn leave(&self) {
        // If it was not a turn alone, no turn inside is.
        self.alone.set(false);
        self.inside.set(self.inside.get() - 1);
        self.let_in();
    }
}

/// Keeps turns from being let in.
pub(crate) struct Shut<'a>(&'a Turns);

impl Drop for Shut<'_> {
    fn drop(&mut self) {
        self.0.shut.set(false);
        self.0.let_in();
    }
}

#[cfg(test)]
mod tests;
