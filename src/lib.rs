//! Agent Pool: an embeddable coordination core for agent runs.
//!
//! Runs join a pool, send each other messages, and suspend until an event arrives. Every transition is
//! in the journal before anyone hears of it on the event bus.
//!
//! The map of the house; each module uses only those above it:
//!
//! - [`json`]: reading JSON, with errors that name the place, and writing it.
//! - [`domain`]: the vocabulary every record shares: ids, references, privacy classes, errors.
//! - [`record`]: the wire: journal records, event frames, filters, store records.
//! - [`port`]: what a host can replace: journal, event bus, store, clock, ids, run launcher.
//! - [`memory`]: the embedded defaults of those ports.
//! - [`pool`]: the coordinator: pure state and plans, and the shell that has them happen.
//! - `js`: the binding to JavaScript, in WebAssembly only.

pub mod domain;
#[cfg(target_arch = "wasm32")]
pub mod js;
pub mod json;
pub mod memory;
pub mod pool;
pub mod port;
pub mod record;
