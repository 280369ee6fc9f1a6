//! One step of a plan: a transition with its place among the pool's records and events.

use crate::domain::{AgentPoolId, ClockReading, EventId, JournalCursor};
use crate::record::{EventFrame, EventStamp, JournalEntry, PoolEvent, RecordStamp, Transition};

/// A transition that is to happen.
pub(crate) struct Step {
    pub(crate) entry: JournalEntry,
    /// The number of its event in the pool.
    event_number: u64,
}

impl Step {
    pub(super) fn new(
        pool_id: &AgentPoolId,
        clock: ClockReading,
        journal_seq: u64,
        event_number: u64,
        transition: Transition,
    ) -> Self {
        let stamp = RecordStamp { journal_seq, clock };
        Self {
            entry: JournalEntry::new(pool_id.clone(), transition, stamp),
            event_number,
        }
    }

    /// The event of which it is the cause, as far as it is known before it happened.
    pub(super) fn frame(&self) -> EventFrame {
        let stamp = self.event_stamp();
        self.entry.transition().frame(&stamp, None)
    }

    pub(super) fn event_id(&self) -> EventId {
        self.event_stamp().event_id()
    }

    /// It has happened: its event.
    pub(crate) fn happened(self, journal_cursor: JournalCursor) -> PoolEvent {
        self.entry.happened(self.event_number, journal_cursor)
    }

    fn event_stamp(&self) -> EventStamp {
        EventStamp {
            pool_id: self.entry.pool_id().clone(),
            event_number: self.event_number,
            clock: self.entry.stamp().clock,
        }
    }
}

/// The number of the event that goes with a store record. Every record but the first, which says that
/// the pool was opened, has an event, so an event's number is one less than its record's.
pub(super) fn event_number_of_record(store_sequence: u64) -> u64 {
    store_sequence.saturating_sub(1)
}
