//! Answers that are there at once or come later, in both directions.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use wasm_bindgen::JsValue;

use crate::domain::{AgentError, ErrorCode};
use crate::js::allocator::grow_ahead;
use crate::js::error::{thrown, to_js};
use crate::js::executor::TaskSlot;
use crate::js::host::with_host;
use crate::js::waiting::{PortAnswer, Settled};
use crate::pool::AgentPool;
use crate::port::Answer;

/// The work of an exported method. Its result is ready for JavaScript.
pub(super) type PendingReply = Pin<Box<dyn Future<Output = Result<Reply, JsValue>>>>;

/// The result of an operation.
pub(super) enum Reply {
    Value(JsValue),
    /// The number of a message's status, which can cross without a JavaScript value.
    Status(u32),
}

impl Reply {
    /// The result as a JavaScript value.
    pub(super) fn into_value(self) -> JsValue {
        match self {
            Self::Value(value) => value,
            Self::Status(status) => status.into(),
        }
    }
}

/// The state of an operation after its first poll.
pub(super) enum Started {
    Done(Result<Reply, JsValue>),
    /// The host will be given the result under this number. Numbers start at 1; no other operation has this one until
    /// then.
    Later(u32),
}

/// Runs an operation, and returns the result if the operation is finished after one poll. Otherwise returns a number
/// below 0, and the host is given the result when it is there. No operation returns such numbers itself. An operation
/// of a `pool` is dropped if the pool's handle is abandoned.
pub(super) fn answer(
    pool: Option<&AgentPool>,
    operation: PendingReply,
) -> Result<JsValue, JsValue> {
    match start(pool, operation) {
        Started::Done(result) => result.map(Reply::into_value),
        Started::Later(number) => Ok((-f64::from(number)).into()),
    }
}

/// As [`answer`], but returns the state of the operation.
pub(super) fn start(pool: Option<&AgentPool>, mut operation: PendingReply) -> Started {
    grow_ahead();
    let slot = TaskSlot::take();
    match operation.as_mut().poll(&mut slot.context()) {
        Poll::Ready(result) => {
            slot.give_back();
            Started::Done(result)
        }
        Poll::Pending => {
            if let Some(Err(error)) = pool.map(AgentPool::require_not_abandoned) {
                slot.give_back();
                return Started::Done(Err(to_js(&error)));
            }
            let number = slot.index() + 1;
            let mut rest = Box::pin(answer_later(number, pool.cloned(), operation));
            // This poll also waits for the end of the handle, which has not come. It does not poll the operation, which
            // was polled just now.
            let _ = rest.as_mut().poll(&mut slot.context());
            slot.fill(rest);
            Started::Later(number)
        }
    }
}

/// Gives the host the result of an operation that waits, under that number. The first poll does not poll the operation.
async fn answer_later(number: u32, pool: Option<AgentPool>, mut operation: PendingReply) {
    let mut has_waited = false;
    let rest = poll_fn(|context| match std::mem::replace(&mut has_waited, true) {
        true => operation.as_mut().poll(context),
        false => Poll::Pending,
    });
    let result = match pool {
        Some(pool) => {
            let outcome = pool.unless_abandoned(rest).await;
            outcome.unwrap_or_else(|error| Err(to_js(&error)))
        }
        None => rest.await,
    };
    let is_fulfilled = result.is_ok();
    let value = result.map_or_else(|error| error, Reply::into_value);
    with_host(|host| host.answered(number, is_fulfilled, value));
}

/// The answer to the call of a port: what `read` makes of the returned value, at once or when it is there. If the port
/// threw a value, or failed later, the answer is an error with that `code`.
pub(super) fn from_call<T: 'static>(
    code: ErrorCode,
    called: Result<JsValue, JsValue>,
    read: impl FnOnce(PortAnswer) -> Result<T, AgentError> + 'static,
) -> Answer<'static, T> {
    match called {
        Err(value) => Answer::failed(thrown(code, value)),
        Ok(value) => match value.as_f64() {
            Some(number) => from_later(code, number, read),
            None => read(PortAnswer::Value(value)).into(),
        },
    }
}

/// As [`from_call`], for a call that returned a number.
pub(super) fn from_later<T: 'static>(
    code: ErrorCode,
    number: f64,
    read: impl FnOnce(PortAnswer) -> Result<T, AgentError> + 'static,
) -> Answer<'static, T> {
    let settled = Settled::new(number as u64);
    Answer::later(async move {
        let kept = settled.await;
        read(kept.map_err(|value| thrown(code, value))?)
    })
}
