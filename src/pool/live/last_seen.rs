//! Where a subscription stands on its bus.

use std::sync::Arc;

use crate::record::{AgentEvent, EventCursor, EventStreamScope};

/// How far a subscription has seen its bus.
#[derive(Clone)]
pub(super) enum LastSeen {
    Cursor(EventCursor),
    Event(Arc<AgentEvent>),
}

impl LastSeen {
    /// The place as a cursor of that scope.
    pub(super) fn cursor(self, scope: EventStreamScope) -> EventCursor {
        match self {
            Self::Cursor(cursor) => EventCursor { scope, ..cursor },
            Self::Event(event) => event.envelope.cursor(scope),
        }
    }
}
