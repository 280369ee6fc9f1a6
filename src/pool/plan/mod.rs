//! What should happen: (state, command, context) -> transitions. Pure: no port, no clock, no
//! randomness, so the same history and the same command give the same bytes everywhere.

mod address;
mod membership;
mod messages;
mod owed;
mod planner;
mod step;
mod wakes;

pub(crate) use membership::{join, leave, observe};
pub(crate) use messages::{record_status, send};
pub(crate) use owed::{OwedWake, owed, settle};
pub(crate) use planner::PlanContext;
pub(crate) use step::Step;
pub(crate) use wakes::{Next, cancel, poll, poll_after, scope, suspend, suspend_after};
