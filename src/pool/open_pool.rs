//! A pool that is open in a store: its state, and what else its handles share.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use crate::domain::{AgentError, AgentPoolId, ErrorCode, IdSet, IdTable, RunId, WakeConditionId};
use crate::pool::batch_queue::BatchQueue;
use crate::pool::flights::Flights;
use crate::pool::live_stream::LiveStreams;
use crate::pool::outbox::Outbox;
use crate::pool::plan::{ClaimedWakes, DueWake};
use crate::pool::runtime_ports::RuntimePorts;
use crate::pool::state::PoolState;
use crate::pool::suspending::Suspending;
use crate::pool::turns::Turns;
use crate::port::{AgentPoolStore, Answer};
use crate::record::{
    AgentPoolStoreConfig, AgentPoolStoreCursor, AgentPoolStoreRecord, AgentPoolStoreRecordPayload,
};

/// What the handles of one pool share.
pub(crate) struct OpenPool {
    pub(crate) turns: Turns,
    /// Whether a port that an operation waits for is being called right now. If so, a call of the pool comes from
    /// within that port.
    pub(crate) in_port: Cell<bool>,
    outboxes: RefCell<Vec<Rc<Outbox>>>,
    /// The message operations in flight.
    pub(crate) flights: Rc<RefCell<Flights>>,
    /// The wake conditions that are being registered.
    pub(crate) suspending: Suspending,
    /// The records that lanes append together. A lane keeps its queue, as the state keeps its run.
    pub(crate) batch_queues: RefCell<IdTable<RunId, Rc<BatchQueue>>>,
    /// The turns in which records that the journal took are stored.
    pub(crate) recording: Turns,
    /// The wakes whose end is under way or owed.
    pub(crate) claimed: RefCell<ClaimedWakes>,
    /// The wakes that were to be registered, until the event bus was asked whether it has an event for them.
    pub(crate) unasked: RefCell<IdSet<WakeConditionId>>,
    /// The ends of wakes that the next operation has to record first.
    pub(crate) owed: RefCell<VecDeque<DueWake>>,
    /// The live streams that are told of new records.
    pub(crate) streams: LiveStreams,
    state: RefCell<Option<PoolState>>,
    store: Rc<dyn AgentPoolStore>,
}

impl OpenPool {
    pub(crate) fn new(store: Rc<dyn AgentPoolStore>) -> Self {
        Self {
            turns: Turns::default(),
            in_port: Cell::new(false),
            outboxes: RefCell::default(),
            flights: Rc::default(),
            suspending: Suspending::default(),
            batch_queues: RefCell::default(),
            recording: Turns::default(),
            claimed: RefCell::default(),
            unasked: RefCell::default(),
            owed: RefCell::default(),
            streams: LiveStreams::default(),
            state: RefCell::default(),
            store,
        }
    }

    /// The outbox to a handle's event bus, which handles with the same bus share.
    pub(crate) fn outbox(&self, ports: &RuntimePorts, capacity: usize) -> Rc<Outbox> {
        let bus = ports.event_bus.as_ref();
        let mut outboxes = self.outboxes.borrow_mut();
        // An outbox that nobody uses may still hold events, for the next handle on its bus.
        outboxes.retain(|outbox| outbox.is_used() || !outbox.is_empty());
        if let Some(shared) = outboxes.iter().find(|outbox| outbox.leads_to(bus)) {
            return shared.taken();
        }
        let executor = ports.executor.clone();
        let outbox = Rc::new(Outbox::new(bus.cloned(), executor, capacity));
        outboxes.push(Rc::clone(&outbox));
        outbox.taken()
    }

    /// Ends a handle's use of its outbox. If no other handle uses the outbox, its events are given up.
    pub(crate) fn leave(&self, left: &Rc<Outbox>) {
        left.give_back();
        if !left.is_used() {
            self.outboxes
                .borrow_mut()
                .retain(|outbox| !Rc::ptr_eq(outbox, left));
            left.dissolve();
        }
    }

    /// Reads the state. It is there once the pool has been opened.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&PoolState) -> T) -> T {
        let state = self.state.borrow();
        read(state.as_ref().expect("a pool is loaded when it is opened"))
    }

    /// The next store record, with this payload.
    pub(crate) fn next_record(&self, payload: AgentPoolStoreRecordPayload) -> AgentPoolStoreRecord {
        self.read(|state| AgentPoolStoreRecord {
            pool_id: state.pool_id().clone(),
            cursor: AgentPoolStoreCursor {
                sequence: state.sequence() + 1,
            },
            payload,
        })
    }

    pub(crate) fn store<'a>(&'a self, record: &'a AgentPoolStoreRecord) -> Answer<'a, ()> {
        self.store.append(record)
    }

    /// Applies a record that was stored to the state, and tells the live streams.
    pub(crate) fn learn(&self, record: &AgentPoolStoreRecord) {
        if let Some(state) = self.state.borrow_mut().as_mut() {
            state.apply(record);
        }
        self.streams.notify(|stream| stream.recorded());
    }

    /// Folds the pool's history into the state. If there is no history yet, begins one.
    pub(crate) async fn load(
        &self,
        pool_id: &AgentPoolId,
        config: Arc<AgentPoolStoreConfig>,
    ) -> Result<(), AgentError> {
        if self.state.borrow().is_none() {
            let mut records = self.store.records_after(pool_id, None).await?;
            if records.is_empty() {
                let opened = AgentPoolStoreRecord {
                    pool_id: pool_id.clone(),
                    cursor: AgentPoolStoreCursor::new(1),
                    payload: AgentPoolStoreRecordPayload::PoolOpened {
                        config: Arc::clone(&config),
                    },
                };
                self.store.append(&opened).await?;
                records.push(opened);
            }
            let mut state = PoolState::new(pool_id.clone(), Arc::clone(&config));
            for record in &records {
                state.apply(record);
            }
            self.state.replace(Some(state));
        }
        // The comparison is exact, the order of policy refs included (REFERENCE 42).
        if self.read(|state| *state.config() == *config) {
            return Ok(());
        }
        Err(AgentError::from(ErrorCode::StoreConfigConflict).with_pool(pool_id))
    }
}
