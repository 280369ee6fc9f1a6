//! What happens when the core meets a fault of its own.
//!
//! A panic ends the wasm instance: nothing in it runs on. The TypeScript side is told, so that pending
//! and later calls fail instead of hanging (DESIGN 5).

use std::cell::RefCell;
use std::sync::Once;

use js_sys::Function;
use wasm_bindgen::prelude::*;

thread_local! {
    static HANDLER: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Has `handler` called with a message when the instance ends.
#[wasm_bindgen(js_name = setPanicHandler)]
pub fn set_panic_handler(handler: Function) {
    static HOOK: Once = Once::new();
    HANDLER.set(Some(handler));
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            // The place only: a message may hold what belongs to the host's users.
            let place = panic.location().map(ToString::to_string);
            let message = JsValue::from_str(&place.unwrap_or_default());
            if let Some(handler) = HANDLER.take() {
                // Nobody is left to tell of an error in the handler.
                let _ = handler.call1(&JsValue::UNDEFINED, &message);
            }
        }));
    });
}
