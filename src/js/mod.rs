//! The binding to JavaScript: a file for each exported class and each port, and others for how data and answers cross.
//! Nothing in here decides anything.
//!
//! Data crosses as JSON text, both ways, with these exceptions. Messages to simple addresses cross as their texts, with
//! their optional fields as JSON, and their records as numbers (`plain`, `in_hand`). Of members and wakes only what varies
//! is written (`in_short`). Port callbacks, run handles and thrown values cross as JavaScript values.
//!
//! Exported methods take `&self`, hold no borrow while they wait, and answer at once if the ports do. So a call from
//! within a callback is never a recursive use of an object. Only `free` takes an object by value; the TypeScript side
//! does not call it while the core is in that object. An answer that comes later has a number, both ways (`waiting`,
//! `answer`).
//!
//! What both sides know, and have to change together:
//!
//! - the size of the scratch: `scratch::SIZE`, pkg/src/scratch.ts
//! - the answers of calls that return numbers: `journal`, `event_bus` and `plain`; host-journal.ts, host-event-bus.ts
//!   and message-host.ts
//! - the order of the numbers that `appendMessages` takes for each record: `journal`, host-journal.ts
//! - the order of the statuses: `MessageStatus`, message-host.ts
//! - the order of the optional fields that records show: `in_hand::describe`, optional-members.ts
//! - which optional fields are those of the message before: `plain::describe`, message-host.ts
//! - the kinds of targets: `PlainTarget` in `plain`, read-plain-message.ts
//! - the length of ids from which others can be derived: `in_hand::LONGEST_ID`, read-plain-message.ts
//! - the mark of a text with wide numbers, a space at its end: `json::write_marking_wide`, decode.ts
//! - the short forms, and that a payload comes last, after a comma and a tab: `in_short`, in-short.ts and
//!   transition-objects.ts

mod allocator;
mod answer;
mod clock;
mod config;
mod error;
mod event_bus;
mod executor;
mod host;
mod ids;
mod in_hand;
mod in_short;
mod journal;
mod launcher;
mod names;
mod numbered;
mod panic;
mod plain;
mod pool;
mod port;
mod request;
mod scratch;
mod store;
mod stream;
mod text;
mod waiting;

pub use event_bus::{HostEventBus, HostFrames};
pub use executor::run_tasks;
pub use host::{Host, set_host};
pub use in_hand::{MessageHost, set_message_host};
pub use journal::HostJournal;
pub use plain::take_sent;
pub use pool::WasmPool;
pub use port::WasmPort;
pub use request::Operation;
pub use scratch::scratch;
pub use stream::WasmStream;
pub use waiting::{later, settle, settle_nothing, settle_text};
