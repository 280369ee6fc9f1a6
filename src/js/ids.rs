//! The source of ids that callers leave out.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::domain::{AgentError, ErrorCode, MessageId};
use crate::js::error::thrown;
use crate::js::port::{Port, WasmPort};
use crate::memory::{RandomIds, SeededIds};
use crate::port::IdSource;

/// A host's function that answers ids.
struct HostIds(Function);

impl IdSource for HostIds {
    fn next_id(&self) -> Result<String, AgentError> {
        let called = self.0.call0(&JsValue::UNDEFINED);
        let id = called.map_err(|value| thrown(ErrorCode::InvalidPortAnswer, value))?;
        let id = id.as_string().filter(|id| MessageId::new(id).is_ok());
        id.ok_or_else(|| {
            AgentError::new(
                ErrorCode::InvalidPortAnswer,
                "ids.next: must return a string of 1 to 512 bytes without control characters",
            )
        })
    }
}

#[wasm_bindgen]
impl WasmPort {
    /// Random ids.
    #[wasm_bindgen(js_name = randomIds)]
    pub fn random_ids() -> Self {
        Port::Ids(Rc::new(RandomIds)).into()
    }

    /// The ids that `seed` determines.
    #[wasm_bindgen(js_name = seededIds)]
    pub fn seeded_ids(seed: u64) -> Self {
        Port::Ids(Rc::new(SeededIds::new(seed))).into()
    }

    /// The host's ids.
    #[wasm_bindgen(js_name = hostIds)]
    pub fn host_ids(next: Function) -> Self {
        Port::Ids(Rc::new(HostIds(next))).into()
    }
}
