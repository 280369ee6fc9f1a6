//! A bus in memory, for a host whose own bus only publishes.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::domain::AgentError;
use crate::memory::{KeptFrame, MemoryEventBus};
use crate::port::{Answer, EventBus, FrameListener};
use crate::record::{CompiledEventFilter, EventCursor, EventFrame, OfferedFrame, PoolEvent};

/// Publishes the frames that a [`KeptEventBus`] has kept.
pub trait Publisher {
    /// Publishes one frame.
    ///
    /// # Errors
    /// As those of [`EventBus::publish`]. The frame is kept all the same, and readers see it. A retry does not keep it
    /// a second time.
    fn publish(&self, kept: &KeptFrame) -> Answer<'static, ()>;

    /// See [`EventBus::publishes_unpolled`].
    fn publishes_unpolled(&self) -> bool {
        false
    }
}

/// The bus of a host that can be given frames but not asked for them. The frames are kept and numbered here, and then
/// published by the host.
pub struct KeptEventBus<P> {
    publisher: P,
    kept: Rc<MemoryEventBus>,
    untaken: Rc<RefCell<Vec<Untaken>>>,
}

/// A frame that is kept and that the publisher has not taken yet, so that a retry does not keep it a second time. It is
/// recognised as the very same event, since an event id may be used twice.
struct Untaken {
    given: Rc<PoolEvent>,
    kept: Rc<KeptFrame>,
}

/// A call of the publisher. A frame that it refuses is tried again. Any other is not: one that it took, and one whose answer
/// nobody waits for any more.
struct Taking {
    untaken: Rc<RefCell<Vec<Untaken>>>,
    event: Rc<PoolEvent>,
    is_refused: bool,
}

impl Taking {
    fn answered(&mut self, answer: Result<(), AgentError>) -> Result<(), AgentError> {
        self.is_refused = answer.is_err();
        answer
    }
}

impl Drop for Taking {
    fn drop(&mut self) {
        if !self.is_refused {
            let mut untaken = self.untaken.borrow_mut();
            untaken.retain(|known| !Rc::ptr_eq(&known.given, &self.event));
        }
    }
}

impl<P: Publisher> KeptEventBus<P> {
    /// Keeps frames in `kept` and passes them on to `publisher`.
    pub fn new(publisher: P, kept: Rc<MemoryEventBus>) -> Self {
        Self {
            publisher,
            kept,
            untaken: Rc::default(),
        }
    }

    fn keep(&self, given: &Rc<PoolEvent>) -> Rc<KeptFrame> {
        let is_given = |known: &&Untaken| Rc::ptr_eq(&known.given, given);
        if let Some(known) = self.untaken.borrow().iter().find(is_given) {
            return Rc::clone(&known.kept);
        }
        let kept = self.kept.publish_event(Rc::clone(given));
        self.untaken.borrow_mut().push(Untaken {
            given: Rc::clone(given),
            kept: Rc::clone(&kept),
        });
        kept
    }
}

