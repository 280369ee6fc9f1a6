//! Ids, members, messages, conditions and events, short to write.

use agent_pool::{
    domain::{
        AgentId, AgentPoolId, ContentRef, EntityRef, EventId, IdempotencyKey, MessageId,
        PrivacyClass, RunId, SourceId, SourceKind, SourceRef, SpanId, TraceId, WakeConditionId,
    },
    pool::{AgentPoolMember, RunAddress, RunMessage, WakeCondition},
    record::{
        AgentEvent, ContentCaptureMode, EVENT_SCHEMA_VERSION, EventCorrelation,
        EventDeliverySemantics, EventEnvelope, EventFamily, EventFilter, EventFrame, EventKind,
        EventStreamScope,
    },
};
use serde::de::DeserializeOwned;

/// Any kind of id.
pub fn id<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(text.into()).expect("a valid id")
}

pub fn run(text: &str) -> RunId {
    id(text)
}

pub fn condition(text: &str) -> WakeConditionId {
    id(text)
}

pub fn pool_id() -> AgentPoolId {
    id("pool.x")
}

pub fn member(run_id: &str, agent_id: &str) -> AgentPoolMember {
    AgentPoolMember::new(id(run_id), id(agent_id))
}

pub fn to_run(run_id: &str) -> RunAddress {
    RunAddress::run(id(run_id))
}

pub fn to_agent(agent_id: &str) -> RunAddress {
    RunAddress::agent(id(agent_id))
}

pub fn to_topic(topic_id: &str) -> RunAddress {
    RunAddress::topic(id(topic_id))
}

pub fn to_pool() -> RunAddress {
    RunAddress::pool(pool_id())
}

/// A message, whose key and content are named after it.
pub fn message(message_id: &str, from: &str, to: RunAddress) -> RunMessage {
    RunMessage::new(
        id(message_id),
        id(from),
        to,
        id::<ContentRef>(&format!("content.{message_id}")),
        key_of(message_id),
    )
}

/// The key of the message or condition with that id.
pub fn key_of(name: &str) -> IdempotencyKey {
    id(&format!("key.{name}"))
}

/// A condition, whose key is named after it.
pub fn wake(condition_id: &str, run_id: &str, filter: EventFilter) -> WakeCondition {
    WakeCondition::new(id(condition_id), id(run_id), filter, key_of(condition_id))
}

/// Events of that kind.
pub fn on(kind: EventKind) -> EventFilter {
    EventFilter::kinds([kind])
}

/// Events of that kind and of that run.
pub fn on_run(kind: EventKind, run_id: &str) -> EventFilter {
    EventFilter {
        kinds: [kind].into_iter().collect(),
        ..EventFilter::run(id(run_id))
    }
}

/// An event of the host's own, of agent `agent.host`.
pub fn host_event(event_id: &str, run_id: &str, kind: EventKind) -> EventFrame {
    let run_id = run(run_id);
    let envelope = EventEnvelope {
        schema_version: EVENT_SCHEMA_VERSION,
        event_id: id::<EventId>(event_id),
        event_seq: 0,
        event_family: EventFamily::Tool,
        event_kind: kind,
        payload_schema_version: 1,
        timestamp: "1970-01-01T00:00:00Z".into(),
        recorded_at: "1970-01-01T00:00:00Z".into(),
        subject_ref: EntityRef::run(&run_id),
        run_id,
        agent_id: id::<AgentId>("agent.host"),
        turn_id: None,
        attempt_id: None,
        message_id: None::<MessageId>,
        context_item_id: None,
        trace_id: id::<TraceId>("trace.host"),
        span_id: id::<SpanId>("span.host"),
        parent_event_id: None,
        caused_by: None,
        related_refs: Default::default(),
        causal_refs: Vec::new(),
        correlation: EventCorrelation::default(),
        tags: Default::default(),
        source: SourceRef::new(SourceKind::Host, id::<SourceId>("source.host")),
        destination: None,
        policy_refs: Default::default(),
        journal_cursor: None,
        state_before: None,
        state_after: None,
        delivery_semantics: EventDeliverySemantics::BestEffortLive,
        privacy: PrivacyClass::ContentRefsOnly,
        content_capture: ContentCaptureMode::Off,
        redaction_policy_id: "redaction.host".into(),
        runtime_package_fingerprint: "fingerprint.host".into(),
    };
    EventFrame::new(
        AgentEvent::with_redacted_summary(envelope, "host event"),
        EventStreamScope::All,
    )
}
