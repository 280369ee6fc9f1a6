//! Members of a pool, and the policies a pool is built with.

use serde::Serialize;

use crate::domain::{AgentId, PolicyRef, RunId, TopicId, holds_all};
use crate::json::from_json;

/// A run that takes part in a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentPoolMember {
    /// The run.
    pub run_id: RunId,
    /// The agent that it is a run of.
    pub agent_id: AgentId,
    /// The policies it holds. It receives only messages that require no others (REFERENCE 12).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policy_refs: Vec<PolicyRef>,
    /// The topics it listens to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicId>,
}

from_json!(AgentPoolMember, "a member", {
    run_id,
    agent_id,
    policy_refs = Vec::new(),
    topics = Vec::new(),
});

impl AgentPoolMember {
    /// A member without policies and topics.
    pub fn new(run_id: RunId, agent_id: AgentId) -> Self {
        Self {
            run_id,
            agent_id,
            policy_refs: Vec::new(),
            topics: Vec::new(),
        }
    }

    /// The same member, holding one more policy.
    pub fn policy_ref(mut self, policy_ref: PolicyRef) -> Self {
        self.policy_refs.push(policy_ref);
        self
    }

    /// The same member, listening to one more topic.
    pub fn topic(mut self, topic_id: TopicId) -> Self {
        self.topics.push(topic_id);
        self
    }

    /// Whether the member holds every one of these policies.
    pub fn holds(&self, required: &[PolicyRef]) -> bool {
        holds_all(&self.policy_refs, required)
    }
}

/// The policy of a pool for its messages.
///
/// On input every field may be missing: nothing is required, and a pool's broadcast leaves its sender out (DESIGN D14).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgentPoolMessagePolicy {
    /// A message must carry all of these, or it reaches nobody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub required_policy_refs: Vec<PolicyRef>,
    /// Whether a message to the whole pool also reaches its sender.
    pub include_sender_in_pool_broadcast: bool,
}

from_json!(AgentPoolMessagePolicy, "a message policy", {
    required_policy_refs = Vec::new(),
    include_sender_in_pool_broadcast = false,
});

/// The policy of a pool for those who watch it.
///
/// On input the field may be missing: it is then true (DESIGN D14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AgentPoolWakePolicy {
    /// Whether filters are cut down to `envelope_only` payload access (REFERENCE 33).
    pub envelope_only: bool,
}

from_json!(AgentPoolWakePolicy, "a wake policy", {
    envelope_only = Self::default().envelope_only,
});

impl Default for AgentPoolWakePolicy {
    fn default() -> Self {
        Self {
            envelope_only: true,
        }
    }
}
