//! One turn, from asking for it to its end.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::{Queue, Stage, Ticket, Turns};
use crate::domain::RunId;

/// A turn. It is waited for first, and then taken until it is dropped.
pub(crate) struct Turn<'a> {
    turns: &'a Turns,
    lane: Option<RunId>,
    /// The turn's number among all that were ever asked for, from 1; 0 before it is asked for.
    number: u64,
    stage: Stage,
    /// Only a turn that had to wait has a ticket.
    ticket: Option<Rc<Ticket>>,
}

impl<'a> Turn<'a> {
    pub(super) fn new(turns: &'a Turns, lane: Option<RunId>) -> Self {
        Self {
            turns,
            lane,
            number: 0,
            stage: Stage::New,
            ticket: None,
        }
    }

    /// The turn's number among all that were ever asked for.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Lets the next operation into the lane. The operation that has this turn goes on beside it.
    pub(crate) fn leave_lane(&mut self) {
        if let Some(run_id) = self.lane.take() {
            self.turns.leave_lane(&run_id);
        }
    }

    fn stage(&self) -> Stage {
        let ticket = self.ticket.as_ref();
        ticket.map_or(self.stage, |ticket| ticket.stage.get())
    }

    fn ask(&mut self) {
        let turns = self.turns;
        self.number = turns.note_arrival(self.lane.is_none());
        let overtakes = !turns.outside.borrow().is_empty();
        self.stage = match overtakes {
            true => Stage::Outside,
            false => turns.admit(self.lane.as_ref()),
        };
        if self.stage != Stage::HasTurn {
            let ticket = Rc::new(Ticket {
                lane: self.lane.clone(),
                stage: Cell::default(),
                waker: RefCell::default(),
            });
            self.ticket = Some(Rc::clone(&ticket));
            turns.queue(ticket, self.stage);
        }
    }
}

impl Future for Turn<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.stage == Stage::New {
            self.ask();
        }
        if self.stage() == Stage::HasTurn {
            return Poll::Ready(());
        }
        if let Some(ticket) = &self.ticket {
            ticket.waker.replace(Some(context.waker().clone()));
        }
        Poll::Pending
    }
}

impl Drop for Turn<'_> {
    /// Ends the turn. One that still waits leaves its queue. One that was called but not polled since is passed on.
    fn drop(&mut self) {
        let (turns, stage) = (self.turns, self.stage());
        if let Some(ticket) = self.ticket.take() {
            let others = |queue: &mut Queue| queue.retain(|other| !Rc::ptr_eq(other, &ticket));
            match stage {
                Stage::InLane => turns.change_lane(&ticket, others),
                Stage::Outside => others(&mut turns.outside.borrow_mut()),
                Stage::New | Stage::HasTurn => {}
            }
        }
        match stage {
            Stage::New => {}
            Stage::Outside => turns.let_in(),
            Stage::InLane => turns.leave(),
            Stage::HasTurn => {
                if let Some(run_id) = self.lane.take() {
                    turns.leave_lane(&run_id);
                }
                turns.leave();
            }
        }
    }
}
