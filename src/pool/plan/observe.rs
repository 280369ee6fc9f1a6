//! Plans for events that come from the host.

use crate::pool::plan::consequences::{ClaimedWakes, DueWake, due};
use crate::pool::plan::context::{PlanContext, WakeMatching};
use crate::pool::state::PoolState;
use crate::record::EventEnvelope;

/// The wakes that an event of the host triggers. Under live matching it triggers wakes as the pool's own events do.
/// Under the reference's matching it triggers none, and a poll finds it (REFERENCE 21).
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
