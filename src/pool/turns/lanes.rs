//! The lanes that are taken, one for each run.

use std::rc::Rc;

use super::{Queue, Ticket};
use crate::domain::{IdTable, RunId};

/// The lanes that are taken, with the tickets that wait in them.
#[derive(Default)]
pub(super) struct Lanes {
    taken: IdTable<RunId, Queue>,
}

impl Lanes {
    /// Takes a lane; returns whether it was free.
    pub(super) fn take(&mut self, run_id: &RunId) -> bool {
        let is_free = self.taken.get(run_id).is_none();
        if is_free {
            self.taken.insert(run_id.clone(), Queue::new());
        }
        is_free
    }

    /// The tickets that wait in a lane, if the lane is taken.
    pub(super) fn waiting(&mut self, run_id: &RunId) -> Option<&mut Queue> {
        self.taken.get_mut(run_id)
    }

    /// Leaves a lane. Returns the next ticket that waits in it; if there is none, the lane is free.
    pub(super) fn leave(&mut self, run_id: &RunId) -> Option<Rc<Ticket>> {
        let next = self.taken.get_mut(run_id)?.pop_front();
        if next.is_none() {
            self.taken.remove(run_id);
        }
        next
    }
}
