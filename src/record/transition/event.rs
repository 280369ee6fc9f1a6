//! A transition that has happened, on its way to the event bus.

use std::cell::OnceCell;
use std::sync::Arc;

use super::{EventStamp, Transition};
use crate::domain::JournalCursor;
use crate::record::EventFrame;

/// What a bus is given to publish: a transition that is in the journal, and the number and time of its event. The
/// frame itself is made when it is first asked for.
pub struct PoolEvent {
    transition: Transition,
    stamp: EventStamp,
    journal_cursor: JournalCursor,
    frame: OnceCell<Arc<EventFrame>>,
}

impl PoolEvent {
    /// The event of a transition whose record stands at `journal_cursor` in the journal.
    pub fn new(transition: Transition, stamp: EventStamp, journal_cursor: JournalCursor) -> Self {
        Self {
            transition,
            stamp,
            journal_cursor,
            frame: OnceCell::new(),
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

    /// The frame; the bus numbers it (REFERENCE 35).
    pub fn frame(&self) -> &Arc<EventFrame> {
        self.frame.get_or_init(|| Arc::new(self.to_frame()))
    }

    /// The frame, made anew.
    pub fn to_frame(&self) -> EventFrame {
        let journal_cursor = Some(self.journal_cursor.clone());
        self.transition.frame(&self.stamp, journal_cursor)
    }
}
