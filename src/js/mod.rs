//! The binding to JavaScript: a file for each exported class and each port, and others for how data and answers cross.
//! Nothing in here decides anything.
//!
//! Data crosses as JSON text, both ways, but for messages with nothing optional: their texts cross as they are, and
//! what is recorded of them as numbers (`plain`, `in_hand`). Of members and wakes only what varies is written
//! (`in_short`). Only port callbacks, run handles and thrown values cross as JavaScript values. Exported methods take
//! `&self`, hold no borrow while they wait, and answer at once where the ports do, so a call from within a callback is
//! never a recursive use of an object. What is to come has a number, both ways (`waiting`, `answer`).

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
