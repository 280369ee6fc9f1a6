//! A journal in memory.

use std::cell::RefCell;

use crate::domain::JournalCursor;
use crate::json::decimal;
use crate::port::{Answer, Journal};
use crate::record::{JournalEntry, JournalRecord};

/// Keeps every record; the n-th has the cursor `journal.<n>`.
#[derive(Default)]
pub struct MemoryJournal {
    entries: RefCell<Vec<JournalEntry>>,
}

impl MemoryJournal {
    /// An empty journal.
    pub fn new() -> Self {
        Self::default()
    }

    /// The records so far, in the order in which they were appended.
    pub fn records(&self) -> Vec<JournalRecord> {
        let entries = self.entries.borrow();
        entries.iter().map(JournalEntry::record).collect()
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    /// Whether nothing was appended yet.
    pub fn is_empty(&self) -> bool {
        self.entries.borrow().is_empty()
    }
}

impl Journal for MemoryJournal {
    fn append<'a>(&'a self, entry: &'a JournalEntry) -> Answer<'a, JournalCursor> {
        let mut entries = self.entries.borrow_mut();
        entries.push(entry.clone());
        let number = decimal(entries.len() as u64);
        Answer::ready(JournalCursor::derived("journal.", &number, ""))
    }
}
