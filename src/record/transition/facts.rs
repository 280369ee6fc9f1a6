//! What the journal record and the event of a transition have in common, written down once.

use super::constants::{
    CONSTANTS, DELIVERY_SEMANTICS, REDACTION_POLICY_ID, RUNTIME_PACKAGE_FINGERPRINT,
};
use super::stamp::{EventStamp, RecordStamp};
use crate::domain::{
    AgentId, ContentRef, DestinationKind, DestinationRef, EntityRef, IdempotencyKey, JournalCursor,
    List, MessageId, PolicyRef, PrivacyClass, RunId, SourceRef,
};
use crate::record::{
    AgentEvent, ContentCaptureMode, EVENT_SCHEMA_VERSION, EventCorrelation, EventDeliverySemantics,
    EventEnvelope, EventFamily, EventFrame, EventIndexProjection, EventKind, EventStreamScope,
    JOURNAL_SCHEMA_VERSION, JournalRecord, JournalRecordPayload, rfc3339,
};

/// The facts of a transition.
pub(super) struct Facts<'a> {
    pub(super) run_id: &'a RunId,
    pub(super) agent_id: &'a AgentId,
    pub(super) event_kind: EventKind,
    pub(super) subject_ref: EntityRef,
    pub(super) summary: &'static str,
    pub(super) message_id: Option<MessageId>,
    pub(super) related_refs: List<EntityRef>,
    /// The event's related refs, if they are not those of the record.
    pub(super) event_related_refs: Option<List<EntityRef>>,
    /// The event's destination; `None` stands for the agent that executes the run (REFERENCE 29).
    pub(super) destination: Option<DestinationRef>,
    /// The event's policy refs; a record has none (REFERENCE 46).
    pub(super) policy_refs: List<PolicyRef>,
    pub(super) correlation: EventCorrelation,
    pub(super) content_refs: List<ContentRef>,
    pub(super) idempotency_key: Option<IdempotencyKey>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(
        run_id: &'a RunId,
        agent_id: &'a AgentId,
        event_kind: EventKind,
        subject_ref: EntityRef,
        summary: &'static str,
    ) -> Self {
        Self {
            run_id,
            agent_id,
            event_kind,
            subject_ref,
            summary,
            message_id: None,
            related_refs: List::default(),
            event_related_refs: None,
            destination: None,
            policy_refs: List::default(),
            correlation: EventCorrelation::default(),
            content_refs: List::default(),
            idempotency_key: None,
        }
    }

    /// The pool, as the source of everything that it records.
    pub(super) fn source() -> SourceRef {
        CONSTANTS.source.clone()
    }

    /// The frame of the event. `journal_cursor` is the cursor of its record, once the journal has the record.
    pub(super) fn frame(
        self,
        stamp: &EventStamp,
        journal_cursor: Option<JournalCursor>,
    ) -> EventFrame {
        let time = rfc3339(stamp.millis());
        let destination = self.destination;
        let related_refs = self.event_related_refs.unwrap_or(self.related_refs);
        let envelope = EventEnvelope {
            schema_version: EVENT_SCHEMA_VERSION,
            event_id: stamp.event_id(),
            // The bus numbers the events (REFERENCE 35).
            event_seq: 0,
            event_family: EventFamily::AgentPool,
            event_kind: self.event_kind,
            payload_schema_version: 1,
            timestamp: time.clone().into(),
            recorded_at: time.into(),
            run_id: self.run_id.clone(),
            agent_id: self.agent_id.clone(),
            turn_id: None,
            attempt_id: None,
            message_id: self.message_id,
            context_item_id: None,
            trace_id: stamp.trace_id(),
            span_id: stamp.span_id(),
            parent_event_id: None,
            caused_by: None,
            subject_ref: self.subject_ref,
            related_refs,
            causal_refs: Vec::new(),
            correlation: self.correlation,
            tags: CONSTANTS.tags.clone(),
            source: Self::source(),
            destination: Some(
                destination
                    .unwrap_or_else(|| DestinationRef::new(DestinationKind::Agent, self.run_id)),
            ),
            policy_refs: self.policy_refs,
            journal_cursor,
            state_before: None,
            state_after: None,
            delivery_semantics: EventDeliverySemantics::JournalBacked,
            privacy: PrivacyClass::ContentRefsOnly,
            content_capture: ContentCaptureMode::Off,
            redaction_policy_id: REDACTION_POLICY_ID,
            runtime_package_fingerprint: RUNTIME_PACKAGE_FINGERPRINT,
        };
        let event = AgentEvent::with_redacted_summary(envelope, self.summary);
        EventFrame::new(event, EventStreamScope::All)
    }

    /// The journal record.
    pub(super) fn record(
        self,
        stamp: &RecordStamp,
        payload: JournalRecordPayload,
    ) -> JournalRecord {
        // Correlation is in the record's keys as well, so that filters on it match (DESIGN D12).
        let correlation_keys = self.correlation.entries;
        JournalRecord {
            journal_schema_version: JOURNAL_SCHEMA_VERSION,
            journal_seq: stamp.journal_seq,
            record_id: stamp.record_id(),
            record_kind: payload.record_kind(),
            run_id: self.run_id.clone(),
            agent_id: self.agent_id.clone(),
            turn_id: None,
            attempt_id: None,
            subject_ref: self.subject_ref.clone(),
            related_refs: self.related_refs.clone(),
            causal_refs: Vec::new(),
            source: Self::source(),
            destination: Some(CONSTANTS.journal.clone()),
            correlation_keys: correlation_keys.clone(),
            tags: CONSTANTS.tags.clone(),
            delivery_semantics: DELIVERY_SEMANTICS,
            event_index: EventIndexProjection {
                run_id: self.run_id.clone(),
                agent_id: self.agent_id.clone(),
                turn_id: None,
                event_family: EventFamily::AgentPool.as_str().into(),
                event_kind: self.event_kind.as_str().into(),
                source: Self::source(),
                destination: Some(CONSTANTS.event_stream.clone()),
                subject_ref: self.subject_ref,
                related_refs: self.related_refs,
                correlation_keys,
                tags: CONSTANTS.tags.clone(),
                privacy_class: PrivacyClass::ContentRefsOnly,
                delivery_semantics: DELIVERY_SEMANTICS,
            },
            timestamp_millis: stamp.millis(),
            runtime_package_fingerprint: RUNTIME_PACKAGE_FINGERPRINT,
            privacy: PrivacyClass::ContentRefsOnly,
            content_refs: self.content_refs,
            redaction_policy_id: REDACTION_POLICY_ID,
            idempotency_key: self.idempotency_key,
            dedupe_key: None,
            checkpoint_ref: None,
            payload,
        }
    }
}
