//! Answers that are there at once, or that have to be waited for: to JavaScript and from it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::JsValue;

use crate::domain::{AgentError, ErrorCode};
use crate::js::error::{thrown, to_js};
use crate::js::executor::spawn;
use crate::js::host::with_host;
use crate::js::memory::grow_ahead;
use crate::js::waiting::Settled;
use crate::pool::AgentPool;
use crate::port::Answer;

/// What an exported method has to do, its result made ready for JavaScript.
pub(super) type Operation = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// Runs an operation: its result if it is finished after one poll. Otherwise a number below 0, and the host is told the
/// result when it is there; no operation answers such numbers itself. One of a `pool` is dropped if the pool's handle is
/// abandoned.
pub(super) fn answer(
    pool: Option<&AgentPool>,
    mut operation: Operation,
) -> Result<JsValue, JsValue> {
    match first_poll(&mut operation) {
        Poll::Ready(result) => result,
        Poll::Pending => Ok((-(answer_later(pool.cloned(), operation) as f64)).into()),
    }
}

/// The executor polls an operation that waits again at once, so its wakers are the right ones then.
fn first_poll(operation: &mut Operation) -> Poll<Result<JsValue, JsValue>> {
    grow_ahead();
    let mut context = Context::from_waker(Waker::noop());
    operation.as_mut().poll(&mut context)
}

/// Has the host told what the operation comes to, under the number that is answered.
fn answer_later(pool: Option<AgentPool>, operation: Operation) -> u64 {
    spawn(|number| async move {
        let result = match pool {
            Some(pool) => {
                let outcome = pool.unless_abandoned(operation).await;
                outcome.unwrap_or_else(|error| Err(to_js(&error)))
            }
            None => operation.await,
        };
        let is_kept = result.is_ok();
        let value = result.unwrap_or_else(|error| error);
        with_host(|host| host.answered(number as f64, is_kept, value));
    })
}

/// What a port's call comes to: an answer to `read`, at once or when it is there. What was thrown, or what the port
/// failed with later, is an error of that `code`.
pub(super) fn from_call<T: 'static>(
    code: ErrorCode,
    called: Result<JsValue, JsValue>,
    read: impl FnOnce(JsValue) -> Result<T, AgentError> + 'static,
) -> Answer<'static, T> {
    match called {
        Err(value) => Answer::failed(thrown(code, value)),
        Ok(value) => match Settled::of(&value) {
            Some(settled) => Answer::later(async move {
                let kept = settled.await;
                read(kept.map_err(|value| thrown(code, value))?)
            }),
            None => read(value).into(),
        },
    }
}
