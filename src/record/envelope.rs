//! The envelope of an event: everything about it but its payload.

use std::sync::Arc;

use serde::Serialize;

use super::{EventFamily, EventKind, is_empty};
use crate::domain::{
    AgentId, AttemptId, ContextItemId, CorrelationEntry, DestinationRef, EntityRef, EventId, Id,
    JournalCursor, List, MessageId, PolicyRef, PrivacyClass, RunId, SourceRef, SpanId, Text,
    TraceId, TurnId, wire_enum,
};
use crate::json::{self, FromJson, Json, deserialize, from_json};

/// The version of the envelope that this crate writes.
pub const EVENT_SCHEMA_VERSION: u16 = 1;

/// Everything about an event but its payload: what filters match on.
///
/// On input `correlation` may be missing: it is then empty (DESIGN D14).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventEnvelope {
    /// The version of the envelope; see [`EVENT_SCHEMA_VERSION`].
    pub schema_version: u16,
    /// The id of the event.
    pub event_id: EventId,
    /// The event's place on its bus, from 1; the bus assigns it (REFERENCE 35).
    pub event_seq: u64,
    /// What the event is about.
    pub event_family: EventFamily,
    /// The exact kind of the event.
    pub event_kind: EventKind,
    /// The version of the payload.
    pub payload_schema_version: u16,
    /// When it happened, in RFC 3339.
    pub timestamp: Text,
    /// When it was recorded, in RFC 3339; the same as `timestamp` in the pool's own events.
    pub recorded_at: Text,
    /// The run that the event belongs to; for a message, the sender's run (REFERENCE 17).
    pub run_id: RunId,
    /// The agent that the event belongs to.
    pub agent_id: AgentId,
    /// The turn that the event belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn_id: Option<TurnId>,
    /// The attempt that the event belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt_id: Option<AttemptId>,
    /// The message that the event is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// The context item that the event is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_item_id: Option<ContextItemId>,
    /// The trace it belongs to.
    pub trace_id: TraceId,
    /// The span it belongs to.
    pub span_id: SpanId,
    /// The event that this event is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_event_id: Option<EventId>,
    /// What caused the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caused_by: Option<Box<CausalRef>>,
    /// What it is about.
    pub subject_ref: EntityRef,
    /// The entities that it is related to.
    #[serde(skip_serializing_if = "is_empty")]
    pub related_refs: List<EntityRef>,
    /// Everything that led to the event.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causal_refs: Vec<CausalRef>,
    /// The correlation keys and values.
    pub correlation: EventCorrelation,
    /// Tags to find it by.
    #[serde(skip_serializing_if = "is_empty")]
    pub tags: List<EventTag>,
    /// Where it comes from.
    pub source: SourceRef,
    /// Where it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<DestinationRef>,
    /// The policies that apply.
    #[serde(skip_serializing_if = "is_empty")]
    pub policy_refs: List<PolicyRef>,
    /// The cursor of its record in the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_cursor: Option<JournalCursor>,
    /// The state before, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_before: Option<Text>,
    /// The state after, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_after: Option<Text>,
    /// How it was delivered.
    pub delivery_semantics: EventDeliverySemantics,
    /// How openly it may be shown.
    pub privacy: PrivacyClass,
    /// How much content was captured with it.
    pub content_capture: ContentCaptureMode,
    /// The policy by which it was redacted; free text, not checked.
    pub redaction_policy_id: Text,
    /// The fingerprint of what the run was built from; free text, not checked.
    pub runtime_package_fingerprint: Text,
}

from_json!(EventEnvelope, "an event envelope", {
    schema_version,
    event_id,
    event_seq,
    event_family,
    event_kind,
    payload_schema_version,
    timestamp,
    recorded_at,
    run_id,
    agent_id,
    turn_id = None,
    attempt_id = None,
    message_id = None,
    context_item_id = None,
    trace_id,
    span_id,
    parent_event_id = None,
    caused_by = None,
    subject_ref,
    related_refs = List::default(),
    causal_refs = Vec::new(),
    correlation = EventCorrelation::default(),
    tags = List::default(),
    source,
    destination = None,
    policy_refs = List::default(),
    journal_cursor = None,
    state_before = None,
    state_after = None,
    delivery_semantics,
    privacy,
    content_capture,
    redaction_policy_id,
    runtime_package_fingerprint,
});

/// A reference to something that led to an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CausalRef {
    /// The event that led to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
    /// The entity that the event was about.
    pub subject_ref: EntityRef,
    /// How that event led to this one, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

from_json!(CausalRef, "a causal ref", {
    event_id = None,
    subject_ref,
    reason = None,
});

/// The correlation of messages and events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct EventCorrelation {
    /// Keys and values, in the order given.
    #[serde(skip_serializing_if = "is_empty")]
    pub entries: List<CorrelationEntry>,
}

from_json!(EventCorrelation, "an event correlation", {
    entries = List::default(),
});

/// A word to find events and records by; free text, not checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct EventTag(Text);

impl EventTag {
    /// The tag of everything that a pool records.
    pub const FEATURE: Self = Self::from_static("feature:agent_pool");

    /// A tag of any text.
    pub fn new(text: impl Into<Text>) -> Self {
        Self(text.into())
    }

    /// A tag of a constant text.
    pub const fn from_static(text: &'static str) -> Self {
        Self(Text::Borrowed(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for EventTag {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Id for EventTag {
    fn as_text(&self) -> &str {
        &self.0
    }

    fn to_text(&self) -> Arc<str> {
        self.as_str().into()
    }
}

impl FromJson for EventTag {
    fn blank() -> Self {
        Self(Text::blank())
    }

    fn fill(&mut self, json: &Json<'_>) -> json::Result<()> {
        self.0.fill(json)
    }
}

deserialize!(EventTag);

wire_enum! {
    /// How an event was delivered.
    pub enum EventDeliverySemantics {
        /// While it happened, to whoever listened.
        BestEffortLive = "best_effort_live",
        /// After its record was in the journal. All of the pool's events are.
        JournalBacked = "journal_backed",
        /// Derived again from the journal.
        DerivedReplay = "derived_replay",
        /// For diagnosis only.
        DiagnosticOnly = "diagnostic_only",
    }
}

wire_enum! {
    /// How much content was captured with an event.
    pub enum ContentCaptureMode {
        /// None. All of the pool's events are.
        Off = "off",
        /// Data about it.
        MetadataOnly = "metadata_only",
        /// A summary that may be shown in public.
        RedactedSummary = "redacted_summary",
        /// References to the payload.
        PayloadRefs = "payload_refs",
        /// All of it.
        RawContent = "raw_content",
    }
}
