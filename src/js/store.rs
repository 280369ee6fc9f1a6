//! The store in memory, for pools to share.

use wasm_bindgen::prelude::*;

use crate::domain::AgentPoolId;
use crate::js::answer::answer;
use crate::js::error::to_js;
use crate::js::text::{read, write_js};
use crate::pool::SharedStore;

/// A store that handles of a pool share.
#[wasm_bindgen]
pub struct WasmStore {
    store: SharedStore,
}

#[wasm_bindgen]
impl WasmStore {
    /// A store in memory.
    pub fn memory() -> Self {
        Self {
            store: SharedStore::in_memory(),
        }
    }

    /// The records of a pool, as a JSON array.
    pub fn records(&self, pool_id: &str) -> Result<JsValue, JsValue> {
        let pool_id = read::<AgentPoolId>("poolId", pool_id)?;
        let store = self.store.clone();
        let reading = async move {
            let records = store.records_after(&pool_id, None).await;
            let records = records.map_err(|error| to_js(&error))?;
            Ok(write_js(&records))
        };
        answer(None, Box::pin(reading))
    }
}

impl WasmStore {
    pub(super) fn shared(&self) -> SharedStore {
        self.store.clone()
    }
}
