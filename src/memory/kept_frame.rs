//! A frame as a bus in memory keeps it.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use crate::record::{EventFrame, EventTraits, PoolEvent};

/// A frame at its place on a bus. The frame of a pool's event is made when it is first asked for.
pub struct KeptFrame {
    event_seq: u64,
    event: Option<Rc<PoolEvent>>,
    frame: OnceCell<Arc<EventFrame>>,
}

impl KeptFrame {
    /// A pool's event at place `event_seq`.
    pub(super) fn of_event(event: Rc<PoolEvent>, event_seq: u64) -> Self {
        Self {
            event_seq,
            event: Some(event),
            frame: OnceCell::new(),
        }
    }

    /// A host's frame at place `event_seq`.
    pub(super) fn of_host(frame: EventFrame, event_seq: u64) -> Self {
        Self {
            event_seq,
            event: None,
            frame: Arc::new(frame.numbered(event_seq)).into(),
        }
    }

    /// Its number on the bus, from 1.
    pub fn event_seq(&self) -> u64 {
        self.event_seq
    }

    /// The pool's event that the frame shows; `None` for a frame of the host.
    pub fn event(&self) -> Option<&PoolEvent> {
        self.event.as_deref()
    }

    /// The part of the event that filters look at. The frame of a pool's event is not made for this.
    pub(super) fn traits(&self) -> EventTraits<'_> {
        match &self.event {
            Some(event) => event.transition().traits(),
            None => self.frame().event.envelope.traits(),
        }
    }

    /// The frame, with its number.
    pub fn frame(&self) -> &Arc<EventFrame> {
        self.frame.get_or_init(|| {
            let event = self.event.as_ref();
            let event = event.expect("a host's frame is there from the start");
            Arc::new(event.to_frame().numbered(self.event_seq))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::AgentPoolLifecycleStatus::RunJoined;
    use crate::record::fixture;

    #[test]
    fn no_frame_is_made_for_what_filters_look_at() {
        let event = Rc::new(fixture::event(RunJoined, 1));
        let kept = KeptFrame::of_event(Rc::clone(&event), 1);
        assert_eq!(kept.traits(), event.transition().traits());
        assert!(kept.frame.get().is_none());
        assert_eq!(kept.traits(), kept.frame().event.envelope.traits());
    }
}
