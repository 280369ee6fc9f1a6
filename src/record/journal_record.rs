//! Journal records: what is written down before anyone hears of it.

use serde::Serialize;

use super::{EventTag, JournalRecordPayload, is_empty};
use crate::domain::{
    AgentId, AttemptId, ContentRef, CorrelationEntry, DedupeKey, DestinationRef, EntityRef,
    IdempotencyKey, List, PrivacyClass, RunId, SourceRef, Text, TurnId, wire_enum,
};
use crate::json::from_json;

/// The version of the record that this crate writes.
pub const JOURNAL_SCHEMA_VERSION: u16 = 1;

wire_enum! {
    /// What a journal record is about. The pool itself writes `agent_pool`, `run_message` and `wake`.
    pub enum JournalRecordKind {
        /// A run as a whole.
        Run = "run",
        /// A turn of a run.
        Turn = "turn",
        /// The context of a run.
        Context = "context",
        /// A message within a run.
        Message = "message",
        /// A call of a model.
        ModelAttempt = "model_attempt",
        /// Structured output.
        StructuredOutput = "structured_output",
        /// A rule on a stream.
        StreamRule = "stream_rule",
        /// A realtime session.
        RealtimeSession = "realtime_session",
        /// A hook.
        Hook = "hook",
        /// A request for approval.
        Approval = "approval",
        /// A call of a tool.
        Tool = "tool",
        /// An isolated environment.
        Isolation = "isolation",
        /// The life of a child of a run.
        ChildLifecycle = "child_lifecycle",
        /// The members of a pool.
        AgentPool = "agent_pool",
        /// A message from one run to others.
        RunMessage = "run_message",
        /// A wake condition.
        Wake = "wake",
        /// The dispatch of output.
        OutputDispatch = "output_dispatch",
        /// A subagent.
        Subagent = "subagent",
        /// An action of an extension.
        ExtensionAction = "extension_action",
        /// Telemetry.
        Telemetry = "telemetry",
        /// Recovery.
        Recovery = "recovery",
        /// A checkpoint.
        Checkpoint = "checkpoint",
        /// The announcement of an effect.
        EffectIntent = "effect_intent",
        /// The outcome of an effect.
        EffectResult = "effect_result",
    }
}

/// One transition, as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JournalRecord {
    /// The version of the record; see [`JOURNAL_SCHEMA_VERSION`].
    pub journal_schema_version: u16,
    /// The record's number among those of its handle, from 1 (DESIGN D6). The number of one that the journal did not
    /// take is used again, unless a later one was on its way already: then it stays unused.
    pub journal_seq: u64,
    /// Names the record.
    pub record_id: Text,
    /// What it is about.
    pub record_kind: JournalRecordKind,
    /// The run whose journal it belongs to.
    pub run_id: RunId,
    /// The agent of that run.
    pub agent_id: AgentId,
    /// The turn it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn_id: Option<TurnId>,
    /// The attempt it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt_id: Option<AttemptId>,
    /// The thing it is about.
    pub subject_ref: EntityRef,
    /// What it is related to.
    #[serde(skip_serializing_if = "is_empty")]
    pub related_refs: List<EntityRef>,
    /// What led to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causal_refs: Vec<Text>,
    /// Where it comes from.
    pub source: SourceRef,
    /// Where it goes: the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<DestinationRef>,
    /// What it belongs together with (DESIGN D12).
    #[serde(skip_serializing_if = "is_empty")]
    pub correlation_keys: List<CorrelationEntry>,
    /// Words to find it by.
    #[serde(skip_serializing_if = "is_empty")]
    pub tags: List<EventTag>,
    /// How its event is delivered, as a text; see [`EventDeliverySemantics`](super::EventDeliverySemantics).
    pub delivery_semantics: Text,
    /// Its event, as far as filters select on it.
    pub event_index: EventIndexProjection,
    /// When it was written, in Unix milliseconds.
    pub timestamp_millis: u64,
    /// What its run was built from; free text, not checked.
    pub runtime_package_fingerprint: Text,
    /// How openly it may be shown.
    pub privacy: PrivacyClass,
    /// The content concerned.
    #[serde(skip_serializing_if = "is_empty")]
    pub content_refs: List<ContentRef>,
    /// The policy by which it was redacted; free text, not checked.
    pub redaction_policy_id: Text,
    /// Recognises a repeated call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
    /// Recognises a repeated effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dedupe_key: Option<DedupeKey>,
    /// The checkpoint it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint_ref: Option<Text>,
    /// The transition itself.
    pub payload: JournalRecordPayload,
}

from_json!(JournalRecord, "a journal record", {
    journal_schema_version,
    journal_seq,
    record_id,
    record_kind,
    run_id,
    agent_id,
    turn_id = None,
    attempt_id = None,
    subject_ref,
    related_refs = List::default(),
    causal_refs = Vec::new(),
    source,
    destination = None,
    correlation_keys = List::default(),
    tags = List::default(),
    delivery_semantics,
    event_index,
    timestamp_millis,
    runtime_package_fingerprint,
    privacy,
    content_refs = List::default(),
    redaction_policy_id,
    idempotency_key = None,
    dedupe_key = None,
    checkpoint_ref = None,
    payload,
});

/// The event of a record, as far as filters select on it. Kinds are texts here (REFERENCE 46).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventIndexProjection {
    /// The run it is of.
    pub run_id: RunId,
    /// The agent it is of.
    pub agent_id: AgentId,
    /// The turn it is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn_id: Option<TurnId>,
    /// What it is about; see [`EventFamily`](super::EventFamily).
    pub event_family: Text,
    /// What exactly happened; see [`EventKind`](super::EventKind).
    pub event_kind: Text,
    /// Where it comes from.
    pub source: SourceRef,
    /// Where it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<DestinationRef>,
    /// The thing it is about.
    pub subject_ref: EntityRef,
    /// What it is related to.
    #[serde(skip_serializing_if = "is_empty")]
    pub related_refs: List<EntityRef>,
    /// What it belongs together with (DESIGN D12).
    #[serde(skip_serializing_if = "is_empty")]
    pub correlation_keys: List<CorrelationEntry>,
    /// Words to find it by.
    #[serde(skip_serializing_if = "is_empty")]
    pub tags: List<EventTag>,
    /// How openly it may be shown.
    pub privacy_class: PrivacyClass,
    /// How it is delivered; see [`EventDeliverySemantics`](super::EventDeliverySemantics).
    pub delivery_semantics: Text,
}

from_json!(EventIndexProjection, "an event index projection", {
    run_id,
    agent_id,
    turn_id = None,
    event_family,
    event_kind,
    source,
    destination = None,
    subject_ref,
    related_refs = List::default(),
    correlation_keys = List::default(),
    tags = List::default(),
    privacy_class,
    delivery_semantics,
});
