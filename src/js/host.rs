//! The TypeScript side as the core calls it, besides the ports.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The TypeScript runtime, which started the core and calls it (`pkg/src/runtime.ts`).
    pub type Host;

    /// Asks the host to call `runTasks` a little later, guarded. Without a guard, a panic in there would trap in a
    /// microtask that belongs to nobody, which ends a Node process.
    #[wasm_bindgen(method)]
    pub(super) fn schedule(this: &Host);

    /// Gives the host the result of the operation that was answered with minus this number.
    #[wasm_bindgen(method)]
    pub(super) fn answered(this: &Host, number: u32, is_fulfilled: bool, value: JsValue);

    /// Tells the host that the core had a fault of its own at `place`, and has ended.
    #[wasm_bindgen(method)]
    pub(super) fn panicked(this: &Host, place: &str);
}

thread_local! {
    static HOST: RefCell<Option<Host>> = const { RefCell::new(None) };
}

/// Sets the host. Nothing else may be called before this.
#[wasm_bindgen(js_name = setHost)]
pub fn set_host(host: Host) {
    HOST.set(Some(host));
    super::panic::report();
}

/// Calls the host, which does not call back.
pub(super) fn with_host(call: impl FnOnce(&Host)) {
    HOST.with_borrow(|host| host.as_ref().map(call));
}
