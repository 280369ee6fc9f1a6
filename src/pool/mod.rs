//! The coordinator.
//!
//! `plan` works out what should happen, purely. [`AgentPool`] makes it happen through the ports, one transition after
//! the other: journal, store and state, event bus. Messages of different senders run side by side (`turns`). Records
//! that arrive meanwhile for a journal that takes batches are appended together (`appends`).

mod abandon;
mod append;
pub(crate) mod appends;
mod begin;
mod builder;
mod carry_out;
mod draft;
mod flights;
mod latch;
mod live;
mod messages;
mod numbers;
mod operate;
mod operations;
mod outbox;
mod plain_message;
mod plan;
mod policy;
mod race;
mod shared_store;
mod shared_work;
mod shell;
mod start_run_error;
mod state;
mod suspending;
mod turns;

pub use builder::{AgentPoolBuilder, RuntimePorts};
pub use draft::{OptionalFields, RunMessageDraft, WakeConditionDraft};
pub use live::{Subscription, Watch};
pub use outbox::DEFAULT_OUTBOX_CAPACITY;
pub use plain_message::{PlainMessage, PlainTarget};
pub use policy::WakeMatching;
pub use shared_store::SharedStore;
pub use shell::AgentPool;
pub use start_run_error::StartRunError;

pub use crate::record::{
    AgentPoolMember, AgentPoolMessagePolicy, AgentPoolSnapshot, AgentPoolStoreConfig,
    AgentPoolStoreCursor, AgentPoolStoreRecord, AgentPoolStoreRecordPayload,
    AgentPoolStoredMessage, AgentPoolStoredWake, AgentPoolWakePolicy, MessageReceipt,
    MessageResponseContract, MessageStatus, ResumeInputPolicy, RunAddress, RunAddressTarget,
    RunMessage, WakeCondition, WakeRegistration, WakeRegistrationStatus,
};
