//! A journal that answers as it is told.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use agent_pool::{
    domain::{ErrorCode, JournalCursor},
    port::{Answer, Journal},
    record::{JournalEntry, JournalRecord},
};

use super::{Replies, id, record_story};

/// What a failing journal throws.
pub const JOURNAL_FAULT: &str = "the disk is full";

type Listener = Rc<dyn Fn(&JournalRecord)>;

/// Keeps the records that it takes; the n-th has the cursor `journal.<n>`.
#[derive(Default)]
pub struct HostJournal {
    /// How it answers.
    pub replies: Replies,
    records: Rc<RefCell<Vec<JournalRecord>>>,
    attempts: Cell<usize>,
    listener: RefCell<Option<Listener>>,
}

impl HostJournal {
    /// What it holds.
    pub fn records(&self) -> Vec<JournalRecord> {
        self.records.borrow().clone()
    }

    /// What it holds, a line a record.
    pub fn story(&self) -> Vec<String> {
        self.records.borrow().iter().map(record_story).collect()
    }

    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.records.borrow().len()
    }

    /// How often it was called.
    pub fn attempts(&self) -> usize {
        self.attempts.get()
    }

    /// `listener` is called with every record while `append` runs.
    pub fn listen(&self, listener: impl Fn(&JournalRecord) + 'static) {
        self.listener.replace(Some(Rc::new(listener)));
    }
}

impl Journal for HostJournal {
    fn append<'a>(&'a self, entry: &'a JournalEntry) -> Answer<'a, JournalCursor> {
        self.attempts.set(self.attempts.get() + 1);
        let listener = self.listener.borrow().clone();
        if let Some(listener) = listener {
            listener(entry.record());
        }
        let records = Rc::clone(&self.records);
        let record = JournalRecord::clone(entry.record());
        self.replies
            .answer(ErrorCode::JournalRejected, JOURNAL_FAULT, move || {
                let mut records = records.borrow_mut();
                records.push(record);
                id(&format!("journal.{}", records.len()))
            })
    }
}
