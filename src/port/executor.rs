//! The executor port: who goes on with what no operation waits for.

use std::future::Future;
use std::pin::Pin;

/// Runs a future to its end on the host's own event loop.
///
/// The pool uses it for one thing: to publish the events that wait behind an event bus that answers
/// later. A host without one calls [`AgentPool::flush`](crate::pool::AgentPool::flush) instead.
pub trait Executor {
    /// Takes over the future, which may last as long as the pool's handles. It must not be polled before this call
    /// returns.
    fn spawn(&self, future: Pin<Box<dyn Future<Output = ()>>>);
}
