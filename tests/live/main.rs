//! Live streams: what they give, when they end, and what they hold.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../support/host/mod.rs"]
mod host;

mod any_history;
mod asked_buses;
mod endings;
mod model;
mod watching;

use std::task::{Context, Poll, Waker};

use agent_pool::{
    domain::AgentError,
    pool::{Subscription, Watch},
    record::EventFrame,
};

/// What a subscription has to give right now.
fn poll(subscription: &Subscription) -> Poll<Option<Result<EventFrame, AgentError>>> {
    subscription.poll_next(&mut Context::from_waker(Waker::noop()))
}

/// Everything that a subscription has to give right now; it must not fail.
fn read(subscription: &Subscription) -> Vec<EventFrame> {
    let next = || match poll(subscription) {
        Poll::Ready(Some(frame)) => Some(frame.expect("the stream goes on")),
        Poll::Ready(None) | Poll::Pending => None,
    };
    std::iter::from_fn(next).collect()
}

fn has_ended(subscription: &Subscription) -> bool {
    matches!(poll(subscription), Poll::Ready(None))
}

/// The sequences of all records that a watch has to give right now.
fn sequences(watch: &Watch) -> Vec<u64> {
    let next = || match watch.poll_next(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Some(record)) => Some(record.expect("the stream goes on").cursor.sequence),
        Poll::Ready(None) | Poll::Pending => None,
    };
    std::iter::from_fn(next).collect()
}

fn watch_has_ended(watch: &Watch) -> bool {
    let polled = watch.poll_next(&mut Context::from_waker(Waker::noop()));
    matches!(polled, Poll::Ready(None))
}
