//! The store in memory.

use wasm_bindgen::prelude::*;

use crate::js::port::{Port, WasmPort};
use crate::pool::SharedStore;

#[wasm_bindgen]
impl WasmPort {
    /// A store in memory. Pools with the same id that use one store are handles on one pool.
    #[wasm_bindgen(js_name = memoryStore)]
    pub fn memory_store() -> Self {
        Port::Store(SharedStore::in_memory()).into()
    }
}
