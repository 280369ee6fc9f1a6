//! A transition on its way to the journal.

use super::{EventStamp, PoolEvent, RecordStamp, Transition};
use crate::domain::{AgentPoolId, JournalCursor, Text};
use crate::record::JournalRecord;

/// What a journal is given to append: a transition, and the number and time of its record. The record is made when it
/// is asked for, and not held. Cloning an entry shares what it holds.
#[derive(Clone)]
pub struct JournalEntry {
    pool_id: AgentPoolId,
    transition: Transition,
    stamp: RecordStamp,
}

impl JournalEntry {
    /// The entry of a pool's transition.
    pub fn new(pool_id: AgentPoolId, transition: Transition, stamp: RecordStamp) -> Self {
        Self {
            pool_id,
            transition,
            stamp,
        }
    }

    /// The pool whose transition it is.
    pub fn pool_id(&self) -> &AgentPoolId {
        &self.pool_id
    }

    /// The transition.
    pub fn transition(&self) -> &Transition {
        &self.transition
    }

    /// The record's number and time.
    pub fn stamp(&self) -> &RecordStamp {
        &self.stamp
    }

    /// The record's id: the cursor of the record, if the journal answers none.
    pub fn record_id(&self) -> Text {
        self.stamp.record_id()
    }

    /// The record, made anew.
    pub fn record(&self) -> JournalRecord {
        self.transition.record(&self.pool_id, &self.stamp)
    }

    /// The event, now that the journal holds the record at `journal_cursor`.
    pub fn happened(mut self, event_number: u64, journal_cursor: JournalCursor) -> PoolEvent {
        let stamp = EventStamp {
            pool_id: self.pool_id,
            event_number,
            clock: self.stamp.clock,
        };
        self.transition.recorded();
        PoolEvent::new(self.transition, stamp, journal_cursor)
    }
}
