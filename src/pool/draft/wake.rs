//! Wake conditions as a caller may write them.

use crate::domain::{AgentError, IdempotencyKey, List, PolicyRef, RunId, WakeConditionId};
use crate::json::from_json;
use crate::pool::draft::{id_and_key, key_of};
use crate::pool::state::PoolState;
use crate::pool::suspending::Suspending;
use crate::port::IdSource;
use crate::record::{EventFilter, ResumeInputPolicy, WakeCondition};

/// A wake condition whose id, key, run and resume policy may be left out. Id and key are completed as with messages.
#[derive(Clone, Debug)]
pub struct WakeConditionDraft {
    condition_id: Option<WakeConditionId>,
    run_id: Option<RunId>,
    filter: EventFilter,
    timeout_millis: Option<u64>,
    resume_with: ResumeInputPolicy,
    idempotency_key: Option<IdempotencyKey>,
    policy_refs: List<PolicyRef>,
}

from_json!(WakeConditionDraft, "a wake condition", {
    condition_id = None,
    run_id = None,
    filter = EventFilter::default(),
    timeout_millis = None,
    resume_with = ResumeInputPolicy::default(),
    idempotency_key = None,
    policy_refs = List::default(),
});

impl WakeConditionDraft {
    /// As [`RunMessageDraft::recognise`](crate::pool::RunMessageDraft::recognise), with the conditions that are being
    /// registered.
    pub(crate) fn recognise(&mut self, suspending: &Suspending, state: &PoolState) {
        let names = suspending.names();
        match (&self.condition_id, &self.idempotency_key) {
            (Some(id), None) => {
                self.idempotency_key = match state.wake(id) {
                    Some(recorded) => Some(recorded.condition.idempotency_key.clone()),
                    None => names.key_of(id.as_str()).map(key_of),
                };
            }
            (None, Some(key)) => {
                self.condition_id = match state.wake_of_key(key) {
                    Some(recorded) => Some(recorded.condition.condition_id.clone()),
                    None => {
                        let id = names.id_of(key.as_str());
                        id.map(|id| WakeConditionId::derived("", id, ""))
                    }
                };
            }
            _ => {}
        }
    }

    /// The whole condition; its run is `run_id` unless it names one.
    ///
    /// # Errors
    /// The error of the source of ids.
    pub fn complete(self, run_id: &RunId, ids: &dyn IdSource) -> Result<WakeCondition, AgentError> {
        let (condition_id, idempotency_key) = id_and_key(
            (self.condition_id, self.idempotency_key),
            WakeConditionId::derived,
            "wake.",
            ids,
        )?;
        Ok(WakeCondition {
            condition_id,
            run_id: self.run_id.unwrap_or_else(|| run_id.clone()),
            filter: self.filter,
            timeout_millis: self.timeout_millis,
            resume_with: self.resume_with,
            idempotency_key,
            policy_refs: self.policy_refs,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::memory::SeededIds;

    fn draft(fields: Value) -> WakeConditionDraft {
        serde_json::from_value(fields).unwrap()
    }

    fn condition(fields: Value) -> WakeCondition {
        let run_id = RunId::new("r1").unwrap();
        draft(fields).complete(&run_id, &SeededIds::new(7)).unwrap()
    }

    #[test]
    fn of_id_and_key_the_one_left_out_is_the_text_of_the_other() {
        let by_key = condition(json!({"idempotency_key": "k1"}));
        assert_eq!(by_key.condition_id.as_str(), "k1");
        let by_id = condition(json!({"condition_id": "w1"}));
        assert_eq!(by_id.idempotency_key.as_str(), "w1");
    }

    #[test]
    fn with_both_left_out_every_condition_is_one_of_its_own() {
        let (run_id, ids) = (RunId::new("r1").unwrap(), SeededIds::new(7));
        let first = draft(json!({})).complete(&run_id, &ids).unwrap();
        let second = draft(json!({})).complete(&run_id, &ids).unwrap();
        assert_ne!(first.condition_id, second.condition_id);
        assert!(first.condition_id.as_str().starts_with("wake."));
    }

    #[test]
    fn a_condition_is_of_the_run_that_is_to_be_suspended_unless_it_names_one() {
        assert_eq!(condition(json!({})).run_id.as_str(), "r1");
        assert_eq!(condition(json!({"run_id": "r2"})).run_id.as_str(), "r2");
    }

    #[test]
    fn what_is_given_is_kept() {
        let full = json!({
            "condition_id": "w1", "run_id": "r2", "filter": EventFilter::default(),
            "timeout_millis": 5, "resume_with": "none", "idempotency_key": "k1",
            "policy_refs": [{"kind": "permission", "id": "p1"}],
        });
        assert_eq!(json!(condition(full.clone())), full);
    }
}
