//! The journal port: a host's callback, or the journal in memory.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::domain::{AgentError, ErrorCode, JournalCursor};
use crate::js::answer::from_call;
use crate::js::in_hand;
use crate::js::port::{Port, WasmPort};
use crate::js::scratch;
use crate::js::text::well_formed;
use crate::json::write;
use crate::memory::MemoryJournal;
use crate::port::{Answer, Journal};
use crate::record::JournalEntry;

#[wasm_bindgen]
extern "C" {
    /// The host's journal, as the TypeScript side wraps it.
    pub type HostJournal;

    /// Takes a record's text; answers a cursor or `undefined`, or a promise of one.
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

    /// What `appendMessage` has otherwise answered, or thrown.
    #[wasm_bindgen(method, catch, js_name = takeAnswer)]
    fn take_answer(this: &HostJournal) -> Result<JsValue, JsValue>;
}

/// The host answered nothing.
const NO_CURSOR: i32 = -1;

/// The host answered something else than a short text, or threw: `takeAnswer` answers or throws it.
const OTHERWISE: i32 = -2;

impl Journal for HostJournal {
    fn append<'a>(&'a self, entry: &'a JournalEntry) -> Answer<'a, JournalCursor> {
        let called = match in_hand::to_record(entry.transition()) {
            Some((slot, status)) => {
                let (journal_seq, millis) = (entry.stamp().journal_seq, entry.stamp().millis());
                match self.append_message(slot, status, journal_seq as f64, millis as f64) {
                    NO_CURSOR => return checked(&entry.record_id()).into(),
                    OTHERWISE => self.take_answer(),
                    length => return scratch::written(length, checked).into(),
                }
            }
            None => HostJournal::append(self, &write(&**entry.record())),
        };
        let record_id = entry.record_id();
        from_call(ErrorCode::JournalRejected, called, move |cursor| {
            read_cursor(&cursor, &record_id)
        })
    }
}

/// A cursor is a text; a journal that answers nothing has its records found by their ids.
fn read_cursor(cursor: &JsValue, record_id: &str) -> Result<JournalCursor, AgentError> {
    let text = match well_formed(cursor) {
        Some(text) => text,
        None if cursor.is_undefined() => record_id.to_owned(),
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
    pub fn host_journal(journal: HostJournal) -> Self {
        let journal = Rc::new(journal);
        let memory = None;
        Port::Journal { journal, memory }.into()
    }
}
