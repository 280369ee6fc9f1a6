//! Answers that are there at once, or that have to be waited for: to JavaScript and from it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};

use crate::domain::{AgentError, ErrorCode};
use crate::js::error::{thrown, to_js};
use crate::js::executor::spawn;
use crate::js::memory::grow_ahead;
use crate::js::waiting::Settled;
use crate::pool::AgentPool;
use crate::port::Answer;

/// What an exported method has to do, its result made ready for JavaScript.
pub(super) type Operation = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// Runs an operation: its result if it is finished after one poll, a promise of it otherwise. One of a `pool` is dropped
/// if the pool's handle is abandoned.
pub(super) fn answer(
    pool: Option<&AgentPool>,
    mut operation: Operation,
) -> Result<JsValue, JsValue> {
    match first_poll(&mut operation) {
        Poll::Ready(result) => result,
        Poll::Pending => Ok(promise(pool.cloned(), operation).into()),
    }
}

/// The executor polls an operation that waits again at once, so its wakers are the right ones then.
fn first_poll(operation: &mut Operation) -> Poll<Result<JsValue, JsValue>> {
    grow_ahead();
    let mut context = Context::from_waker(Waker::noop());
    operation.as_mut().poll(&mut context)
}

/// A promise of what the operation comes to.
fn promise(pool: Option<AgentPool>, operation: Operation) -> Promise {
    let mut waiting = Some((pool, operation));
    Promise::new(&mut |resolve, reject| {
        let Some((pool, operation)) = waiting.take() else {
            return;
        };
        spawn(async move {
            let result = match pool {
                Some(pool) => {
                    let outcome = pool.unless_abandoned(operation).await;
                    outcome.unwrap_or_else(|error| Err(to_js(&error)))
                }
                None => operation.await,
            };
            let (settle, value) = match result {
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
            Ok(promise) => {
                let settled = Settled::of(&promise);
                Answer::later(async move {
                    let kept = settled.await;
                    read(kept.map_err(|value| thrown(code, value))?)
                })
            }
            Err(value) => read(value).into(),
        },
    }
}
