//! Live streams: what is there already, and then what arrives.
//!
//! A [`Subscription`] reads frames through the queue of its filter. A bus that notifies listeners fills the queue as it
//! takes frames. Any other bus is asked again and again, by a task ([`asking`]). A [`Watch`] reads the pool's store at
//! its own pace. No operation waits for a stream, and nothing is done for a stream before it is first read.

mod asking;
mod last_seen;
mod reading;
mod subscription;
mod watch;

pub use subscription::Subscription;
pub use watch::Watch;
