//! A frame as a bus in memory keeps it.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use crate::record::{EventFrame, PoolEvent};

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

    /// The frame, with its number.
    pub fn frame(&self) -> &Arc<EventFrame> {
        self.frame.get_or_init(|| {
            let event = self.event.as_ref();
            let event = event.expect("a host's frame is there from the start");
            Arc::new(event.to_frame().numbered(self.event_seq))
        })
    }
}
