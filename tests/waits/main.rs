//! What messages and wakes wait for, and for how long.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../support/host/mod.rs"]
mod host;

mod deadlines;
mod expiry;
mod host_events;
mod live_matching;
mod logical_time;
mod own_registration;
mod scope;
mod wakes_of_wakes;