impl<P: Publisher> EventBus for KeptEventBus<P> {
    fn publish(&self, event: Rc<PoolEvent>) -> Answer<'static, ()> {
        let kept = self.keep(&event);
        let mut taking = Taking {
            untaken: Rc::clone(&self.untaken),
            event,
            is_refused: false,
        };
        match self.publisher.publish(&kept) {
            Answer::Now(answer) => taking.answered(answer.unwrap_or(Ok(()))).into(),
            Answer::Later(answer) => Answer::later(async move { taking.answered(answer.await) }),
        }
    }

    fn publishes_unpolled(&self) -> bool {
        self.publisher.publishes_unpolled()
    }

    fn frames<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
        cursor: Option<&'a EventCursor>,
    ) -> Answer<'a, Vec<EventFrame>> {
        self.kept.frames(filter, cursor)
    }

    fn first_match<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
    ) -> Answer<'a, Option<EventFrame>> {
        self.kept.first_match(filter)
    }

    fn observe(&self, frame: &EventFrame) {
        self.kept.observe(frame);
    }

    fn offer(
        &self,
        filter: &CompiledEventFilter,
        cursor: Option<&EventCursor>,
        reader: &mut dyn FnMut(&dyn OfferedFrame),
    ) -> bool {
        self.kept.offer(filter, cursor, reader)
    }

    fn listen(&self, listener: Weak<dyn FrameListener>) -> bool {
        self.kept.listen(listener)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ErrorCode;
    use crate::port::poll_once;
    use crate::record::AgentPoolLifecycleStatus::RunJoined;
    use crate::record::{EventFilter, EventKind, EventTraits, fixture};
    use std::cell::Cell;

    /// Takes frames unless it is down.
    #[derive(Default)]
    struct Host {
        down: Cell<bool>,
        taken: RefCell<Vec<u64>>,
    }

    impl Publisher for Rc<Host> {
        fn publish(&self, kept: &KeptFrame) -> Answer<'static, ()> {
            if self.down.get() {
                return Answer::failed(ErrorCode::EventBusRejected.into());
            }
            self.taken.borrow_mut().push(kept.event_seq());
            Answer::ready(())
        }
    }

    #[test]
    fn a_frame_is_kept_once_however_often_the_host_is_told() {
        let host = Rc::new(Host::default());
        let kept = Rc::new(MemoryEventBus::new());
        let bus = KeptEventBus::new(Rc::clone(&host), Rc::clone(&kept));
        let event = Rc::new(fixture::event(RunJoined, 1));
        host.down.set(true);
        for _ in 0..3 {
            assert!(poll_once(bus.publish(Rc::clone(&event))).unwrap().is_err());
        }
        host.down.set(false);
        assert!(poll_once(bus.publish(event)).unwrap().is_ok());
        assert_eq!((kept.len(), host.taken.take()), (1, vec![1]));
    }

    /// Never answers.
    struct Silent;

    impl Publisher for Silent {
        fn publish(&self, _: &KeptFrame) -> Answer<'static, ()> {
            Answer::later(std::future::pending())
        }
    }

    #[test]
    fn a_frame_is_forgotten_once_nobody_waits_for_what_the_host_says_of_it() {
        let bus = KeptEventBus::new(Silent, Rc::default());
        let publication = bus.publish(Rc::new(fixture::event(RunJoined, 1)));
        assert_eq!(bus.untaken.borrow().len(), 1);
        drop(publication);
        assert!(bus.untaken.borrow().is_empty());
    }

    /// Answers later, with an error the first time.
    #[derive(Default)]
    struct Slow(Rc<Cell<u32>>);

    impl Publisher for Slow {
        fn publish(&self, _: &KeptFrame) -> Answer<'static, ()> {
            let times = Rc::clone(&self.0);
            Answer::later(async move {
                match times.replace(times.get() + 1) {
                    0 => Err(ErrorCode::EventBusRejected.into()),
                    _ => Ok(()),
                }
            })
        }

        fn publishes_unpolled(&self) -> bool {
            true
        }
    }

    #[test]
    fn a_frame_that_the_host_refuses_later_is_kept_once_and_forgotten_when_it_is_taken() {
        let bus = KeptEventBus::new(Slow::default(), Rc::default());
        let event = Rc::new(fixture::event(RunJoined, 1));
        assert!(poll_once(bus.publish(Rc::clone(&event))).unwrap().is_err());
        assert_eq!(bus.untaken.borrow().len(), 1);
        assert!(poll_once(bus.publish(event)).unwrap().is_ok());
        assert_eq!((bus.kept.len(), bus.untaken.borrow().len()), (1, 0));
        assert!(bus.publishes_unpolled());
    }

    struct Deaf;

    impl FrameListener for Deaf {
        fn take(&self, _: &EventTraits<'_>, _: &dyn OfferedFrame) {}
    }

    #[test]
    fn what_is_read_of_the_bus_is_what_is_kept() {
        let bus = KeptEventBus::new(Silent, Rc::default());
        drop(bus.publish(Rc::new(fixture::event(RunJoined, 1))));
        bus.observe(&fixture::frame(EventKind::RunStarted, 0));
        let any = CompiledEventFilter::compile(EventFilter::default());
        let frames = poll_once(bus.frames(&any, None)).unwrap().unwrap();
        assert_eq!(frames.len(), 2);
        let first = poll_once(bus.first_match(&any)).unwrap().unwrap();
        assert_eq!(first.as_ref(), frames.first());
        let mut offered = Vec::new();
        assert!(bus.offer(&any, Some(&frames[0].cursor), &mut |frame| {
            offered.push(frame.frame())
        }));
        assert_eq!(offered, frames[1..]);
        let listener: Weak<Deaf> = Weak::new();
        assert!(bus.listen(listener));
    }

    #[test]
    fn frames_of_two_pools_with_one_event_id_are_two_frames() {
        let host = Rc::new(Host::default());
        let kept = Rc::new(MemoryEventBus::new());
        let bus = KeptEventBus::new(Rc::clone(&host), Rc::clone(&kept));
        let [first, second] = [(); 2].map(|()| Rc::new(fixture::event(RunJoined, 1)));
        host.down.set(true);
        assert!(poll_once(bus.publish(Rc::clone(&first))).unwrap().is_err());
        host.down.set(false);
        assert!(poll_once(bus.publish(second)).unwrap().is_ok());
        assert!(poll_once(bus.publish(first)).unwrap().is_ok());
        assert_eq!((kept.len(), host.taken.take()), (2, vec![2, 1]));
    }
}
