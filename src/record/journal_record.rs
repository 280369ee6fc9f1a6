//! Journal records: what is written down before it is published.

use serde::Serialize;

use super::{EventTag, JournalRecordKind, JournalRecordPayload, is_empty};
use crate::domain::{
    AgentId, AttemptId, ContentRef, CorrelationEntry, DedupeKey, DestinationRef, EntityRef,
    IdempotencyKey, List, PrivacyClass, RunId, SourceRef, Text, TurnId,
};
use crate::json::from_json;

/// The version of the record that this crate writes.
pub const JOURNAL_SCHEMA_VERSION: u16 = 1;

/// One transition, as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JournalRecord {
    /// The version of the record; see [`JOURNAL_SCHEMA_VERSION`].
    pub journal_schema_version: u16,
    /// The record's number among the records of its handle, from 1 (DESIGN D6). If the journal does not take a record,
    /// its number is used again, unless a later record was already under way: then the number stays unused.
    pub journal_seq: u64,
    /// The id of the record.
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
    /// The entity that it is about.
    pub subject_ref: EntityRef,
    /// The entities that it is related to.
    #[serde(skip_serializing_if = "is_empty")]
    pub related_refs: List<EntityRef>,
    /// References to what led to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causal_refs: Vec<Text>,
    /// Where it comes from.
    pub source: SourceRef,
    /// Where it goes: the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<DestinationRef>,
    /// The correlation keys and values (DESIGN D12).
    #[serde(skip_serializing_if = "is_empty")]
    pub correlation_keys: List<CorrelationEntry>,
    /// Tags to find it by.
    #[serde(skip_serializing_if = "is_empty")]
    pub tags: List<EventTag>,
    /// How its event is delivered, as a text; see [`EventDeliverySemantics`](super::EventDeliverySemantics).
    pub delivery_semantics: Text,
    /// The fields of its event that filters select on.
    pub event_index: EventIndexProjection,
    /// The time of the operation, in Unix milliseconds; with a logical clock, the record's number (REFERENCE 39).
    pub timestamp_millis: u64,
    /// The fingerprint of what the run was built from; free text, not checked.
    pub runtime_package_fingerprint: Text,
    /// How openly it may be shown.
    pub privacy: PrivacyClass,
    /// The content concerned.
    #[serde(skip_serializing_if = "is_empty")]
    pub content_refs: List<ContentRef>,
    /// The policy by which it was redacted; free text, not checked.
    pub redaction_policy_id: Text,
    /// The key by which a repeated call is recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
    /// The key by which a repeated effect is recognised.
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

/// The fields of a record's event that filters select on. Kinds are texts here (REFERENCE 46).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventIndexProjection {
    /// The run that the event belongs to.
    pub run_id: RunId,
    /// The agent that the event belongs to.
    pub agent_id: AgentId,
    /// The turn that the event belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn_id: Option<TurnId>,
    /// What it is about; see [`EventFamily`](super::EventFamily).
    pub event_family: Text,
    /// The exact kind of the event; see [`EventKind`](super::EventKind).
    pub event_kind: Text,
    /// Where it comes from.
    pub source: SourceRef,
    /// Where it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<DestinationRef>,
    /// The entity that it is about.
    pub subject_ref: EntityRef,
    /// The entities that it is related to.
    #[serde(skip_serializing_if = "is_empty")]
    pub related_refs: List<EntityRef>,
    /// The correlation keys and values (DESIGN D12).
    #[serde(skip_serializing_if = "is_empty")]
    pub correlation_keys: List<CorrelationEntry>,
    /// Tags to find it by.
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
