//! The ports and stores of pools, as JavaScript holds them.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::domain::AgentPoolId;
use crate::js::answer::{Reply, answer};
use crate::js::error::to_js;
use crate::js::text::{read, write_js};
use crate::memory::{MemoryEventBus, MemoryJournal};
use crate::pool::SharedStore;
use crate::port::{Clock, EventBus, IdSource, Journal};
use crate::record::SubscriberQueueConfig;

/// A port or a store, which pools can share. There is one class for all kinds, since every class costs a wrapper on
/// both sides. The constructors are in the files of the kinds.
#[wasm_bindgen]
pub struct WasmPort {
    pub(super) port: Port,
}

/// Which port it is.
pub(super) enum Port {
    Journal {
        journal: Rc<dyn Journal>,
        /// The same journal, if it is in memory.
        memory: Option<Rc<MemoryJournal>>,
    },
    EventBus {
        bus: Rc<dyn EventBus>,
        /// The frames, if they are kept here.
        kept: Option<Rc<MemoryEventBus>>,
    },
    Store(SharedStore),
    Clock(Rc<dyn Clock>),
    Ids(Rc<dyn IdSource>),
}

#[wasm_bindgen]
impl WasmPort {
    /// What is held here, as a JSON array, at once or later: the records of a journal, the frames of an event bus, or a
    /// store's records of a pool. What a host holds is not shown.
    ///
    /// # Errors
    /// `invalid_input` if this is a store and `pool_id` is not an id; the store's error.
    pub fn contents(&self, pool_id: Option<String>) -> Result<JsValue, JsValue> {
        match &self.port {
            Port::Journal {
                memory: Some(memory),
                ..
            } => write_js(&memory.records()),
            Port::EventBus {
                kept: Some(kept), ..
            } => {
                let frames = kept.subscribe_all(None, SubscriberQueueConfig::UNBOUNDED);
                write_js(&frames.map_err(|error| to_js(&error))?)
            }
            Port::Store(store) => {
                let pool_id = read("poolId", &pool_id.unwrap_or_default())?;
                answer(None, Box::pin(records(store.clone(), pool_id)))
            }
            _ => Ok(JsValue::from_str("[]")),
        }
    }
}

async fn records(store: SharedStore, pool_id: AgentPoolId) -> Result<Reply, JsValue> {
    let records = store.records_after(&pool_id, None).await;
    let records = records.map_err(|error| to_js(&error))?;
    write_js(&records).map(Reply::Value)
}

impl From<Port> for WasmPort {
    fn from(port: Port) -> Self {
        Self { port }
    }
}
