//! The lanes that are taken, a run each.

use std::rc::Rc;

use super::{Queue, Ticket};
use crate::domain::{IdTable, RunId};

/// Who waits in a lane: mostly nobody, and to drop an empty queue takes longer than to have none.
type Waiting = Option<Queue>;

/// Lanes that are taken, with those who wait in them.
#[derive(Default)]
pub(super) struct Lanes {
    /// One of them, mostly the only one: it is not looked for.
    first: Option<(RunId, Waiting)>,
    others: IdTable<RunId, Waiting>,
}

impl Lanes {
    /// Takes a lane; answers whether it was free.
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

    /// Who waits in a lane, if it is taken.
    pub(super) fn waiting(&mut self, run_id: &RunId) -> Option<&mut Queue> {
        self.lane(run_id).map(Option::get_or_insert_default)
    }

    fn lane(&mut self, run_id: &RunId) -> Option<&mut Waiting> {
        match &mut self.first {
            Some((first, waiting)) if first == run_id => Some(waiting),
            _ => self.others.get_mut(run_id),
        }
    }

    /// Whoever has the lane leaves it. Answers the next who waits in it; if there is none, it is free.
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
