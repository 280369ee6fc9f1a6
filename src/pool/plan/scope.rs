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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::plan::fixture::{Pool, member, policies};
    use crate::record::fixture::id;
    use crate::record::{AgentPoolStoreConfig, AgentPoolWakePolicy, EventKind};

    /// `r1` and `r3` hold `p1`, `r2` does not.
    fn pool(required: &[&str], envelope_only: bool) -> Pool {
        let mut pool = Pool::new(AgentPoolStoreConfig {
            policy_refs: policies(required),
            wake_policy: AgentPoolWakePolicy { envelope_only },
            ..AgentPoolStoreConfig::default()
        });
        pool.joins(member("r3", "ag3", &[], &["p2", "p1"]));
        pool.joins(member("r2", "ag2", &[], &["p2"]));
        pool.joins(member("r1", "ag1", &[], &["p1"]));
        pool
    }

    fn of_runs(run_ids: &[&str]) -> EventFilterSet<RunId> {
        run_ids.iter().map(|run_id| id(run_id)).collect()
    }

    #[test]
    fn a_filter_selects_only_members_that_may_be_observed() {
        let (all, with_p1) = (pool(&[], false), pool(&["p1"], false));
        for (pool, asked, expected) in [
            (&all, EventFilterSet::Any, &["r1", "r2", "r3"][..]),
            (&with_p1, EventFilterSet::Any, &["r1", "r3"]),
            // Order and repetitions are kept (REFERENCE 31).
            (
                &all,
                of_runs(&["r3", "r9", "r2", "r3"]),
                &["r3", "r2", "r3"],
            ),
            (&with_p1, of_runs(&["r3", "r9", "r2", "r3"]), &["r3", "r3"]),
            (&with_p1, of_runs(&["r2"]), &[]),
        ] {
            let mut filter = EventFilter::kinds([EventKind::RunMessageAccepted]);
            let mut expected_filter = filter.clone();
            filter.run_ids = asked;
            expected_filter.run_ids = of_runs(expected);
            assert_eq!(scope(&pool.state, filter), expected_filter);
        }
    }

    #[test]
    fn under_an_envelope_only_policy_nobody_is_let_at_payloads() {
        for &asked in PayloadAccessMode::ALL {
            let filter = || EventFilter {
                payload_access: asked,
                ..EventFilter::default()
            };
            let access = |pool: Pool| scope(&pool.state, filter()).payload_access;
            assert_eq!(access(pool(&[], false)), asked);
            assert_eq!(access(pool(&[], true)), PayloadAccessMode::EnvelopeOnly);
        }
    }
}
