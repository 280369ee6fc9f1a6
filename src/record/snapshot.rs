//! Snapshots: a pool as it stands.

use std::sync::Arc;

use serde::Serialize;

use super::{
    AgentPoolMember, AgentPoolMessagePolicy, AgentPoolStoreCursor, AgentPoolStoredMessage,
    AgentPoolStoredWake, AgentPoolWakePolicy, is_empty,
};
use crate::domain::{AgentPoolId, List, PolicyRef, TopicId};
use crate::json::from_json;

/// A pool as it stands. All lists are in byte order of their ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentPoolSnapshot {
    /// The pool.
    pub pool_id: AgentPoolId,
    /// Whether anyone ever joined; never false again (REFERENCE 1).
    pub created: bool,
    /// The members, by run.
    pub members: Vec<Arc<AgentPoolMember>>,
    /// The topics that members listen to (DESIGN D9).
    pub topics: Vec<TopicId>,
    /// What the pool asks of its messages.
    pub message_policy: AgentPoolMessagePolicy,
    /// What the pool allows those who watch it.
    pub wake_policy: AgentPoolWakePolicy,
    /// What a member must hold to be observable.
    #[serde(skip_serializing_if = "is_empty")]
    pub policy_refs: List<PolicyRef>,
    /// The messages with their latest receipts, by message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<AgentPoolStoredMessage>,
    /// The wake conditions and how they stand, by condition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wakes: Vec<Arc<AgentPoolStoredWake>>,
    /// Where in the pool's history the snapshot was taken.
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
