//! Turns: which operations on a pool run side by side, and which wait for each other.
//!
//! What others depend on runs alone: it waits for what is under way and holds back what comes after,
//! first come first served. Between two of those, operations that only touch what is one run's own run
//! side by side with those of other runs, in a lane a run.

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
    /// How many were let in and are not through: they have their turn, or wait in their lane.
    inside: Cell<usize>,
    /// Whether the one inside is to be alone.
    alone: Cell<bool>,
    /// Whether nobody is to be let in at this moment.
    shut: Cell<bool>,
    /// The lanes that are taken, with those who wait in them.
    lanes: RefCell<Lanes>,
    /// Those who were not let in yet.
    outside: RefCell<Queue>,
    /// How many have ever asked for a turn.
    arrivals: Cell<u64>,
    /// How many of them are or were to be alone.
    periods: Cell<u64>,
    /// Whoever has a turn and waits for the next to ask for one.
    watchers: RefCell<Vec<Waker>>,
}

/// The first in a queue is the next.
type Queue = VecDeque<Rc<Ticket>>;

/// Where somebody is who asked for a turn.
#[derive(Clone, Copy, Default, PartialEq)]
enum Stage {
    /// Nowhere: they have not asked yet.
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
    /// It is their turn.
    fn call(&self) {
        self.stage.set(Stage::HasTurn);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Turns {
    /// A turn alone. The place in the queue is taken when it is first polled.
    pub(crate) fn take(&self) -> Turn<'_> {
        self.turn(None)
    }

    /// A turn in a run's lane, or alone.
    pub(crate) fn turn(&self, lane: Option<&RunId>) -> Turn<'_> {
        Turn::new(self, lane.cloned())
    }

    /// From here until [`Self::open`] whoever asks for a turn waits: they are called from within an
    /// operation's step, which with ports that answer at once is followed by the rest of the operation.
    pub(crate) fn shut(&self) {
        self.shut.set(true);
    }

    /// Ends what [`Self::shut`] began.
    pub(crate) fn open(&self) {
        self.shut.set(false);
        self.let_in();
    }

    /// Whether anybody has a turn.
    pub(crate) fn is_taken(&self) -> bool {
        self.inside.get() > 0
    }

    /// How many have ever asked for a turn.
    pub(crate) fn arrivals(&self) -> u64 {
        self.arrivals.get()
    }

    /// How many have ever asked for a turn alone: while that stays the same, nothing changes that operations
    /// of different lanes depend on.
    pub(crate) fn periods(&self) -> u64 {
        self.periods.get()
    }

    /// Waits, while having a turn, until more than that many have asked for one.
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

    /// Someone waits for a turn of somebody else's instead of asking for one.
    pub(crate) fn join(&self) {
        self.note_arrival(false);
    }

    /// Someone asks for a turn, for the first time; answers their number.
    fn note_arrival(&self, alone: bool) -> u64 {
        self.periods.set(self.periods.get() + u64::from(alone));
        let place = self.arrivals.get() + 1;
        self.arrivals.set(place);
        if !self.watchers.borrow().is_empty() {
            self.watchers.take().into_iter().for_each(Waker::wake);
        }
        place
    }

    /// Lets somebody in, unless they have to wait outside; answers where they are then.
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

    /// Lets in those who may be, from the first in the queue on.
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

    /// Puts somebody at the end of the queue where they are.
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

    /// The next in a lane is called, and if there is none the lane is free.
    fn leave_lane(&self, run_id: &RunId) {
        let next = self.lanes.borrow_mut().leave(run_id);
        if let Some(next) = next {
            next.call();
        }
    }

    /// One of those inside is through.
    fn leave(&self) {
        // If they were not alone, nobody is.
        self.alone.set(false);
        self.inside.set(self.inside.get() - 1);
        self.let_in();
    }
}

#[cfg(test)]
mod tests;
