//! The lanes that are taken, one for each run.

use std::rc::Rc;

use super::{Queue, Ticket};
use crate::domain::{IdTable, RunId};

/// The tickets that wait in a lane. Mostly there are none, and dropping an empty queue takes longer than dropping
/// `None`.
type Waiting = Option<Queue>;

/// The lanes that are taken, with the tickets that wait in them.
#[derive(Default)]
pub(super) struct Lanes {
    /// One of the lanes, mostly the only one. It needs no lookup in `others`.
    first: Option<(RunId, Waiting)>,
    others: IdTable<RunId, Waiting>,
}

impl Lanes {
    /// Takes a lane; returns whether it was free.
    pub(super) fn take(&mut self, run_id: &RunId) -> bool {
        if self.lane(run_id).is_some() {
            return false;
        }
        match self.first {
            None => self.first = Some((run_id.clone(), None)),
            Some(_) => drop(self.others.insert(run_id.clone(), None)),
        }
        true
    }

    /// The tickets that wait in a lane, if the lane is taken.
    pub(super) fn waiting(&mut self, run_id: &RunId) -> Option<&mut Queue> {
        self.lane(run_id).map(Option::get_or_insert_default)
    }

    fn lane(&mut self, run_id: &RunId) -> Option<&mut Waiting> {
        match &mut self.first {
            Some((first, waiting)) if first == run_id => Some(waiting),
            _ => self.others.get_mut(run_id),
        }
    }

    /// Leaves a lane. Returns the next ticket that waits in it; if there is none, the lane is free.
    pub(super) fn leave(&mut self, run_id: &RunId) -> Option<Rc<Ticket>> {
        let waiting = self.lane(run_id)?.as_mut();
        let next = waiting.and_then(Queue::pop_front);
        if next.is_none() {
            match &self.first {
                Some((first, _)) if first == run_id => self.first = None,
                _ => drop(self.others.remove(run_id)),
            }
        }
        next
    }
}
