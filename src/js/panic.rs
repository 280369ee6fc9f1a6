//! What happens when the core has a fault of its own.
//!
//! A panic ends the wasm instance: nothing in it runs on. The TypeScript side is told, so that pending and later calls
//! fail instead of hanging (DESIGN 5).

use std::sync::Once;

use crate::js::host::with_host;

/// Has the host told when a panic ends the instance.
pub(super) fn report() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            // Only the place: the message of a panic may hold data of the host's users.
            let place = panic.location().map(ToString::to_string);
            with_host(|host| host.panicked(&place.unwrap_or_default()));
        }));
    });
}
