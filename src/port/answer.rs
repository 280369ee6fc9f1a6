//! A port's answer: available at once, or to be awaited.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use crate::domain::AgentError;

/// The answer of a port call.
///
/// A port that has its answer at hand gives [`Answer::Now`], which costs no allocation and lets the
/// whole operation finish before the call returns. A port that has to wait gives [`Answer::Later`].
/// Awaiting either is the same.
pub enum Answer<'a, T> {
    /// The answer itself.
    Now(Option<Result<T, AgentError>>),
    /// The answer is still being worked out.
    Later(Pin<Box<dyn Future<Output = Result<T, AgentError>> + 'a>>),
}

impl<'a, T> Answer<'a, T> {
    /// The port did what it was asked to do, and answers `value`.
    pub fn ready(value: T) -> Self {
        Self::Now(Some(Ok(value)))
    }

    /// The port refused or failed.
    pub fn failed(error: AgentError) -> Self {
        Self::Now(Some(Err(error)))
    }

    /// The port answers when `future` does.
    pub fn later(future: impl Future<Output = Result<T, AgentError>> + 'a) -> Self {
        Self::Later(Box::pin(future))
    }
}

impl<T> From<Result<T, AgentError>> for Answer<'_, T> {
    fn from(result: Result<T, AgentError>) -> Self {
        Self::Now(Some(result))
    }
}

// The value of `Now` is moved out, never pinned in place.
impl<T> Unpin for Answer<'_, T> {}

impl<T> Future for Answer<'_, T> {
    type Output = Result<T, AgentError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Now(result) => Poll::Ready(
                result
                    .take()
                    .expect("an answer is not awaited again after it was given"),
            ),
            Self::Later(future) => future.as_mut().poll(context),
        }
    }
}

/// Polls a future once. Returns its output if every port that it needs answers at once, `None` if one of them waits.
///
/// This is how a synchronous host uses the pool: with ports that answer at once, every operation is
/// finished after one poll.
pub fn poll_once<F: Future>(future: F) -> Option<F::Output> {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
