//! Ids and events for the tests of this crate.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::{
    AgentEvent, AgentPoolLifecycleStatus, AgentPoolMember, ContentCaptureMode,
    EVENT_SCHEMA_VERSION, EventCorrelation, EventDeliverySemantics, EventEnvelope, EventFamily,
    EventFrame, EventKind, EventStamp, EventStreamScope, MembershipTransition, PoolEvent,
    Transition,
};
use crate::domain::{ClockReading, EntityRef, List, PrivacyClass, SourceKind, SourceRef};

/// The id of whatever type with that text.
pub(crate) fn id<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(text.into()).unwrap()
}

/// An event of run `r1` and agent `ag1`, without optional fields, at place `event_seq` of its bus.
pub(crate) fn frame(event_kind: EventKind, event_seq: u64) -> EventFrame {
    let run_id = id("r1");
    let envelope = EventEnvelope {
        schema_version: EVENT_SCHEMA_VERSION,
        event_id: id(&format!("e{event_seq}")),
        event_seq,
        event_family: EventFamily::Run,
        event_kind,
        payload_schema_version: 1,
        timestamp: "1970-01-01T00:00:00Z".into(),
        recorded_at: "1970-01-01T00:00:00Z".into(),
        subject_ref: EntityRef::run(&run_id),
        run_id,
        agent_id: id("ag1"),
        turn_id: None,
        attempt_id: None,
        message_id: None,
        context_item_id: None,
        trace_id: id("trace"),
        span_id: id("span"),
        parent_event_id: None,
        caused_by: None,
        related_refs: List::default(),
        causal_refs: Vec::new(),
        correlation: EventCorrelation::default(),
        tags: List::default(),
        source: SourceRef::new(SourceKind::Host, id("source")),
        destination: None,
        policy_refs: List::default(),
        journal_cursor: None,
        state_before: None,
        state_after: None,
        delivery_semantics: EventDeliverySemantics::JournalBacked,
        privacy: PrivacyClass::ContentRefsOnly,
        content_capture: ContentCaptureMode::Off,
        redaction_policy_id: "redaction.test".into(),
        runtime_package_fingerprint: "fingerprint.test".into(),
    };
    EventFrame::new(
        AgentEvent::with_redacted_summary(envelope, "an event"),
        EventStreamScope::All,
    )
}

/// The pool's event with that number: run `r1` of agent `ag1` changed the members.
pub(crate) fn event(status: AgentPoolLifecycleStatus, event_number: u64) -> PoolEvent {
    let member = AgentPoolMember::new(id("r1"), id("ag1"));
    let transition = Transition::Membership(MembershipTransition {
        member_run_ids: [member.run_id.clone()].into(),
        member: Arc::new(member),
        status,
        topics: List::default(),
        policy_refs: List::default(),
    });
    let stamp = EventStamp {
        pool_id: id("pool.x"),
        event_number,
        clock: ClockReading::Logical,
    };
    let cursor = id(&format!("journal.{event_number}"));
    PoolEvent::new(transition, stamp, cursor)
}
