//! This crate's core as a [`System`].

use std::{future::Future, marker::PhantomData, num::NonZeroU64, rc::Rc};

use agent_pool::{
    domain::{AgentError, AgentPoolId, PolicyRef},
    memory::{LogicalClock, MemoryEventBus, MemoryJournal},
    pool::{
        AgentPool, AgentPoolMessagePolicy, AgentPoolStoreCursor, AgentPoolWakePolicy, RunMessage,
        RuntimePorts, SharedStore, WakeMatching,
    },
    port::{Journal, poll_once},
    record::{EventCursor, EventFrame, EventStreamScope, JournalRecord, SubscriberQueueConfig},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    fields::{Failure, Fields},
    system::{Opening, System},
};

/// A journal whose records can be read back.
pub trait KeptJournal: Journal + Default + 'static {
    /// All records, in append order.
    fn records(&self) -> Vec<JournalRecord>;
}

impl KeptJournal for MemoryJournal {
    fn records(&self) -> Vec<JournalRecord> {
        MemoryJournal::records(self)
    }
}

/// The core over ports in memory that answer at once, with the clock and the wake matching of the reference.
pub struct Core<J = MemoryJournal>(PhantomData<J>);

impl<J: KeptJournal> System for Core<J> {
    type Pool = AgentPool;
    type Journal = Rc<J>;
    type Bus = Rc<MemoryEventBus>;
    type Store = SharedStore;
    type PoolId = AgentPoolId;
    type MessagePolicy = AgentPoolMessagePolicy;
    type WakePolicy = AgentPoolWakePolicy;
    type PolicyRef = PolicyRef;
    type Frame = EventFrame;

    fn open(opening: Opening<'_, Self>) -> Result<AgentPool, Failure> {
        let ports = RuntimePorts::new(Rc::new(LogicalClock))
            .journal(Rc::clone(opening.journal) as Rc<dyn Journal>)
            .event_bus(Rc::clone(opening.bus) as _);
        let mut builder = AgentPool::builder(opening.pool_id)
            .runtime(ports)
            .store(opening.store.clone())
            .wake_matching(WakeMatching::OnMessage);
        if let Some(policy) = opening.message_policy {
            builder = builder.message_policy(policy);
        }
        if let Some(policy) = opening.wake_policy {
            builder = builder.wake_policy(policy);
        }
        for policy_ref in opening.policy_refs {
            builder = builder.policy_ref(policy_ref);
        }
        at_once(builder.build())
    }

    fn call(pool: &AgentPool, name: &str, fields: &Fields<'_>) -> Result<Value, Failure> {
        match name {
            "join_run" => told(pool.join_run(fields.required("member")?)),
            "leave_run" => told(pool.leave_run(&fields.required("run_id")?)),
            "send" => told(pool.send(fields.required::<RunMessage>("message")?)),
            "record_message_status" => {
                let message = fields.required("message")?;
                let status = fields.required("status")?;
                let delivered_to = fields.optional("delivered_to")?.unwrap_or_default();
                told(pool.record_message_status(message, status, delivered_to))
            }
            "suspend_until" => {
                let run_id = fields.required("run_id")?;
                told(pool.suspend_until(run_id, fields.required("condition")?))
            }
            "poll_wake" => told(pool.poll_wake(&fields.required("condition_id")?)),
            "cancel_wake" => told(pool.cancel_wake(&fields.required("condition_id")?)),
            "members" => told(pool.members()),
            "snapshot" => told(pool.snapshot()),
            "subscribe" => {
                let filter = fields.required("filter")?;
                told(pool.subscribe(filter, fields.optional("cursor")?))
            }
            "scope_filter" => told(pool.scope_filter(fields.required("filter")?)),
            "compile_scoped_filter" => told(pool.compile_scoped_filter(fields.required("filter")?)),
            "watch_pool" => told(pool.watch_pool(fields.optional("cursor")?)),
            unknown => Err(Failure::unknown_operation(unknown)),
        }
    }

    fn publish(bus: &Self::Bus, frame: EventFrame) -> Result<(), Failure> {
        bus.publish_frame(frame);
        Ok(())
    }

    fn records(journal: &Self::Journal, skip: usize) -> Vec<Value> {
        journal.records().iter().skip(skip).map(json_of).collect()
    }

    fn frames(bus: &Self::Bus, skip: usize) -> Vec<Value> {
        let queue = SubscriberQueueConfig {
            capacity: NonZeroU64::MAX,
            ..SubscriberQueueConfig::default()
        };
        // Only the scope and the number of a cursor are looked at (REFERENCE 31).
        let after = EventCursor {
            scope: EventStreamScope::All,
            event_seq: skip as u64,
            event_id: fixed_id("event.any"),
            journal_cursor: None,
        };
        let frames = bus.subscribe_all(Some(&after), queue);
        let frames = frames.expect("a cursor of the same scope is compatible");
        frames.iter().map(json_of).collect()
    }

    fn history(store: &SharedStore, pool_id: &str, skip: usize) -> Vec<Value> {
        let pool_id = fixed_id(pool_id);
        let after = AgentPoolStoreCursor {
            sequence: skip as u64,
        };
        let records = at_once(store.records_after(&pool_id, Some(&after)));
        let records = records.expect("a store in memory gives its records");
        records.iter().map(json_of).collect()
    }
}

/// The answer of an operation, as JSON.
fn told<T: Serialize>(
    operation: impl Future<Output = Result<T, AgentError>>,
) -> Result<Value, Failure> {
    at_once(operation).map(|value| json_of(&value))
}

/// Every port answers at once, so every operation is done after one poll (DESIGN 2).
fn at_once<T>(operation: impl Future<Output = Result<T, AgentError>>) -> Result<T, Failure> {
    let result = poll_once(operation).expect("with ports that answer at once nothing waits");
    result.map_err(|error| Failure {
        kind: word(&error.kind),
        retry: Some(word(&error.retry)),
        message: error.message.clone().into_owned(),
    })
}

fn word(value: &impl Serialize) -> String {
    let value = json_of(value);
    value
        .as_str()
        .expect("a classification is a word")
        .to_owned()
}

fn fixed_id<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(json!(text)).expect("an id that was valid before is valid")
}

fn json_of(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("what the core answers is JSON")
}
