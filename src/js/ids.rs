//! The source of ids that callers leave out.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::domain::{AgentError, ErrorCode, MessageId};
use crate::js::error::thrown;
use crate::js::text::well_formed;
use crate::memory::{RandomIds, SeededIds};
use crate::port::IdSource;

/// A host's function that answers ids.
struct HostIds(Function);

impl IdSource for HostIds {
    fn next_id(&self) -> Result<String, AgentError> {
        let called = self.0.call0(&JsValue::UNDEFINED);
        let id = called.map_err(|value| thrown(ErrorCode::InvalidPortAnswer, value))?;
        let id = well_formed(&id).filter(|id| MessageId::new(id).is_ok());
        id.ok_or_else(|| {
            AgentError::new(
                ErrorCode::InvalidPortAnswer,
                "ids: an id is a string of 1 to 512 bytes without control characters",
            )
        })
    }
}

/// A source of ids for pools to draw from.
#[wasm_bindgen]
pub struct WasmIds {
    ids: Rc<dyn IdSource>,
}

#[wasm_bindgen]
impl WasmIds {
    /// Random ids.
    pub fn random() -> Self {
        Self {
            ids: Rc::new(RandomIds),
        }
    }

    /// The ids that `seed` determines.
    pub fn seeded(seed: u64) -> Self {
        Self {
            ids: Rc::new(SeededIds::new(seed)),
        }
    }

    /// The host's ids.
    pub fn host(next: Function) -> Self {
        Self {
            ids: Rc::new(HostIds(next)),
        }
    }
}

impl WasmIds {
    pub(super) fn port(&self) -> Rc<dyn IdSource> {
        Rc::clone(&self.ids)
    }
}
