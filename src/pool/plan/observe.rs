//! Plans for events that come from the host.

use crate::pool::plan::consequences::{ClaimedWakes, DueWake, due};
use crate::pool::plan::context::PlanContext;
use crate::pool::policy::WakeMatching;
use crate::pool::state::PoolState;
use crate::record::EventEnvelope;

/// The pool is shown an event of its host: under live matching it triggers wakes as its own do, under
/// the reference's it is found by a poll (REFERENCE 21).
pub(crate) fn observe(
    state: &PoolState,
    context: PlanContext,
    claimed: &ClaimedWakes,
    event: &EventEnvelope,
) -> Vec<DueWake> {
    match context.matching {
        WakeMatching::Live => due(state, claimed, &event.traits(), &|| event.event_id.clone()),
        WakeMatching::OnMessage => Vec::new(),
    }
}
