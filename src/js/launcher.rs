//! The run launcher port.

use std::rc::Rc;

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::domain::{AgentId, ErrorCode, RunId};
use crate::js::answer::from_call;
use crate::js::text::write_js;
use crate::json::from_json;
use crate::port::{Answer, RunHandle, RunLauncher, RunRequest};

from_json!(RunRequest, "a request to start a run", {
    run_id,
    agent_id,
    input = None,
});

/// A request as the TypeScript side gets it back: with the number that it put in place of the input.
#[derive(Serialize)]
struct Request<'a> {
    run_id: &'a RunId,
    agent_id: &'a AgentId,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<u64>,
}

/// A host's function that starts runs.
pub(super) struct HostLauncher(pub(super) Function);

impl RunLauncher for HostLauncher {
    fn start(&self, request: RunRequest) -> Answer<'_, RunHandle> {
        let request = Request {
            run_id: &request.run_id,
            agent_id: &request.agent_id,
            input: request.input,
        };
        let called = self.0.call1(&JsValue::UNDEFINED, &write_js(&request));
        from_call(ErrorCode::RunLauncherRejected, called, |handle| {
            Ok(Rc::new(handle) as RunHandle)
        })
    }
}

/// The host's own handle again.
pub(super) fn host_handle(handle: &RunHandle) -> JsValue {
    let handle = handle.downcast_ref::<JsValue>();
    handle.cloned().unwrap_or(JsValue::UNDEFINED)
}
