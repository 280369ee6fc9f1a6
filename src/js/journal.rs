//! The journal port: a host's callback, or the journal in memory.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::domain::{AgentError, ErrorCode, JournalCursor};
use crate::js::answer::from_call;
use crate::js::port::{Port, WasmPort};
use crate::js::scratch;
use crate::js::{in_hand, in_short};
use crate::memory::MemoryJournal;
use crate::port::{Answer, Journal};
use crate::record::{JournalEntry, RecordStamp};

#[wasm_bindgen]
extern "C" {
    /// The host's journal, as the TypeScript side wraps it.
    pub type HostJournal;

    /// Takes a record's text; answers a cursor or `undefined`, at once or later ([`later`](super::later)).
    #[wasm_bindgen(method, catch)]
    fn append(this: &HostJournal, record: &str) -> Result<JsValue, JsValue>;

    /// As `append`, of the record of a message that is held in that slot. Answers how many characters of a cursor it has
    /// written, or [`NO_CURSOR`], or [`OTHERWISE`].
    #[wasm_bindgen(method, js_name = appendMessage)]
    fn append_message(
        this: &HostJournal,
        slot: u32,
        status: u32,
        journal_seq: f64,
        millis: f64,
    ) -> i32;

    /// Whether the host's journal takes several records at once.
    #[wasm_bindgen(method, getter, js_name = appendBatch)]
    fn append_batch_method(this: &HostJournal) -> JsValue;

    /// Takes the texts of records with a line break between one and the next; answers an array in which a cursor or
    /// `undefined` stands for each, at once or later.
    #[wasm_bindgen(method, catch, js_name = appendBatch)]
    fn append_batch(this: &HostJournal, lines: &str) -> Result<JsValue, JsValue>;

    /// As `appendBatch`, of the records of messages that are held: of each its slot, its status, the number of the
    /// record and its time.
    #[wasm_bindgen(method, catch, js_name = appendMessages)]
    fn append_messages(this: &HostJournal, records: &[f64]) -> Result<JsValue, JsValue>;

    /// What `appendMessage` has otherwise answered, or thrown.
    #[wasm_bindgen(method, catch, js_name = takeAnswer)]
    fn take_answer(this: &HostJournal) -> Result<JsValue, JsValue>;
}

/// The host answered nothing.
const NO_CURSOR: i32 = -1;

/// The host answered something else than a short text, or threw: `takeAnswer` answers or throws it.
const OTHERWISE: i32 = -2;

/// A journal of the host's, and whether it takes batches.
struct CalledJournal {
    host: HostJournal,
    takes_batches: bool,
}

impl Journal for CalledJournal {
    fn takes_batches(&self) -> bool {
        self.takes_batches
    }

    fn append_batch<'a>(&'a self, entries: &'a [JournalEntry]) -> Answer<'a, Vec<JournalCursor>> {
        let stamps: Vec<RecordStamp> = entries.iter().map(|entry| entry.stamp().clone()).collect();
        let called = match in_hand(entries) {
            Some(records) => self.host.append_messages(&records),
            None => self.host.append_batch(&lines(entries)),
        };
        from_call(ErrorCode::JournalRejected, called, move |answer| {
            // The TypeScript side answers nothing but plain arrays.
            let answer: Array = answer.unchecked_into();
            let mut cursors = Vec::with_capacity(stamps.len());
            for (place, stamp) in stamps.iter().enumerate() {
                cursors.push(read_cursor(&answer.get(place as u32), stamp)?);
            }
            Ok(cursors)
        })
    }

    fn append<'a>(&'a self, entry: &'a JournalEntry) -> Answer<'a, JournalCursor> {
        let called = match in_hand::to_record(entry.transition()) {
            Some((slot, status)) => {
                let (journal_seq, millis) = (entry.stamp().journal_seq, entry.stamp().millis());
                match self
                    .host
                    .append_message(slot, status, journal_seq as f64, millis as f64)
                {
                    NO_CURSOR => return checked(&entry.record_id()).into(),
                    OTHERWISE => self.host.take_answer(),
                    length => return scratch::written(length, checked).into(),
                }
            }
            None => self.host.append(&in_short::record(entry)),
        };
        let stamp = entry.stamp().clone();
        from_call(ErrorCode::JournalRejected, called, move |cursor| {
            read_cursor(&cursor, &stamp)
        })
    }
}

/// What the other side has to know of records of messages that it holds; `None` if it does not hold them all.
fn in_hand(entries: &[JournalEntry]) -> Option<Vec<f64>> {
    // Before any: what is made ready here is made there.
    if !entries
        .iter()
        .all(|entry| in_hand::is_held(entry.transition()))
    {
        return None;
    }
    let mut records = Vec::with_capacity(entries.len() * 4);
    for entry in entries {
        let (slot, status) = in_hand::to_record(entry.transition())?;
        let stamp = entry.stamp();
        let [journal_seq, millis] = [stamp.journal_seq, stamp.millis()].map(|number| number as f64);
        records.extend([f64::from(slot), f64::from(status), journal_seq, millis]);
    }
    Some(records)
}

/// The texts of records, a line each.
fn lines(entries: &[JournalEntry]) -> String {
    let mut lines = String::new();
    for entry in entries {
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(&in_short::record(entry));
    }
    lines
}

/// A cursor is a text; a journal that answers nothing has its records found by their ids.
fn read_cursor(cursor: &JsValue, stamp: &RecordStamp) -> Result<JournalCursor, AgentError> {
    let text = match cursor.as_string() {
        Some(text) => text,
        None if cursor.is_undefined() => stamp.record_id().into_owned(),
        None => {
            return Err(AgentError::new(
                ErrorCode::InvalidPortAnswer,
                "journal: a cursor is a string of well-formed Unicode, or undefined",
            ));
        }
    };
    checked(&text)
}

fn checked(text: &str) -> Result<JournalCursor, AgentError> {
    JournalCursor::new(text).map_err(|error| {
        AgentError::new(
            ErrorCode::InvalidPortAnswer,
            format!("journal: cursor: {error}"),
        )
    })
}

#[wasm_bindgen]
impl WasmPort {
    /// A journal in memory.
    #[wasm_bindgen(js_name = memoryJournal)]
    pub fn memory_journal() -> Self {
        let memory = Rc::new(MemoryJournal::new());
        let journal = Rc::clone(&memory) as Rc<dyn Journal>;
        let memory = Some(memory);
        Port::Journal { journal, memory }.into()
    }

    /// The host's journal.
    #[wasm_bindgen(js_name = hostJournal)]
    pub fn host_journal(host: HostJournal) -> Self {
        let takes_batches = host.append_batch_method().is_function();
        let journal = Rc::new(CalledJournal {
            host,
            takes_batches,
        });
        let memory = None;
        Port::Journal { journal, memory }.into()
    }
}
