//! The executor port: it runs what no operation waits for.

use std::future::Future;
use std::pin::Pin;

/// Runs a future to its end on the host's own event loop.
///
/// The pool uses it for what no operation waits for. It handles publications that are answered later, and publishes
/// what waits behind them (see [`EventBus::publishes_unpolled`](crate::port::EventBus::publishes_unpolled)). It also
/// asks an event bus that does not notify listeners (see [`EventBus::listen`](crate::port::EventBus::listen)) for the
/// frames that live streams read.
///
/// An append to a journal that takes batches also waits for the executor's next turn, once that journal has been seen
/// to answer later, so that what is called before that turn goes together.
///
/// With an event bus that answers later, a host without an executor calls
/// [`AgentPool::flush`](crate::pool::AgentPool::flush) to have its events published.
pub trait Executor {
    /// Takes over the future, which may last as long as the pool's handles. It must not be polled before this call
    /// returns.
    fn spawn(&self, future: Pin<Box<dyn Future<Output = ()>>>);
}
