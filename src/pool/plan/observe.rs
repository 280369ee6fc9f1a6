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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::plan::fixture::{Pool, at, condition, on_message};
    use crate::record::EventKind;
    use crate::record::fixture::{frame, id};

    /// What becomes of the wakes that the tool of a host triggers by the event `e7`.
    fn observed(pool: &Pool, context: PlanContext, claimed: &[&str]) -> Vec<String> {
        let claimed = claimed
            .iter()
            .map(|condition_id| id(condition_id))
            .collect();
        let shown = frame(EventKind::ToolCompleted, 7);
        let due = observe(&pool.state, context, &claimed, &shown.event.envelope);
        pool.ends(context, &due)
    }

    #[test]
    fn an_event_of_the_host_triggers_wakes_under_live_matching_only() {
        let mut pool = Pool::of_three();
        pool.suspends(condition("w1", "r1", EventKind::ToolFailed), 0);
        pool.suspends(condition("w2", "r2", EventKind::ToolCompleted), 0);
        pool.suspends(condition("w3", "r3", EventKind::ToolCompleted), 0);
        let (second, third) = ("triggered w2 of ag2 by e7", "triggered w3 of ag3 by e7");
        assert_eq!(observed(&pool, at(0), &[]), [second, third]);
        assert!(observed(&pool, on_message(0), &[]).is_empty());
        assert_eq!(observed(&pool, at(0), &["w3"]), [second], "w3 is claimed");
        pool.leaves("r2");
        assert_eq!(observed(&pool, at(0), &[]), [third], "r2 left");
    }
}
