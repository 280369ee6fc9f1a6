//! A transition that has happened, on its way to the event bus.

use super::{EventStamp, Transition};
use crate::domain::JournalCursor;
use crate::record::{EventCursor, EventFrame, EventStreamScope};

/// What a bus is given to publish: a transition that is in the journal, and the number and time of its event. Its frame
/// is made when it is asked for, and not held: a bus that keeps its events would have all of them in memory twice.
pub struct PoolEvent {
    transition: Transition,
    stamp: EventStamp,
    journal_cursor: JournalCursor,
}

impl PoolEvent {
    /// The event of a transition whose record stands at `journal_cursor` in the journal.
    pub fn new(transition: Transition, stamp: EventStamp, journal_cursor: JournalCursor) -> Self {
        Self {
            transition,
            stamp,
            journal_cursor,
        }
    }

    /// The transition.
    pub fn transition(&self) -> &Transition {
        &self.transition
    }

    /// The event's number and time.
    pub fn stamp(&self) -> &EventStamp {
        &self.stamp
    }

    /// The cursor of its record in the journal.
    pub fn journal_cursor(&self) -> &JournalCursor {
        &self.journal_cursor
    }

    /// The cursor of its frame at place `event_seq` of a bus, in a stream of that scope.
    pub fn cursor(&self, event_seq: u64, scope: EventStreamScope) -> EventCursor {
        EventCursor {
            scope,
            event_seq,
            event_id: self.stamp.event_id(),
            journal_cursor: Some(self.journal_cursor.clone()),
        }
    }

    /// The frame, made anew; the bus numbers it (REFERENCE 35).
    pub fn frame(&self) -> EventFrame {
        let journal_cursor = Some(self.journal_cursor.clone());
        self.transition.frame(&self.stamp, journal_cursor)
    }
}
