//! Operations overlap, or take turns, while ports answer later, call back, and callers give up waiting.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../support/host/mod.rs"]
mod host;

mod batches;
mod batching;
mod calls_from_append;
mod calls_from_publish;
mod claimed_wakes;
mod failing_batches;
mod flights;
mod flights_given_up;
mod given_up;
mod keys_in_flight;
mod order;
mod random_keys;
mod random_latencies;
mod shared_bus;
mod side_by_side;
mod told_alike;
