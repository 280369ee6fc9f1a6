//! A host for the tests of the core: ports that fail, wait and call back as they are told, and a pool over them.
#![allow(
    dead_code,
    unused_imports,
    reason = "every test uses the part of the host that it needs"
)]

mod bus;
mod calls;
mod journal;
mod reply;
mod scripts;
mod signal;
mod store;
mod story;
mod tasks;
mod values;
mod world;

pub use bus::{BUS_FAULT, HostBus};
pub use calls::Call;
pub use journal::{HostJournal, JOURNAL_FAULT};
pub use reply::{Replies, Reply};
pub use scripts::{choices, replies, scripts};
pub use signal::{Signal, ticks};
pub use store::{HostStore, STORE_FAULT};
pub use story::{event_number, frame_story, record_story};
pub use tasks::{Outcome, Tasks};
pub use values::*;
pub use world::{World, WorldPlan};

use std::future::Future;

use agent_pool::{
    domain::{AgentError, ErrorCode},
    port::poll_once,
};

/// What a port throws.
#[derive(Debug, PartialEq)]
pub struct PortFault(pub &'static str);

impl std::fmt::Display for PortFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for PortFault {}

/// The error of a port that threw.
pub fn port_error(code: ErrorCode, thrown: &'static str) -> AgentError {
    AgentError::from(code).with_source(std::rc::Rc::new(PortFault(thrown)))
}

/// What the port threw that caused the error.
pub fn thrown(error: &AgentError) -> Option<&PortFault> {
    error.source.as_deref()?.downcast_ref()
}

/// The answer of an operation that gives way once, as one does after a frame was rejected later than the bus was
/// called.
pub fn soon<T>(operation: impl Future<Output = T>) -> T {
    let mut operation = std::pin::pin!(operation);
    let first = poll_once(operation.as_mut());
    assert!(first.is_none(), "the operation gives way");
    now(operation)
}

/// The answer of an operation. With ports that answer at once it is there after one poll.
pub fn now<T>(operation: impl Future<Output = T>) -> T {
    poll_once(operation).expect("with ports that answer at once an operation is finished at once")
}

/// The value of an operation that succeeds.
pub fn done<T>(operation: impl Future<Output = Result<T, AgentError>>) -> T {
    now(operation).unwrap_or_else(|error| panic!("{}: {error}", error.code))
}

/// The code of the error of an operation that fails.
pub fn refused<T>(operation: impl Future<Output = Result<T, AgentError>>) -> ErrorCode {
    error_of(operation).code
}

/// The error of an operation that fails.
pub fn error_of<T>(operation: impl Future<Output = Result<T, AgentError>>) -> AgentError {
    match now(operation) {
        Ok(_) => panic!("the operation succeeded"),
        Err(error) => error,
    }
}
