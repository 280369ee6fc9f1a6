//! A journal that answers as it is told.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
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

/// Keeps the records that it takes, in the order in which it answers; the n-th has the cursor `journal.<n>`.
pub struct HostJournal {
    /// How it answers.
    pub replies: Replies,
    /// Whether it takes several records at once.
    pub batching: Cell<bool>,
    /// How many cursors it returns for several records, if not one for each of them.
    pub cursors: Cell<Option<usize>>,
    name: &'static str,
    taken: Rc<Taken>,
    /// The numbers of the records in each call.
    calls: RefCell<Vec<Vec<u64>>>,
    listener: RefCell<Option<Listener>>,
}

#[derive(Default)]
struct Taken {
    records: RefCell<Vec<JournalRecord>>,
    /// The moment at which it took each record.
    moments: RefCell<Vec<u64>>,
    /// How many records this journal and those beside it have taken.
    now: Rc<Cell<u64>>,
}

impl Taken {
    fn take(&self, name: &str, record: JournalRecord) -> JournalCursor {
        self.now.set(self.now.get() + 1);
        self.moments.borrow_mut().push(self.now.get());
        let mut records = self.records.borrow_mut();
        records.push(record);
        id(&format!("{name}.{}", records.len()))
    }
}

impl Default for HostJournal {
    fn default() -> Self {
        Self {
            replies: Replies::default(),
            batching: Cell::default(),
            cursors: Cell::default(),
            name: "journal",
            taken: Rc::default(),
            calls: RefCell::default(),
            listener: RefCell::default(),
        }
    }
}

impl HostJournal {
    /// Another journal beside this one, with that name.
    pub fn beside(&self, name: &'static str) -> Self {
        let now = Rc::clone(&self.taken.now);
        let taken = Taken {
            now,
            ..Taken::default()
        };
        Self {
            name,
            taken: Rc::new(taken),
            ..Self::default()
        }
    }

    /// The records that it holds.
    pub fn records(&self) -> Vec<JournalRecord> {
        self.taken.records.borrow().clone()
    }

    /// The records that it holds, by cursor, with the moment at which it took each, counted over all journals beside
    /// each other.
    pub fn taken(&self) -> BTreeMap<String, (u64, JournalRecord)> {
        let moments = self.taken.moments.borrow().clone();
        let taken = moments.into_iter().zip(self.records());
        let cursors = (1..).map(|number| format!("{}.{number}", self.name));
        cursors.zip(taken).collect()
    }

    /// The records that it holds, one line each.
    pub fn story(&self) -> Vec<String> {
        self.taken
            .records
            .borrow()
            .iter()
            .map(record_story)
            .collect()
    }

    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.taken.records.borrow().len()
    }

    /// How often it was called.
    pub fn attempts(&self) -> usize {
        self.calls.borrow().len()
    }

    /// The numbers of the records in each call.
    pub fn calls(&self) -> Vec<Vec<u64>> {
        self.calls.borrow().clone()
    }

    /// Has `listener` called with every record, from within `append`.
    pub fn listen(&self, listener: impl Fn(&JournalRecord) + 'static) {
        self.listener.replace(Some(Rc::new(listener)));
    }

    fn called(&self, entries: &[JournalEntry]) -> Vec<JournalRecord> {
        let records: Vec<_> = entries.iter().map(JournalEntry::record).collect();
        let numbers = records.iter().map(|record| record.journal_seq).collect();
        self.calls.borrow_mut().push(numbers);
        let listener = self.listener.borrow().clone();
        if let Some(listener) = listener {
            records.iter().for_each(|record| listener(record));
        }
        records
    }
}

impl Journal for HostJournal {
    fn append<'a>(&'a self, entry: &'a JournalEntry) -> Answer<'a, JournalCursor> {
        let records = self.called(std::slice::from_ref(entry));
        let (taken, name) = (Rc::clone(&self.taken), self.name);
        self.replies
            .answer(ErrorCode::JournalRejected, JOURNAL_FAULT, move || {
                let [record] = records.try_into().expect("one record");
                taken.take(name, record)
            })
    }

    fn takes_batches(&self) -> bool {
        self.batching.get()
    }

    fn append_batch<'a>(&'a self, entries: &'a [JournalEntry]) -> Answer<'a, Vec<JournalCursor>> {
        let records = self.called(entries);
        let (taken, name) = (Rc::clone(&self.taken), self.name);
        let count = self.cursors.get().unwrap_or(records.len());
        self.replies
            .answer(ErrorCode::JournalRejected, JOURNAL_FAULT, move || {
                let records = records.into_iter();
                let cursors = records.map(|record| taken.take(name, record));
                let mut cursors: Vec<_> = cursors.collect();
                cursors.resize(count, id("journal.more"));
                cursors
            })
    }
}
