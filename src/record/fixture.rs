//! Events for the tests of this crate.

use std::sync::Arc;

use super::{
    AgentEvent, AgentPoolLifecycleStatus, AgentPoolMember, ContentCaptureMode,
    EVENT_SCHEMA_VERSION, EventCorrelation, EventDeliverySemantics, EventEnvelope, EventFamily,
    EventFrame, EventKind, EventStamp, EventStreamScope, MembershipTransition, PoolEvent,
    Transition,
};
use crate::domain::{
    AgentId, AgentPoolId, ClockReading, EntityRef, EventId, JournalCursor, List, PrivacyClass,
    RunId, SourceId, SourceKind, SourceRef, SpanId, TraceId,
};

/// An event of run `r1` and agent `ag1`, without optional fields, at place `event_seq` of its bus.
pub(crate) fn frame(event_kind: EventKind, event_seq: u64) -> EventFrame {
    let run_id = RunId::new("r1").unwrap();
    let envelope = EventEnvelope {
        schema_version: EVENT_SCHEMA_VERSION,
        event_id: EventId::new(format!("e{event_seq}")).unwrap(),
        event_seq,
        event_family: EventFamily::Run,
        event_kind,
        payload_schema_version: 1,
        timestamp: "1970-01-01T00:00:00Z".into(),
        recorded_at: "1970-01-01T00:00:00Z".into(),
        subject_ref: EntityRef::run(&run_id),
        run_id,
        agent_id: AgentId::new("ag1").unwrap(),
        turn_id: None,
        attempt_id: None,
        message_id: None,
        context_item_id: None,
        trace_id: TraceId::new("trace").unwrap(),
        span_id: SpanId::new("span").unwrap(),
        parent_event_id: None,
        caused_by: None,
        related_refs: List::default(),
        causal_refs: Vec::new(),
        correlation: EventCorrelation::default(),
        tags: List::default(),
        source: SourceRef::new(SourceKind::Host, SourceId::new("source").unwrap()),
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
    let member = AgentPoolMember::new(RunId::new("r1").unwrap(), AgentId::new("ag1").unwrap());
    let transition = Transition::Membership(MembershipTransition {
        member_run_ids: [member.run_id.clone()].into(),
        member: Arc::new(member),
        status,
        topics: List::default(),
        policy_refs: List::default(),
    });
    let stamp = EventStamp {
        pool_id: AgentPoolId::new("pool.x").unwrap(),
        event_number,
        clock: ClockReading::Logical,
    };
    let cursor = JournalCursor::new(format!("journal.{event_number}")).unwrap();
    PoolEvent::new(transition, stamp, cursor)
}
