//! A pool over the ports of this host, and what holds of it as a whole.

use std::rc::Rc;

use agent_pool::{
    domain::AgentPoolId,
    memory::{LogicalClock, ManualClock},
    pool::{
        AgentPool, AgentPoolBuilder, AgentPoolMessagePolicy, AgentPoolSnapshot,
        AgentPoolStoreRecord, AgentPoolStoreRecordPayload, RuntimePorts, SharedStore, WakeMatching,
    },
    port::{AgentPoolStore, Clock, EventBus, Executor, Journal},
};

use super::{HostBus, HostJournal, HostStore, Tasks, done, pool_id};

/// How a world is set up.
pub struct WorldPlan {
    pub pool_id: AgentPoolId,
    pub matching: WakeMatching,
    pub message_policy: AgentPoolMessagePolicy,
    /// The time at which a clock that is set by hand starts. Without one, time is logical.
    pub starts_at: Option<u64>,
    pub outbox_capacity: Option<usize>,
    /// The executor, if there is one.
    pub executor: Option<Tasks>,
}

impl Default for WorldPlan {
    fn default() -> Self {
        Self {
            pool_id: pool_id(),
            matching: WakeMatching::Live,
            message_policy: AgentPoolMessagePolicy::default(),
            starts_at: None,
            outbox_capacity: None,
            executor: None,
        }
    }
}

/// A pool, its ports and its store.
pub struct World {
    pub pool: AgentPool,
    pub journal: Rc<HostJournal>,
    pub bus: Rc<HostBus>,
    pub clock: Rc<ManualClock>,
    pub log: Rc<HostStore>,
    pub store: SharedStore,
    plan: WorldPlan,
}

impl World {
    /// A world with live matching and logical time.
    pub fn new() -> Self {
        Self::of(WorldPlan::default())
    }

    /// A world with the reference's matching and logical time.
    pub fn on_message() -> Self {
        Self::of(WorldPlan {
            matching: WakeMatching::OnMessage,
            ..WorldPlan::default()
        })
    }

    /// A world with live matching and a clock that is set by hand.
    pub fn at(starts_at: u64) -> Self {
        Self::of(WorldPlan {
            starts_at: Some(starts_at),
            ..WorldPlan::default()
        })
    }

    /// A world with live matching, logical time and an executor.
    pub fn driven() -> (Self, Tasks) {
        let tasks = Tasks::default();
        let world = Self::of(WorldPlan {
            executor: Some(tasks.clone()),
            ..WorldPlan::default()
        });
        (world, tasks)
    }

    pub fn of(plan: WorldPlan) -> Self {
        let clock = ManualClock::new(plan.starts_at.unwrap_or_default());
        Self::over(
            plan,
            Rc::default(),
            Rc::default(),
            Rc::new(clock),
            Rc::default(),
        )
    }

    fn over(
        plan: WorldPlan,
        journal: Rc<HostJournal>,
        bus: Rc<HostBus>,
        clock: Rc<ManualClock>,
        log: Rc<HostStore>,
    ) -> Self {
        let store = SharedStore::new(Rc::clone(&log) as Rc<dyn AgentPoolStore>);
        let builder = builder(&plan, &journal, &bus, &clock, &store);
        Self {
            pool: done(builder.build()),
            journal,
            bus,
            clock,
            log,
            store,
            plan,
        }
    }

    /// A builder of another handle on the same pool, over the same journal and bus.
    pub fn builder(&self) -> AgentPoolBuilder {
        self.builder_over(&self.journal, &self.bus)
    }

    /// A builder of another handle on the same pool, over a journal and a bus of its own.
    pub fn builder_over(&self, journal: &Rc<HostJournal>, bus: &Rc<HostBus>) -> AgentPoolBuilder {
        builder(&self.plan, journal, bus, &self.clock, &self.store)
    }

    /// Another handle on the same pool, over the same journal and bus.
    pub fn handle(&self) -> AgentPool {
        done(self.builder().build())
    }

