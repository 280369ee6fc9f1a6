//! Operations take turns while ports answer later, call back, and give up waiting.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../support/host/mod.rs"]
mod host;

mod calls_from_append;
mod calls_from_publish;
mod given_up;
mod order;
mod random_latencies;
mod shared_bus;
