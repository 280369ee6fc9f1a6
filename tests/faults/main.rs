//! What the core promises while its ports fail.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../support/host/mod.rs"]
mod host;

mod abandon;
mod asking_the_bus;
mod backlogged_bus;
mod close;
mod failing_bus;
mod failing_journal;
mod failing_store;
mod missing_ports;
mod panicking_ports;
mod random_bus_failures;
mod random_journal_failures;
mod restarts;
mod retries;
mod start_run;
