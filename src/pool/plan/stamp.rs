//! What numbers and times a transition bears.

use crate::domain::{AgentPoolId, ClockReading, EventId, SpanId, Text, TraceId};

/// The numbers and times of one transition.
pub(crate) struct Stamp<'a> {
    pub(crate) pool_id: &'a AgentPoolId,
    /// The record's number in the handle's journal, from 1 (REFERENCE 40, D6).
    pub(crate) journal_seq: u64,
    /// The event's number in the pool, from 1.
    pub(crate) event_number: u64,
    pub(crate) clock: ClockReading,
}

impl Stamp<'_> {
    pub(crate) fn event_id(&self) -> EventId {
        event_id(self.pool_id, self.event_number)
    }

    pub(crate) fn span_id(&self) -> SpanId {
        let suffix = format!(".{}", self.event_number);
        SpanId::derived("span.agent_pool.", self.pool_id.as_str(), &suffix)
    }

    pub(crate) fn trace_id(&self) -> TraceId {
        TraceId::derived("trace.agent_pool.", self.pool_id.as_str(), "")
    }

    pub(crate) fn record_id(&self) -> Text {
        format!("journal.record.agent_pool.{}", self.journal_seq).into()
    }

    pub(crate) fn record_millis(&self) -> u64 {
        self.clock.record_millis(self.journal_seq)
    }

    pub(crate) fn event_millis(&self) -> u64 {
        self.clock.event_millis(self.event_number)
    }
}

/// The id of a pool's n-th event.
pub(crate) fn event_id(pool_id: &AgentPoolId, event_number: u64) -> EventId {
    let suffix = format!(".{event_number}");
    EventId::derived("event.agent_pool.", pool_id.as_str(), &suffix)
}

/// The number of the event that goes with a store record. Every record but the first, which says that
/// the pool was opened, has an event, so an event's number is one less than its record's.
pub(crate) fn event_number_of_record(store_sequence: u64) -> u64 {
    store_sequence.saturating_sub(1)
}