    /// The ports of this world's handles.
    pub fn ports(&self) -> RuntimePorts {
        ports(&self.plan, &self.journal, &self.bus, &self.clock)
    }

    /// The same world after a restart: the state is gone, and rebuilt from the store's records.
    pub fn restarted(self) -> Self {
        Self::over(self.plan, self.journal, self.bus, self.clock, self.log)
    }

    pub fn snapshot(&self) -> AgentPoolSnapshot {
        done(self.pool.snapshot())
    }

    /// The pool's history.
    pub fn history(&self) -> Vec<AgentPoolStoreRecord> {
        self.log.records(&self.plan.pool_id)
    }

    /// How much the journal, the bus and the store hold. An operation that records nothing leaves this as it is.
    pub fn extent(&self) -> (usize, usize, usize) {
        (self.journal.len(), self.bus.len(), self.history().len())
    }

    /// Asserts that journal, bus and store agree, without gaps. It is for a single handle whose bus has every event.
    #[track_caller]
    pub fn assert_sound(&self) {
        let records = self.journal.records();
        for (number, record) in (1u64..).zip(&records) {
            assert_eq!(record.journal_seq, number, "journal numbers have no gaps");
            let record_id = format!("journal.record.agent_pool.{number}");
            assert_eq!(record.record_id, record_id);
        }
        let frames = self.bus.taken();
        let frames = frames
            .iter()
            .filter(|frame| frame.event.envelope.journal_cursor.is_some());
        let pool_id = self.plan.pool_id.as_str();
        let mut published = 0;
        for (number, (frame, record)) in (1u64..).zip(frames.zip(&records)) {
            let event = &frame.event.envelope;
            let event_id = format!("event.agent_pool.{pool_id}.{number}");
            assert_eq!(
                event.event_id.as_str(),
                event_id,
                "event numbers have no gaps"
            );
            assert_eq!(event.event_kind.as_str(), record.event_index.event_kind);
            assert_eq!(event.subject_ref, record.subject_ref);
            let cursor = event.journal_cursor.as_ref().map(|cursor| cursor.as_str());
            assert_eq!(cursor, Some(&*format!("journal.{number}")));
            published += 1;
        }
        assert_eq!(published, records.len(), "every record is published, once");
        let history = self.history();
        assert_eq!(
            history.len(),
            records.len() + 1,
            "every record is stored, once"
        );
        for (sequence, record) in (1..).zip(&history) {
            assert_eq!(record.cursor.sequence, sequence, "the history has no gaps");
        }
        let opened = &history[0].payload;
        assert!(matches!(
            opened,
            AgentPoolStoreRecordPayload::PoolOpened { .. }
        ));
    }
}

fn builder(
    plan: &WorldPlan,
    journal: &Rc<HostJournal>,
    bus: &Rc<HostBus>,
    clock: &Rc<ManualClock>,
    store: &SharedStore,
) -> AgentPoolBuilder {
    let builder = AgentPool::builder(plan.pool_id.clone())
        .runtime(ports(plan, journal, bus, clock))
        .message_policy(plan.message_policy.clone())
        .store(store.clone())
        .wake_matching(plan.matching);
    match plan.outbox_capacity {
        Some(events) => builder.outbox_capacity(events),
        None => builder,
    }
}

fn ports(
    plan: &WorldPlan,
    journal: &Rc<HostJournal>,
    bus: &Rc<HostBus>,
    clock: &Rc<ManualClock>,
) -> RuntimePorts {
    let clock: Rc<dyn Clock> = match plan.starts_at {
        Some(_) => Rc::clone(clock) as _,
        None => Rc::new(LogicalClock),
    };
    let ports = RuntimePorts::new(clock)
        .journal(Rc::clone(journal) as Rc<dyn Journal>)
        .event_bus(Rc::clone(bus) as Rc<dyn EventBus>);
    match &plan.executor {
        Some(tasks) => ports.executor(Rc::new(tasks.clone()) as Rc<dyn Executor>),
        None => ports,
    }
}
