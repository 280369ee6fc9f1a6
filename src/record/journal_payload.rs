//! The payload of a journal record of the pool.

use serde::Serialize;

use super::{
    EffectIntent, EffectResult, EventCorrelation, EventFilterFingerprint, EventKind,
    JournalRecordKind, MessageStatus, ResumeInputPolicy, RunAddressTarget, WakeRegistrationStatus,
    is_empty,
};
use crate::domain::{
    AgentPoolId, ContentRef, EventId, IdempotencyKey, List, MessageId, PolicyRef, RunId, TopicId,
    WakeConditionId, wire_enum,
};
use crate::json::{self, Fault, FromJson, Json, deserialize, from_json, value};

/// The payload of a journal record of the pool. The reference has 20 more, which the pool never writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum JournalRecordPayload {
    /// The members changed.
    AgentPool(AgentPoolRecord),
    /// A message has a new status.
    RunMessage(Box<RunMessageRecord>),
    /// A wake condition has a new status.
    Wake(WakeRecord),
}

impl FromJson for JournalRecordPayload {
    fn blank() -> Self {
        Self::AgentPool(AgentPoolRecord::blank())
    }

    fn fill(&mut self, json: &Json<'_>) -> json::Result<()> {
        let fields = json.fields("the payload of a journal record")?;
        *self = match fields.get("type")? {
            JournalRecordKind::AgentPool => Self::AgentPool(value(json)?),
            JournalRecordKind::RunMessage => Self::RunMessage(value(json)?),
            JournalRecordKind::Wake => Self::Wake(value(json)?),
            _ => return Err(Fault::new(json, "a payload that no pool writes")),
        };
        Ok(())
    }
}

deserialize!(JournalRecordPayload);

impl JournalRecordPayload {
    /// The kind of record it is the payload of.
    pub const fn record_kind(&self) -> JournalRecordKind {
        match self {
            Self::AgentPool(_) => JournalRecordKind::AgentPool,
            Self::RunMessage(_) => JournalRecordKind::RunMessage,
            Self::Wake(_) => JournalRecordKind::Wake,
        }
    }
}

/// The members of a pool changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentPoolRecord {
    /// The pool.
    pub pool_id: AgentPoolId,
    /// The members after the change; before it, for `created` (REFERENCE 1).
    #[serde(skip_serializing_if = "is_empty")]
    pub member_run_ids: List<RunId>,
    /// The topics that the members listen to (DESIGN D9).
    #[serde(skip_serializing_if = "is_empty")]
    pub topics: List<TopicId>,
    /// The policies that a member must hold to be observable.
    #[serde(skip_serializing_if = "is_empty")]
    pub policy_refs: List<PolicyRef>,
    /// What changed.
    pub lifecycle_status: AgentPoolLifecycleStatus,
}

from_json!(AgentPoolRecord, "an agent pool record", {
    pool_id,
    member_run_ids = List::default(),
    topics = List::default(),
    policy_refs = List::default(),
    lifecycle_status,
});

wire_enum! {
    /// How the members of a pool changed.
    pub enum AgentPoolLifecycleStatus {
        /// The first member is about to join.
        Created = "created",
        /// A run joined.
        RunJoined = "run_joined",
        /// A run left.
        RunLeft = "run_left",
    }
}

impl AgentPoolLifecycleStatus {
    /// The kind of event that reports it.
    pub const fn event_kind(self) -> EventKind {
        match self {
            Self::Created => EventKind::AgentPoolCreated,
            Self::RunJoined => EventKind::AgentPoolRunJoined,
            Self::RunLeft => EventKind::AgentPoolRunLeft,
        }
    }

    /// The summary that events carry: the same for all three.
    pub const fn summary(self) -> &'static str {
        "agent pool membership updated"
    }
}

/// A message has a new status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunMessageRecord {
    /// The message.
    pub message_id: MessageId,
    /// The run that sends it.
    pub source_run_id: RunId,
    /// Who it is for.
    pub address_target: RunAddressTarget,
    /// The reference to its content.
    pub content_ref: ContentRef,
    /// The correlation keys and values.
    pub correlation: EventCorrelation,
    /// The message that it replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// The status of the message.
    pub delivery_status: MessageStatus,
    /// The runs that got the message.
    #[serde(skip_serializing_if = "is_empty")]
    pub delivered_to: List<RunId>,
    /// The policies that its receivers must hold.
    #[serde(skip_serializing_if = "is_empty")]
    pub policy_refs: List<PolicyRef>,
    /// The key by which a repeated send is recognised.
    pub idempotency_key: IdempotencyKey,
    /// The announcement of the delivery; only with `accepted`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect_intent: Option<EffectIntent>,
    /// The result of the delivery; with every other status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect_result: Option<EffectResult>,
}

from_json!(RunMessageRecord, "a run message record", {
    message_id,
    source_run_id,
    address_target,
    content_ref,
    correlation,
    reply_to = None,
    delivery_status,
    delivered_to = List::default(),
    policy_refs = List::default(),
    idempotency_key,
    effect_intent = None,
    effect_result = None,
});

/// A wake condition has a new status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WakeRecord {
    /// The condition.
    pub condition_id: WakeConditionId,
    /// The run that waits.
    pub run_id: RunId,
    /// The fingerprint of its compiled filter.
    pub event_filter_fingerprint: EventFilterFingerprint,
    /// The timeout: after how many milliseconds the run waits no longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_millis: Option<u64>,
    /// What the run wants to receive when it resumes.
    pub resume_policy: ResumeInputPolicy,
    /// The status.
    pub trigger_status: WakeRegistrationStatus,
    /// The policies that apply.
    #[serde(skip_serializing_if = "is_empty")]
    pub policy_refs: List<PolicyRef>,
    /// The key by which a repeated call is recognised.
    pub idempotency_key: IdempotencyKey,
    /// The event that woke the run; no other place names it (REFERENCE 27).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched_event_id: Option<EventId>,
}

from_json!(WakeRecord, "a wake record", {
    condition_id,
    run_id,
    event_filter_fingerprint,
    timeout_millis = None,
    resume_policy,
    trigger_status,
    policy_refs = List::default(),
    idempotency_key,
    matched_event_id = None,
});
