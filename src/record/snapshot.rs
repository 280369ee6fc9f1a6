//! Snapshots: the present state of a pool.

use std::sync::Arc;

use serde::Serialize;

use super::{
    AgentPoolMember, AgentPoolMessagePolicy, AgentPoolStoreCursor, AgentPoolStoredMessage,
    AgentPoolStoredWake, AgentPoolWakePolicy, is_empty,
};
use crate::domain::{AgentPoolId, List, PolicyRef, TopicId};
use crate::json::from_json;

/// The present state of a pool. All lists are in byte order of their ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentPoolSnapshot {
    /// The pool.
    pub pool_id: AgentPoolId,
    /// Whether any run has ever joined; once true, it stays true (REFERENCE 1).
    pub created: bool,
    /// The members, in order of their run ids.
    pub members: Vec<Arc<AgentPoolMember>>,
    /// The topics that members listen to (DESIGN D9).
    pub topics: Vec<TopicId>,
    /// The pool's policy for its messages.
    pub message_policy: AgentPoolMessagePolicy,
    /// The pool's policy for those who watch it.
    pub wake_policy: AgentPoolWakePolicy,
    /// The policies that a member must hold to be observable.
    #[serde(skip_serializing_if = "is_empty")]
    pub policy_refs: List<PolicyRef>,
    /// The messages with their latest receipts, in order of message ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<AgentPoolStoredMessage>,
    /// The wake conditions with their status, in order of condition ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wakes: Vec<Arc<AgentPoolStoredWake>>,
    /// The place in the pool's history at which the snapshot was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<AgentPoolStoreCursor>,
}

from_json!(AgentPoolSnapshot, "an agent pool snapshot", {
    pool_id,
    created,
    members,
    topics,
    message_policy,
    wake_policy,
    policy_refs = List::default(),
    messages = Vec::new(),
    wakes = Vec::new(),
    cursor = None,
});
