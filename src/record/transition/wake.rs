//! What is recorded and published when a wake condition gets a new status.

use std::sync::Arc;

use super::facts::Facts;
use crate::domain::{AgentId, EntityRef, EventId, JournalCursor};
use crate::record::{
    AgentPoolStoreRecordPayload, AgentPoolStoredWake, JournalRecordPayload, WakeRecord,
    WakeRegistrationStatus,
};

/// A wake condition gets a new status.
#[derive(Clone)]
pub struct WakeTransition {
    /// The wake before the transition.
    pub wake: Arc<AgentPoolStoredWake>,
    /// The agent in whose name the run acts.
    pub agent_id: AgentId,
    /// The new status.
    pub status: WakeRegistrationStatus,
    /// The event that triggered the wake.
    pub matched_event_id: Option<EventId>,
}

impl WakeTransition {
    pub(super) fn facts(&self) -> Facts<'_> {
        let condition = &self.wake.condition;
        let run = EntityRef::run(&condition.run_id);
        let subject = EntityRef::wake_condition(&condition.condition_id);
        Facts {
            related_refs: [run.clone()].into(),
            // The event names the condition, the journal record does not (REFERENCE 29).
            event_related_refs: Some([run, subject.clone()].into()),
            policy_refs: condition.policy_refs.clone(),
            idempotency_key: Some(condition.idempotency_key.clone()),
            ..Facts::new(
                &condition.run_id,
                &self.agent_id,
                self.status.event_kind(),
                subject,
                self.status.summary(),
            )
        }
    }

    // Not inlined: see `[profile.small]` in Cargo.toml.
    #[inline(never)]
    pub(super) fn payload(&self) -> JournalRecordPayload {
        let condition = &self.wake.condition;
        JournalRecordPayload::Wake(WakeRecord {
            condition_id: condition.condition_id.clone(),
            run_id: condition.run_id.clone(),
            event_filter_fingerprint: self.wake.compiled_filter.fingerprint().clone(),
            timeout_millis: condition.timeout_millis,
            resume_policy: condition.resume_with,
            trigger_status: self.status,
            policy_refs: condition.policy_refs.clone(),
            idempotency_key: condition.idempotency_key.clone(),
            matched_event_id: self.matched_event_id.clone(),
        })
    }

    pub(super) fn stored(&self, journal_cursor: JournalCursor) -> AgentPoolStoreRecordPayload {
        let mut stored = AgentPoolStoredWake::clone(&self.wake);
        stored.registration.status = self.status;
        stored.registration.journal_cursor = Some(journal_cursor);
        let stored = Arc::new(stored);
        AgentPoolStoreRecordPayload::Wake { stored }
    }
}
