//! The ports that a pool works with.

use std::rc::Rc;

use crate::memory::{MemoryEventBus, MemoryJournal, RandomIds};
use crate::port::{Clock, EventBus, Executor, IdSource, Journal, RunLauncher};

/// The ports that a pool works with.
#[derive(Clone)]
pub struct RuntimePorts {
    pub(crate) journal: Option<Rc<dyn Journal>>,
    pub(crate) event_bus: Option<Rc<dyn EventBus>>,
    pub(crate) clock: Rc<dyn Clock>,
    pub(crate) ids: Rc<dyn IdSource>,
    pub(crate) run_launcher: Option<Rc<dyn RunLauncher>>,
    pub(crate) executor: Option<Rc<dyn Executor>>,
}

impl RuntimePorts {
    /// Only a clock, and random ids. Unless they are added, operations that need a journal or an event bus fail with
    /// `journal_required` or `event_bus_required`, and
    /// [`AgentPool::start_run`](crate::pool::AgentPool::start_run) fails with `run_launcher_required`.
    pub fn new(clock: Rc<dyn Clock>) -> Self {
        Self {
            journal: None,
            event_bus: None,
            clock,
            ids: Rc::new(RandomIds),
            run_launcher: None,
            executor: None,
        }
    }

    /// A journal and an event bus in memory.
    pub fn in_memory(clock: Rc<dyn Clock>) -> Self {
        Self::new(clock)
            .journal(Rc::new(MemoryJournal::new()))
            .event_bus(Rc::new(MemoryEventBus::new()))
    }

    /// Sets the journal.
    #[must_use]
    pub fn journal(mut self, journal: Rc<dyn Journal>) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Sets the event bus.
    #[must_use]
    pub fn event_bus(mut self, event_bus: Rc<dyn EventBus>) -> Self {
        self.event_bus = Some(event_bus);
        self
    }

    /// Sets the source of ids.
    #[must_use]
    pub fn ids(mut self, ids: Rc<dyn IdSource>) -> Self {
        self.ids = ids;
        self
    }

    /// Sets the launcher of runs.
    #[must_use]
    pub fn run_launcher(mut self, run_launcher: Rc<dyn RunLauncher>) -> Self {
        self.run_launcher = Some(run_launcher);
        self
    }

    /// Sets the executor, for an event bus that answers later.
    #[must_use]
    pub fn executor(mut self, executor: Rc<dyn Executor>) -> Self {
        self.executor = Some(executor);
        self
    }
}
