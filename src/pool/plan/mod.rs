//! What should happen: (state, command, context) -> transitions. Plans are pure: they use no port, no clock and no
//! randomness, so the same history and the same command give the same bytes everywhere.

mod address;
mod consequences;
mod context;
#[cfg(test)]
mod fixture;
mod membership;
mod messages;
mod observe;
mod scope;
mod wakes;

pub(crate) use consequences::{ClaimedWakes, DueWake, consequences, end_of_due, foreseen};
pub(crate) use context::PlanContext;
pub use context::WakeMatching;
pub(crate) use membership::{join, leave};
pub(crate) use messages::{known_message, record_status, send};
pub(crate) use observe::observe;
pub(crate) use scope::scope;
pub(crate) use wakes::{Next, cancel, known_wake, poll, poll_after, suspend};
