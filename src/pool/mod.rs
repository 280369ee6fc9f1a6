//! The coordinator.
//!
//! `plan` works out what should happen, purely, from `state`. [`AgentPool`] makes it happen through the ports, one
//! transition after the other: journal, store and state, event bus. The files by subject:
//!
//! - what is pure: `state`, `plan`;
//! - waiting: `latch`, `race`, and work that several parties wait for (`shared_work`); what is going on: `raised`;
//! - what handles share: a store (`shared_store`) and its open pools (`open_pool`), the `turns` of operations, the
//!   operations in flight (`flights`, `suspending`, and their `names`), the `outbox` of each event bus, and what live
//!   streams are told (`live_stream`);
//! - a `handle`, with its `runtime_ports` and its `journal_sequence`, and the steps of an operation: `begin`, `operate`,
//!   `messages`, `append`, `carry_out`. Messages of different senders run side by side; records that arrive while a
//!   journal that takes batches is busy are appended together (`batch_queue`);
//! - the live streams: `live`;
//! - what a host uses: `builder`, `draft`, `plain_message`, `agent_pool`, `operations`, `start_run_error`, `abandon`.

mod abandon;
mod agent_pool;
mod append;
mod batch_queue;
mod begin;
mod builder;
mod carry_out;
mod draft;
mod flights;
mod handle;
mod journal_sequence;
mod latch;
mod live;
mod live_stream;
mod messages;
mod names;
mod open_pool;
mod operate;
mod operations;
mod outbox;
mod plain_message;
mod plan;
mod race;
mod raised;
mod runtime_ports;
mod shared_store;
mod shared_work;
mod start_run_error;
mod state;
mod suspending;
mod turns;

pub use agent_pool::AgentPool;
pub use builder::AgentPoolBuilder;
pub use draft::{OptionalFields, RunMessageDraft, WakeConditionDraft};
pub use live::{Subscription, Watch};
pub use outbox::DEFAULT_OUTBOX_CAPACITY;
pub use plain_message::{PlainMessage, PlainTarget};
pub use plan::WakeMatching;
pub use runtime_ports::RuntimePorts;
pub use shared_store::SharedStore;
pub use start_run_error::StartRunError;

pub use crate::record::{
    AgentPoolMember, AgentPoolMessagePolicy, AgentPoolSnapshot, AgentPoolStoreConfig,
    AgentPoolStoreCursor, AgentPoolStoreRecord, AgentPoolStoreRecordPayload,
    AgentPoolStoredMessage, AgentPoolStoredWake, AgentPoolWakePolicy, MessageReceipt,
    MessageResponseContract, MessageStatus, ResumeInputPolicy, RunAddress, RunAddressTarget,
    RunMessage, WakeCondition, WakeRegistration, WakeRegistrationStatus,
};
