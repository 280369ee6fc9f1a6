//! Journals that fail when told to, on this crate's side.

use std::cell::Cell;

use agent_pool::{
    domain::{AgentError, AgentErrorKind, ErrorCode, JournalCursor, RetryClassification},
    memory::MemoryJournal,
    port::{Answer, Journal},
    record::{JournalEntry, JournalRecord},
};

use crate::trace::KeptJournal;

/// A journal in memory, one of whose appends can be told to fail.
#[derive(Default)]
pub struct FaultyJournal {
    memory: MemoryJournal,
    fail_after: Cell<Option<usize>>,
    failed: Cell<bool>,
}

impl FaultyJournal {
    /// Lets the next append fail after `successes` more that succeed.
    pub fn fail_after(&self, successes: usize) {
        self.fail_after.set(Some(successes));
    }

    /// Withdraws an order to fail; returns whether it was carried out.
    pub fn stop_failing(&self) -> bool {
        self.fail_after.set(None);
        self.failed.take()
    }
}

impl Journal for FaultyJournal {
    fn append<'a>(&'a self, entry: &'a JournalEntry) -> Answer<'a, JournalCursor> {
        match self.fail_after.take() {
            Some(0) => {
                self.failed.set(true);
                return Answer::failed(injected_failure());
            }
            Some(successes) => self.fail_after.set(Some(successes - 1)),
            None => {}
        }
        self.memory.append(entry)
    }
}

impl KeptJournal for FaultyJournal {
    fn records(&self) -> Vec<JournalRecord> {
        self.memory.records()
    }
}

fn injected_failure() -> AgentError {
    AgentError::new(ErrorCode::JournalRejected, "injected journal failure").with_classification(
        AgentErrorKind::JournalFailure,
        RetryClassification::RepairNeeded,
    )
}
