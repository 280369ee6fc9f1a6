//! The reference, `agent-sdk-core`, as a [`System`]: the oracle of the differential test.
//!
//! [`Reference<false>`] is the crate as it is. It reproduces the recorded traces, which proves that it is used
//! correctly. [`Reference<true>`] also applies the corrections of [`corrections`]: for differences on purpose, where it
//! can be computed exactly what this project does instead.

mod calls;
pub mod corrections;
mod ports;

use agent_sdk_core::{
    AgentError, AgentPool, AgentPoolId, AgentPoolMessagePolicy, AgentPoolStore,
    AgentPoolStoreCursor, AgentPoolWakePolicy, AgentRuntime, EventFrame, InMemoryAgentEventBus,
    InMemoryAgentPoolStore, PolicyRef,
};
use serde::Serialize;
use serde_json::Value;

pub use ports::RecordingJournal;

use crate::trace::{Failure, Fields, Opening, System};

/// The reference implementation; `CORRECTED` says whether the documented differences are evened out.
pub struct Reference<const CORRECTED: bool>;

impl<const CORRECTED: bool> System for Reference<CORRECTED> {
    type Pool = AgentPool;
    type Journal = RecordingJournal;
    type Bus = InMemoryAgentEventBus;
    type Store = InMemoryAgentPoolStore;
    type PoolId = AgentPoolId;
    type MessagePolicy = AgentPoolMessagePolicy;
    type WakePolicy = AgentPoolWakePolicy;
    type PolicyRef = PolicyRef;
    type Frame = EventFrame;

    fn open(opening: Opening<'_, Self>) -> Result<Self::Pool, Failure> {
        let store = opening.store.clone();
        let journal = if CORRECTED {
            opening.journal.corrected_handle(store.clone())
        } else {
            opening.journal.handle()
        };
        let runtime = AgentRuntime::builder()
            .journal(journal)
            .event_bus(opening.bus.clone())
            .build()
            .map_err(failure)?;
        let mut builder = AgentPool::builder(opening.pool_id)
            .runtime(runtime)
            .store(store);
        if let Some(policy) = opening.message_policy {
            builder = builder.message_policy(policy);
        }
        if let Some(policy) = opening.wake_policy {
            builder = builder.wake_policy(policy);
        }
        for policy_ref in opening.policy_refs {
            builder = builder.policy_ref(policy_ref);
        }
        builder.build().map_err(failure)
    }

    fn call(pool: &Self::Pool, name: &str, fields: &Fields<'_>) -> Result<Value, Failure> {
        calls::call(pool, name, fields, CORRECTED)
    }

    fn publish(bus: &Self::Bus, frame: EventFrame) -> Result<(), Failure> {
        bus.publish(frame).map_err(failure)
    }

    fn records(journal: &Self::Journal, skip: usize) -> Vec<Value> {
        journal.records(skip)
    }

    fn frames(bus: &Self::Bus, skip: usize) -> Vec<Value> {
        ports::frames(bus, skip)
            .into_iter()
            .map(|frame| corrections::d11_valid_times(json(&frame)))
            .collect()
    }

    fn history(store: &Self::Store, pool_id: &str, skip: usize) -> Vec<Value> {
        let after = AgentPoolStoreCursor::new(skip as u64);
        store
            .watch(&AgentPoolId::new(pool_id), Some(after))
            .expect("the store's lock is never poisoned")
            .map(|record| json(&record))
            .collect()
    }
}

/// What an error of the reference looks like in a trace.
fn failure(error: AgentError) -> Failure {
    Failure {
        kind: format!("{:?}", error.kind()),
        retry: Some(format!("{:?}", error.retry())),
        message: error.context().message,
    }
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("the reference's own types are JSON")
}
