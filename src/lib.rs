//! Agent Pool: an embeddable coordination core for agent runs.
//!
//! Runs join a pool, send each other messages, and suspend until an event arrives. Every transition is in the journal
//! before it is published on the event bus.
//!
//! ```
//! use std::{error::Error, rc::Rc};
//!
//! use agent_pool::domain::{AgentId, AgentPoolId, ContentRef, IdempotencyKey, MessageId, RunId};
//! use agent_pool::memory::SystemClock;
//! use agent_pool::pool::{AgentPool, AgentPoolMember, MessageStatus, RunAddress, RunMessage, RuntimePorts};
//! use agent_pool::port::poll_once;
//!
//! async fn planner_writes_to_writer() -> Result<(), Box<dyn Error>> {
//!     let ports = RuntimePorts::in_memory(Rc::new(SystemClock));
//!     let pool = AgentPool::builder(AgentPoolId::new("pool.research")?).runtime(ports).build().await?;
//!     let (planner, writer) = (RunId::new("run.planner")?, RunId::new("run.writer")?);
//!     pool.join_run(AgentPoolMember::new(planner.clone(), AgentId::new("agent.planner")?)).await?;
//!     pool.join_run(AgentPoolMember::new(writer.clone(), AgentId::new("agent.writer")?)).await?;
//!     let (message_id, key) = (MessageId::new("message.1")?, IdempotencyKey::new("key.1")?);
//!     let (to, outline) = (RunAddress::run(writer.clone()), ContentRef::new("content.outline")?);
//!     let message = RunMessage::new(message_id, planner, to, outline, key);
//!     let receipt = pool.send(message.clone()).await?;
//!     assert_eq!(receipt.status, MessageStatus::Delivered);
//!     assert_eq!(*receipt.delivered_to, [writer]);
//!     // Sending the same message again returns its receipt, and reaches nobody a second time.
//!     assert_eq!(pool.send(message).await?, receipt);
//!     Ok(())
//! }
//!
//! fn main() -> Result<(), Box<dyn Error>> {
//!     poll_once(planner_writes_to_writer()).expect("ports in memory answer at once")
//! }
//! ```
//!
//! The modules; each uses only those above it:
//!
//! - [`json`]: reading JSON, with errors that name the place, and writing it.
//! - [`domain`]: the vocabulary every record shares: ids, references, privacy classes, errors.
//! - [`record`]: the wire: journal records, event frames, filters, store records.
//! - [`port`]: what a host can replace: journal, event bus, store, clock, ids, run launcher.
//! - [`memory`]: the embedded defaults of those ports.
//! - [`pool`]: the coordinator: pure state and plans, and the handles that carry the plans out.
//! - `js`: the binding to JavaScript, in WebAssembly only.

pub mod domain;
#[cfg(target_arch = "wasm32")]
pub mod js;
pub mod json;
pub mod memory;
pub mod pool;
pub mod port;
pub mod record;
