//! Live streams, item by item.

use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll};

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::domain::AgentError;
use crate::js::answer::{Reply, answer};
use crate::js::error::to_js;
use crate::js::text::write_js;
use crate::pool::{Subscription, Watch};

/// A live stream. Freeing it ends it at once.
#[wasm_bindgen]
pub struct WasmStream {
    stream: Rc<dyn Stream>,
}

#[wasm_bindgen]
impl WasmStream {
    /// The text of the next item, at once or later; `undefined` after the end. Only one call may wait at a time.
    ///
    /// # Errors
    /// The errors of [`Subscription::next`] or [`Watch::next`], at once or later.
    pub fn next(&self) -> Result<JsValue, JsValue> {
        let stream = Rc::clone(&self.stream);
        let item = poll_fn(move |context| stream.poll_item(context).map_ok(Reply::Value));
        answer(None, Box::pin(item))
    }
}

impl Drop for WasmStream {
    // Dropping this is not enough: a call that waits holds the stream too.
    fn drop(&mut self) {
        self.stream.stop();
    }
}

impl WasmStream {
    pub(super) fn new(stream: impl Stream + 'static) -> Self {
        Self {
            stream: Rc::new(stream),
        }
    }
}

/// A live stream whose items are returned as text.
pub(super) trait Stream {
    fn poll_item(&self, context: &mut Context<'_>) -> Poll<Result<JsValue, JsValue>>;
    fn stop(&self);
}

impl Stream for Subscription {
    fn poll_item(&self, context: &mut Context<'_>) -> Poll<Result<JsValue, JsValue>> {
        self.poll_next(context).map(item)
    }

    fn stop(&self) {
        self.stop();
    }
}

impl Stream for Watch {
    fn poll_item(&self, context: &mut Context<'_>) -> Poll<Result<JsValue, JsValue>> {
        self.poll_next(context).map(item)
    }

    fn stop(&self) {
        self.stop();
    }
}

fn item<T: Serialize>(next: Option<Result<T, AgentError>>) -> Result<JsValue, JsValue> {
    let Some(next) = next else {
        return Ok(JsValue::UNDEFINED);
    };
    write_js(&next.map_err(|error| to_js(&error))?)
}
