//! The run launcher port.

use std::rc::Rc;

use js_sys::{Array, Function};
use wasm_bindgen::{JsCast, JsValue};

use crate::domain::ErrorCode;
use crate::js::answer::from_call;
use crate::js::text::write_js;
use crate::json::from_json;
use crate::port::{Answer, RunHandle, RunLauncher, RunRequest};

from_json!(RunRequest, "a request to start a run", {
    run_id,
    agent_id,
    input = None,
});

/// A host's function that starts runs. It returns a list with only the handle of the run, which may be any value.
pub(super) struct HostLauncher(pub(super) Function);

impl RunLauncher for HostLauncher {
    fn start(&self, request: RunRequest) -> Answer<'_, RunHandle> {
        let request = write_js(&request);
        let called = request.and_then(|request| self.0.call1(&JsValue::UNDEFINED, &request));
        from_call(ErrorCode::RunLauncherRejected, called, |handle| {
            Ok(Rc::new(handle.into_value()) as RunHandle)
        })
    }
}

/// The list with the host's own handle, as the host returned it.
pub(super) fn list_of_handle(handle: &RunHandle) -> JsValue {
    let list = handle.downcast_ref::<JsValue>();
    list.cloned().unwrap_or(JsValue::UNDEFINED)
}

/// The host's own handle.
pub(super) fn host_handle(handle: &RunHandle) -> JsValue {
    list_of_handle(handle).unchecked_into::<Array>().get(0)
}
