//! What is recorded and published when the members of a pool change.

use std::sync::Arc;

use super::facts::Facts;
use crate::domain::{AgentPoolId, EntityRef, List, PolicyRef, RunId, TopicId};
use crate::record::{
    AgentPoolLifecycleStatus, AgentPoolMember, AgentPoolRecord, AgentPoolStoreRecordPayload,
    JournalRecordPayload,
};

/// A change of the members: the pool is created, in the name of its first member, or a run joins or leaves.
#[derive(Clone)]
pub struct MembershipTransition {
    /// The member that joins or leaves.
    pub member: Arc<AgentPoolMember>,
    /// What changes.
    pub status: AgentPoolLifecycleStatus,
    /// The members after the change; none once the record is in the journal, and likewise the topics.
    pub member_run_ids: List<RunId>,
    /// The topics that they listen to.
    pub topics: List<TopicId>,
    /// The policies that a member must hold to be observable.
    pub policy_refs: List<PolicyRef>,
}

impl MembershipTransition {
    #[cold]
    pub(super) fn recorded(&mut self) {
        self.member_run_ids = List::default();
        self.topics = List::default();
    }

    pub(super) fn facts(&self) -> Facts<'_> {
        Facts {
            policy_refs: self.policy_refs.clone(),
            ..Facts::new(
                &self.member.run_id,
                &self.member.agent_id,
                self.status.event_kind(),
                EntityRef::run(&self.member.run_id),
                self.status.summary(),
            )
        }
    }

    pub(super) fn payload(&self, pool_id: &AgentPoolId) -> JournalRecordPayload {
        JournalRecordPayload::AgentPool(AgentPoolRecord {
            pool_id: pool_id.clone(),
            member_run_ids: self.member_run_ids.clone(),
            topics: self.topics.clone(),
            policy_refs: self.policy_refs.clone(),
            lifecycle_status: self.status,
        })
    }

    pub(super) fn stored(&self) -> AgentPoolStoreRecordPayload {
        let member = Arc::clone(&self.member);
        match self.status {
            AgentPoolLifecycleStatus::Created => AgentPoolStoreRecordPayload::PoolCreated,
            AgentPoolLifecycleStatus::RunJoined => {
                AgentPoolStoreRecordPayload::MemberJoined { member }
            }
            AgentPoolLifecycleStatus::RunLeft => AgentPoolStoreRecordPayload::MemberLeft { member },
        }
    }
}
