//! The executor port: JavaScript's event loop.

use std::future::Future;
use std::pin::Pin;

use wasm_bindgen_futures::spawn_local;

use crate::port::Executor;

/// Goes on in microtasks.
pub(super) struct EventLoop;

impl Executor for EventLoop {
    fn spawn(&self, future: Pin<Box<dyn Future<Output = ()>>>) {
        spawn_local(future);
    }
}
