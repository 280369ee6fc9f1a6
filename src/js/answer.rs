//! Answers that are there at once, or that have to be waited for: to JavaScript and from it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::domain::{AgentError, ErrorCode};
use crate::js::error::{thrown, to_js};
use crate::js::executor::spawn;
use crate::port::Answer;

/// Runs an operation: its result if it is finished after one poll, a promise of it otherwise.
pub(super) fn answer(
    operation: impl Future<Output = Result<JsValue, AgentError>> + 'static,
) -> Result<JsValue, JsValue> {
    answer_or(operation, |error| to_js(&error))
}

/// As [`answer`], with the error made by `describe`.
pub(super) fn answer_or<E: 'static>(
    operation: impl Future<Output = Result<JsValue, E>> + 'static,
    describe: impl FnOnce(E) -> JsValue + 'static,
) -> Result<JsValue, JsValue> {
    let mut operation: Pin<Box<dyn Future<Output = _>>> = Box::pin(operation);
    let mut context = Context::from_waker(Waker::noop());
    match operation.as_mut().poll(&mut context) {
        Poll::Ready(result) => result.map_err(describe),
        // Polled again at once by the executor, so the wakers are the right ones from then on.
        Poll::Pending => Ok(promise(async move { operation.await.map_err(describe) }).into()),
    }
}

/// A promise of what the future comes to.
fn promise(future: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let mut future = Some(future);
    Promise::new(&mut |resolve, reject| {
        let Some(future) = future.take() else { return };
        spawn(async move {
            let (settle, value) = match future.await {
                Ok(value) => (resolve, value),
                Err(value) => (reject, value),
            };
            // What settles a promise does not throw.
            let _ = settle.call1(&JsValue::UNDEFINED, &value);
        });
    })
}

/// What a port's call comes to: an answer to `read`, at once or when the promise is kept. What was
/// thrown, or what the promise was rejected with, is an error of that `code`.
pub(super) fn from_call<T: 'static>(
    code: ErrorCode,
    called: Result<JsValue, JsValue>,
    read: impl FnOnce(JsValue) -> Result<T, AgentError> + 'static,
) -> Answer<'static, T> {
    match called {
        Err(value) => Answer::failed(thrown(code, value)),
        Ok(value) => match value.dyn_into::<Promise>() {
            Ok(promise) => Answer::later(async move {
                let kept = JsFuture::from(promise).await;
                read(kept.map_err(|value| thrown(code, value))?)
            }),
            Err(value) => read(value).into(),
        },
    }
}
