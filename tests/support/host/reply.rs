//! How a port answers, call by call.

use std::cell::RefCell;
use std::collections::VecDeque;

use agent_pool::{domain::ErrorCode, port::Answer};

use super::{Signal, port_error, ticks};

/// How a port answers a call.
#[derive(Clone, Debug)]
pub enum Reply {
    /// It does what it is asked, at once.
    Now,
    /// It throws.
    Rejected,
    /// It does what it is asked after so many turns of the executor.
    Later(u32),
    /// It rejects after so many turns of the executor.
    RejectedLater(u32),
    /// It does what it is asked once the signal is given.
    On(Signal),
    /// It rejects once the signal is given.
    RejectedOn(Signal),
}

impl Reply {
    /// It never answers.
    pub fn never() -> Self {
        Self::On(Signal::default())
    }
}

/// The next answers of a port. When there are none left, it answers at once.
#[derive(Default)]
pub struct Replies(RefCell<VecDeque<Reply>>);

impl Replies {
    /// Sets the answers to the next calls.
    pub fn are(&self, replies: impl IntoIterator<Item = Reply>) {
        self.0.replace(replies.into_iter().collect());
    }

    /// Rejects one call, after `successes` more that succeed.
    pub fn fail_after(&self, successes: usize) {
        let succeed = std::iter::repeat_n(Reply::Now, successes);
        self.are(succeed.chain([Reply::Rejected]));
    }

    /// Answers a call: calls `act` when the time has come, or fails with `code`.
    pub fn answer<T: 'static>(
        &self,
        code: ErrorCode,
        thrown: &'static str,
        act: impl FnOnce() -> T + 'static,
    ) -> Answer<'static, T> {
        let reply = self.0.borrow_mut().pop_front().unwrap_or(Reply::Now);
        match reply {
            Reply::Now => Answer::ready(act()),
            Reply::Rejected => Answer::failed(port_error(code, thrown)),
            Reply::Later(count) => Answer::later(async move {
                ticks(count).await;
                Ok(act())
            }),
            Reply::RejectedLater(count) => Answer::later(async move {
                ticks(count).await;
                Err(port_error(code, thrown))
            }),
            Reply::On(signal) => Answer::later(async move {
                signal.wait().await;
                Ok(act())
            }),
            Reply::RejectedOn(signal) => Answer::later(async move {
                signal.wait().await;
                Err(port_error(code, thrown))
            }),
        }
    }
}
