//! What a journal record of the pool says.

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
use crate::json::{Fault, FromJson, Json, Reading, deserialize, from_json, value};

/// What a journal record of the pool says. The reference knows 20 more, which the pool never writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum JournalRecordPayload {
    /// The members changed.
    AgentPool(AgentPoolRecord),
    /// A message has a new status.
    RunMessage(Box<RunMessageRecord>),
    /// A wake condition stands otherwise.
    Wake(WakeRecord),
}

impl FromJson for JournalRecordPayload {
    fn blank() -> Self {
        Self::AgentPool(AgentPoolRecord::blank())
    }

    fn fill(&mut self, json: &Json<'_>) -> Reading<()> {
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
    /// The topics they listen to (DESIGN D9).
    #[serde(skip_serializing_if = "is_empty")]
    pub topics: List<TopicId>,
    /// What a member must hold to be observable.
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
    /// The kind of event that tells it.
    pub const fn event_kind(self) -> EventKind {
        match self {
            Self::Created => EventKind::AgentPoolCreated,
            Self::RunJoined => EventKind::AgentPoolRunJoined,
            Self::RunLeft => EventKind::AgentPoolRunLeft,
        }
    }

    /// The sentence that events say it with: the same for all three.
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
    /// Where its content is.
    pub content_ref: ContentRef,
    /// What it belongs together with.
    pub correlation: EventCorrelation,
    /// The message it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// What became of it.
    pub delivery_status: MessageStatus,
    /// Who got it.
    #[serde(skip_serializing_if = "is_empty")]
    pub delivered_to: List<RunId>,
    /// What it asks of its receivers.
    #[serde(skip_serializing_if = "is_empty")]
    pub policy_refs: List<PolicyRef>,
    /// Recognises a repeated send.
    pub idempotency_key: IdempotencyKey,
    /// Announces the delivery; only with `accepted`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect_intent: Option<EffectIntent>,
    /// Tells what came of the delivery; with every other status.
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

/// A wake condition stands otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WakeRecord {
    /// The condition.
    pub condition_id: WakeConditionId,
    /// The run that waits.
    pub run_id: RunId,
    /// What its compiled filter says, digested.
    pub event_filter_fingerprint: EventFilterFingerprint,
    /// After how many milliseconds it waits no longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_millis: Option<u64>,
    /// What the run wants to be told when it resumes.
    pub resume_policy: ResumeInputPolicy,
    /// How it stands.
    pub trigger_status: WakeRegistrationStatus,
    /// The policies that apply.
    #[serde(skip_serializing_if = "is_empty")]
    pub policy_refs: List<PolicyRef>,
    /// Recognises a repeated call.
    pub idempotency_key: IdempotencyKey,
    /// The event that woke the run; told nowhere else (REFERENCE 27).
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
