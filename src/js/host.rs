//! The TypeScript side as the core calls it, besides the ports.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The TypeScript runtime, which brought the core up and calls it (`pkg/src/runtime.ts`).
    pub type Host;

    /// Has `runTasks` called, a little later and guarded: a panic in there would otherwise trap in a microtask of
    /// nobody's, which ends a Node process.
    #[wasm_bindgen(method)]
    pub(super) fn schedule(this: &Host);

    /// The outcome of the operation that was answered by minus this number.
    #[wasm_bindgen(method)]
    pub(super) fn answered(this: &Host, number: u32, is_kept: bool, value: JsValue);

    /// The core met a fault of its own there, and has ended.
    #[wasm_bindgen(method)]
    pub(super) fn panicked(this: &Host, place: &str);
}

thread_local! {
    static HOST: RefCell<Option<Host>> = const { RefCell::new(None) };
}

/// Makes the host known, before anything else is called.
#[wasm_bindgen(js_name = setHost)]
pub fn set_host(host: Host) {
    HOST.set(Some(host));
    super::panic::report();
}

/// Calls the host, which does not call back.
pub(super) fn with_host(call: impl FnOnce(&Host)) {
    HOST.with_borrow(|host| host.as_ref().map(call));
}
