//! What readers should see, worked out in the simple way: from everything on the bus.

use std::collections::VecDeque;
use std::rc::Rc;

use agent_pool::{
    memory::{LogicalClock, MemoryEventBus, MemoryJournal},
    pool::{AgentPool, RuntimePorts, Subscription},
    port::{EventBus, Executor},
    record::{EventCursor, EventFilter, EventFrame, SubscriberQueueConfig, subscription},
};

use crate::host::*;
use crate::read;

/// The kind of bus that the pool is on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bus {
    /// A bus that notifies listeners of its frames.
    Told,
    /// A bus that has to be asked, and answers what it is asked for.
    Asked,
    /// A bus that has to be asked, and answers everything that it has.
    Sloppy,
}

/// A pool, its readers, and what they should see.
pub struct Model {
    pub pool: AgentPool,
    tasks: Tasks,
    kind: Bus,
    memory: Rc<MemoryEventBus>,
    host: Rc<HostBus>,
    readers: Vec<Reader>,
}

struct Reader {
    stream: Subscription,
    filter: EventFilter,
    cursor: Option<EventCursor>,
    is_open: bool,
    /// The frames that the reader has not read yet, given room for everything.
    ahead: VecDeque<EventFrame>,
    /// The number of the last frame that the bus has shown the reader.
    seen: u64,
}

impl Model {
    pub fn new(kind: Bus) -> Self {
        let (tasks, memory, host) = (Tasks::default(), Rc::default(), Rc::<HostBus>::default());
        host.sloppy.set(kind == Bus::Sloppy);
        let bus: Rc<dyn EventBus> = match kind {
            Bus::Told => Rc::clone(&memory) as _,
            Bus::Asked | Bus::Sloppy => Rc::clone(&host) as _,
        };
        let ports = RuntimePorts::new(Rc::new(LogicalClock))
            .journal(Rc::new(MemoryJournal::new()))
            .event_bus(bus)
            .executor(Rc::new(tasks.clone()) as Rc<dyn Executor>);
        Self {
            pool: done(AgentPool::builder(pool_id()).runtime(ports).build()),
            tasks,
            kind,
            memory,
            host,
            readers: Vec::new(),
        }
    }

    fn frames(&self) -> Vec<EventFrame> {
        let everything = SubscriberQueueConfig::UNBOUNDED;
        match self.kind {
            Bus::Told => self.memory.subscribe_all(None, everything).unwrap(),
            Bus::Asked | Bus::Sloppy => self.host.taken(),
        }
    }

    /// The pool is shown an event of the host, which comes to the bus in this way.
    pub fn observe(&self, frame: EventFrame) {
        done(self.pool.observe(frame));
    }

    /// Adds a reader. A reader with a cursor opens its stream at once, since the cursor is for the present members.
    pub fn subscribe(&mut self, filter: EventFilter, cursor: Option<EventCursor>) {
        let has_cursor = cursor.is_some();
        self.readers.push(Reader {
            stream: self.pool.subscribe_live(filter.clone(), cursor.clone()),
            filter,
            cursor,
            is_open: false,
            ahead: VecDeque::new(),
            seen: 0,
        });
        if has_cursor {
            self.read(self.readers.len() - 1, 0);
        }
    }

    /// Brings the readers up to date, in the model and in the pool.
    pub fn settle(&mut self) {
        self.tasks.run();
        let frames = self.frames();
        for reader in self.readers.iter_mut().filter(|reader| reader.is_open) {
            let filter = done(self.pool.compile_scoped_filter(reader.filter.clone()));
            let seen = reader.seen;
            let new = frames.iter().filter(|frame| frame.cursor.event_seq > seen);
            for frame in new {
                let given = subscription([frame.clone()], &filter, None).unwrap();
                if !given.is_empty() || self.kind != Bus::Asked {
                    reader.seen = frame.cursor.event_seq;
                }
                reader.ahead.extend(given);
            }
        }
    }

    /// A reader reads on. The first time it sees what a stream that ends would give.
    pub fn read(&mut self, index: usize, count: usize) {
        let Some(index) = index.checked_rem(self.readers.len()) else {
            return;
        };
        let frames = self.frames();
        let reader = &mut self.readers[index];
        if !reader.is_open {
            let (filter, cursor) = (reader.filter.clone(), reader.cursor.clone());
            let there = done(self.pool.subscribe(filter, cursor));
            // The first read opens the stream, and a bus that has to be asked answers in a task.
            let first = crate::poll(&reader.stream);
            self.tasks.run();
            reader.is_open = true;
            reader.seen = match self.kind {
                Bus::Asked => there.last().map(|frame| frame.cursor.event_seq),
                Bus::Told | Bus::Sloppy => frames.last().map(|frame| frame.cursor.event_seq),
            }
            .unwrap_or_default()
            .max(reader.cursor.as_ref().map_or(0, |cursor| cursor.event_seq));
            reader.ahead.extend(there);
            if let std::task::Poll::Ready(Some(frame)) = first {
                assert_eq!(Some(frame.unwrap()), reader.ahead.pop_front());
            }
        }
        for _ in 0..count {
            let given = match crate::poll(&reader.stream) {
                std::task::Poll::Ready(frame) => Some(frame.expect("it goes on").unwrap()),
                std::task::Poll::Pending => None,
            };
            assert_eq!(given, reader.ahead.pop_front());
        }
    }

    pub fn drop_reader(&mut self, index: usize) {
        if let Some(index) = index.checked_rem(self.readers.len()) {
            self.readers.swap_remove(index);
        }
    }

    /// Every reader reads what is there, and must then have seen everything.
    pub fn finish(&mut self) {
        for index in 0..self.readers.len() {
            self.read(index, 1);
            let reader = &mut self.readers[index];
            assert_eq!(read(&reader.stream), Vec::from_iter(reader.ahead.drain(..)));
        }
    }

    /// A cursor from which some reader may go on: that of one of the last frames that the filter lets through now, with
    /// a number that may be ahead of the bus (REFERENCE 31).
    pub fn cursor(&self, filter: &EventFilter, back: usize, ahead: u64) -> Option<EventCursor> {
        let there = done(self.pool.subscribe(filter.clone(), None));
        let frame = there.iter().rev().nth(back)?;
        Some(EventCursor {
            event_seq: frame.cursor.event_seq + ahead,
            ..frame.cursor.clone()
        })
    }
}
