//! Where a subscription stands on its bus.

use std::sync::Arc;

use crate::record::{AgentEvent, EventCursor, EventStreamScope};

/// How far a subscription has seen its bus.
#[derive(Default)]
pub(super) struct LastSeen {
    /// The number of the last frame that was seen.
    event_seq: Option<u64>,
    /// From where the bus is asked again. Frames that were offered do not change it: most buses that offer frames are
    /// asked for nothing after that, and what a bus answers again is not new.
    place: Option<Place>,
}

#[derive(Clone)]
enum Place {
    Cursor(EventCursor),
    Event(Arc<AgentEvent>),
}

impl LastSeen {
    /// Everything up to a cursor was seen.
    pub(super) fn until(cursor: Option<EventCursor>) -> Self {
        Self {
            event_seq: cursor.as_ref().map(|cursor| cursor.event_seq),
            place: cursor.map(Place::Cursor),
        }
    }

    /// Whether the frame with this number comes after every frame seen so far. If so, it is noted as seen.
    pub(super) fn is_new(&mut self, event_seq: u64) -> bool {
        let is_new = self.event_seq < Some(event_seq);
        if is_new {
            self.event_seq = Some(event_seq);
        }
        is_new
    }

    /// As [`Self::is_new`], for an event that a bus answered. The bus is asked again from there.
    pub(super) fn is_new_answer(&mut self, event: &Arc<AgentEvent>) -> bool {
        let is_new = self.is_new(event.envelope.event_seq);
        if is_new {
            self.place = Some(Place::Event(Arc::clone(event)));
        }
        is_new
    }

    /// The cursor from which the bus is asked again, in that scope.
    pub(super) fn cursor(&self, scope: EventStreamScope) -> Option<EventCursor> {
        self.place.clone().map(|place| match place {
            Place::Cursor(cursor) => EventCursor { scope, ..cursor },
            Place::Event(event) => event.envelope.cursor(scope),
        })
    }
}
