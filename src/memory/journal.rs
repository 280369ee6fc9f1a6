//! A journal in memory.

use std::cell::RefCell;
use std::sync::Arc;

use crate::domain::JournalCursor;
use crate::port::{Answer, Journal};
use crate::record::JournalRecord;

/// Keeps every record; the n-th has the cursor `journal.<n>`.
#[derive(Default)]
pub struct MemoryJournal {
    records: RefCell<Vec<Arc<JournalRecord>>>,
}

impl MemoryJournal {
    /// An empty journal.
    pub fn new() -> Self {
        Self::default()
    }

    /// The records so far, in the order in which they were appended.
    pub fn records(&self) -> Vec<Arc<JournalRecord>> {
        self.records.borrow().clone()
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.borrow().len()
    }

    /// Whether nothing was appended yet.
    pub fn is_empty(&self) -> bool {
        self.records.borrow().is_empty()
    }
}

impl Journal for MemoryJournal {
    fn append<'a>(&'a self, record: &'a Arc<JournalRecord>) -> Answer<'a, JournalCursor> {
        let mut records = self.records.borrow_mut();
        records.push(Arc::clone(record));
        let number = records.len().to_string();
        Answer::ready(JournalCursor::derived("journal.", &number, ""))
    }
}
