//! The numbers and times of a transition's record and event.

use crate::domain::{AgentPoolId, ClockReading, EventId, SpanId, Text, TraceId};
use crate::json::push_decimal;

/// The number and the time of a journal record.
#[derive(Clone, Debug)]
pub struct RecordStamp {
    /// The record's number in the handle's journal, from 1 (REFERENCE 40, D6).
    pub journal_seq: u64,
    /// The time of the operation.
    pub clock: ClockReading,
}

impl RecordStamp {
    /// The record's id.
    pub fn record_id(&self) -> Text {
        let mut text = String::from("journal.record.agent_pool.");
        push_decimal(&mut text, self.journal_seq, 1);
        text.into()
    }

    /// The record's time, in milliseconds.
    pub fn millis(&self) -> u64 {
        self.clock.record_millis(self.journal_seq)
    }
}

/// The number and the time of an event of a pool.
#[derive(Clone, Debug)]
pub struct EventStamp {
    /// The pool.
    pub pool_id: AgentPoolId,
    /// The event's number in the pool, from 1.
    pub event_number: u64,
    /// The time of the operation.
    pub clock: ClockReading,
}

impl EventStamp {
    /// The event's id.
    pub fn event_id(&self) -> EventId {
        EventId::derived("event.agent_pool.", self.pool_id.as_str(), &self.suffix())
    }

    pub(super) fn span_id(&self) -> SpanId {
        SpanId::derived("span.agent_pool.", self.pool_id.as_str(), &self.suffix())
    }

    fn suffix(&self) -> String {
        let mut suffix = String::from(".");
        push_decimal(&mut suffix, self.event_number, 1);
        suffix
    }

    pub(super) fn trace_id(&self) -> TraceId {
        TraceId::derived("trace.agent_pool.", self.pool_id.as_str(), "")
    }

    /// The event's time, in Unix milliseconds.
    pub fn millis(&self) -> u64 {
        self.clock.event_millis(self.event_number)
    }
}
