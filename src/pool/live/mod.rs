//! Live streams: what is there, and then what comes.
//!
//! A [`Subscription`] reads frames through the queue of its filter. A bus that tells of its frames fills
//! the queue as it takes them; any other is asked, again and again, by a task ([`asking`]). A [`Watch`]
//! reads the pool's store at its own pace. Nobody waits for a stream, and a stream has nothing done for
//! it before it is read.

mod asking;
mod place;
mod reader;
mod reading;
mod subscription;
mod watch;

pub(crate) use reader::{Reader, Readers};
pub use subscription::Subscription;
pub use watch::Watch;
