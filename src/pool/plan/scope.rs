//! The part of a filter that a pool lets through.

use crate::domain::RunId;
use crate::pool::state::PoolState;
use crate::record::{EventFilter, EventFilterSet, PayloadAccessMode};

/// The filter as this pool lets it through: it selects only members that may be observed, and under an envelope-only
/// wake policy its access is to envelopes only (REFERENCE 32, 33). Frames still carry their payloads.
pub(crate) fn scope(state: &PoolState, mut filter: EventFilter) -> EventFilter {
    let observable: Vec<RunId> = match filter.run_ids {
        EventFilterSet::Any => {
            let members = state.members();
            let observable = members.filter(|member| member.holds(state.policy_refs()));
            observable.map(|member| member.run_id.clone()).collect()
        }
        EventFilterSet::Include(asked) => {
            let observable = asked.into_iter();
            observable
                .filter(|run_id| state.is_observable(run_id))
                .collect()
        }
    };
    filter.run_ids = EventFilterSet::Include(observable);
    if state.config().wake_policy.envelope_only {
        filter.payload_access = PayloadAccessMode::EnvelopeOnly;
    }
    filter
}
