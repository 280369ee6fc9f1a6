//! The journal port: a host's callback, or the journal in memory.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::domain::{AgentError, ErrorCode, JournalCursor, MAX_ID_BYTES};
use crate::js::answer::{from_call, from_later};
use crate::js::port::{Port, WasmPort};
use crate::js::scratch;
use crate::js::waiting::PortAnswer;
use crate::js::{in_hand, in_short};
use crate::memory::MemoryJournal;
use crate::port::{Answer, Journal};
use crate::record::JournalEntry;

#[wasm_bindgen]
extern "C" {
    /// The host's journal, as the TypeScript side wraps it.
    pub type HostJournal;

    /// Takes the text of a record; returns a cursor or `undefined`, at once or later ([`later`](super::later)).
    #[wasm_bindgen(method, catch)]
    fn append(this: &HostJournal, record: &str) -> Result<JsValue, JsValue>;

    /// As `append`, for the record of a message that is held in that slot. Returns the length of a cursor that it has
    /// written to the scratch, or [`NO_CURSOR`], or [`TAKE_ANSWER`], or more than [`MAX_ID_BYTES`]: the excess is the
    /// number of an answer that comes later. `agent` and `receiver` are those of [`Recording`](in_hand::Recording).
    #[wasm_bindgen(method, js_name = appendMessage)]
    fn append_message(
        this: &HostJournal,
        slot: u32,
        status: u32,
        journal_seq: f64,
        millis: f64,
        agent: u32,
        receiver: u32,
    ) -> f64;

    /// Whether the host's journal takes several records at once.
    #[wasm_bindgen(method, getter, js_name = appendBatch)]
    fn append_batch_method(this: &HostJournal) -> JsValue;

    /// Takes the texts of records with line breaks between them; returns an array with a cursor or `undefined` for
    /// each, at once or later.
    #[wasm_bindgen(method, catch, js_name = appendBatch)]
    fn append_batch(this: &HostJournal, lines: &str) -> Result<JsValue, JsValue>;

    /// As `appendBatch`, for records of messages that are held. Takes the slot, the status, the record's number, its
    /// time, the sender's agent and the receiver of each.
    #[wasm_bindgen(method, catch, js_name = appendMessages)]
    fn append_messages(this: &HostJournal, records: &[f64]) -> Result<JsValue, JsValue>;

    /// Returns or throws the answer to `appendMessage` if that returned [`TAKE_ANSWER`].
    #[wasm_bindgen(method, catch, js_name = takeAnswer)]
    fn take_answer(this: &HostJournal) -> Result<JsValue, JsValue>;
}

/// The host answered nothing.
const NO_CURSOR: f64 = -1.0;

/// The host answered something other than a short text, or threw: `takeAnswer` returns or throws it.
const TAKE_ANSWER: f64 = -2.0;

const LONGEST: f64 = MAX_ID_BYTES as f64;

/// A host's journal, and whether it takes batches.
struct CalledJournal {
    host: HostJournal,
    takes_batches: bool,
}

impl Journal for CalledJournal {
    fn takes_batches(&self) -> bool {
        self.takes_batches
    }

    fn append_batch<'a>(&'a self, entries: &'a [JournalEntry]) -> Answer<'a, Vec<JournalCursor>> {
        let read: Vec<_> = entries.iter().map(cursor_of).collect();
        let called = match record_numbers(entries) {
            Some(records) => self.host.append_messages(&records),
            None => self.host.append_batch(&lines(entries)),
        };
        from_call(ErrorCode::JournalRejected, called, move |answer| {
            // The TypeScript side returns only plain arrays.
            let answer: Array = answer.into_value().unchecked_into();
            let mut cursors = Vec::with_capacity(read.len());
            for (place, read) in (0..answer.length()).zip(read) {
                cursors.push(read(PortAnswer::Value(answer.get(place)))?);
            }
            Ok(cursors)
        })
    }

    fn append<'a>(&'a self, entry: &'a JournalEntry) -> Answer<'a, JournalCursor> {
        let code = ErrorCode::JournalRejected;
        let called = match in_hand::to_record(entry.transition()) {
            Some(told) => {
                match self.host.append_message(
                    told.slot,
                    told.status,
                    entry.stamp().journal_seq as f64,
                    entry.stamp().millis() as f64,
                    told.agent,
                    told.receiver,
                ) {
                    NO_CURSOR => return checked(&entry.record_id()).into(),
                    TAKE_ANSWER => self.host.take_answer(),
                    number if number > LONGEST => {
                        return from_later(code, number - LONGEST, cursor_of(entry));
                    }
                    length => return scratch::written(length as i32, checked).into(),
                }
            }
            None => self.host.append(&in_short::record(entry)),
        };
        from_call(code, called, cursor_of(entry))
    }
}

/// What JavaScript is told of records of messages that it holds; `None` if it cannot make all of the records.
fn record_numbers(entries: &[JournalEntry]) -> Option<Vec<f64>> {
    let told = in_hand::to_record_together(entries.iter().map(JournalEntry::transition))?;
    let mut records = Vec::with_capacity(entries.len() * 6);
    for (entry, told) in entries.iter().zip(told) {
        records.extend([
            f64::from(told.slot),
            f64::from(told.status),
            entry.stamp().journal_seq as f64,
            entry.stamp().millis() as f64,
            f64::from(told.agent),
            f64::from(told.receiver),
        ]);
    }
    Some(records)
}

/// The texts of records, one on each line.
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

/// Reads the cursor of an entry from the journal's answer.
fn cursor_of(
    entry: &JournalEntry,
) -> impl FnOnce(PortAnswer) -> Result<JournalCursor, AgentError> + use<> {
    let stamp = entry.stamp().clone();
    move |cursor| match cursor.is_undefined() {
        true => checked(&stamp.record_id()),
        false => read_cursor(cursor),
    }
}

fn read_cursor(cursor: PortAnswer) -> Result<JournalCursor, AgentError> {
    match cursor.into_text() {
        Some(text) => checked(&text),
        None => Err(AgentError::new(
            ErrorCode::InvalidPortAnswer,
            "journal: must return a string of well-formed Unicode as the cursor, or undefined; \
             appendBatch a list of these",
        )),
    }
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
