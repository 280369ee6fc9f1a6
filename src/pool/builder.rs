//! Building a pool.

use std::rc::Rc;
use std::sync::Arc;

use crate::domain::{AgentError, AgentPoolId, ErrorCode, PolicyRef};
use crate::pool::agent_pool::AgentPool;
use crate::pool::handle::Handle;
use crate::pool::outbox::DEFAULT_OUTBOX_CAPACITY;
use crate::pool::plan::WakeMatching;
use crate::pool::runtime_ports::RuntimePorts;
use crate::pool::shared_store::SharedStore;
use crate::record::{AgentPoolMessagePolicy, AgentPoolStoreConfig, AgentPoolWakePolicy};

/// Collects what a pool is built from.
#[derive(Clone)]
pub struct AgentPoolBuilder {
    pub(crate) pool_id: AgentPoolId,
    pub(crate) runtime: Option<RuntimePorts>,
    pub(crate) config: AgentPoolStoreConfig,
    pub(crate) store: SharedStore,
    pub(crate) matching: WakeMatching,
    pub(crate) outbox_capacity: usize,
}

impl AgentPool {
    /// Begins to build a pool.
    pub fn builder(pool_id: AgentPoolId) -> AgentPoolBuilder {
        AgentPoolBuilder::new(pool_id)
    }
}

impl AgentPoolBuilder {
    fn new(pool_id: AgentPoolId) -> Self {
        Self {
            pool_id,
            runtime: None,
            config: AgentPoolStoreConfig::default(),
            store: SharedStore::in_memory(),
            matching: WakeMatching::default(),
            outbox_capacity: DEFAULT_OUTBOX_CAPACITY,
        }
    }

    /// The ports to work with. Required.
    #[must_use]
    pub fn runtime(mut self, runtime: RuntimePorts) -> Self {
        self.runtime = Some(runtime);
        self
    }

    /// What messages must carry, and whether a message to the whole pool also reaches its sender.
    #[must_use]
    pub fn message_policy(mut self, policy: AgentPoolMessagePolicy) -> Self {
        self.config.message_policy = policy;
        self
    }

    /// Whether filters are cut down to `envelope_only` payload access (REFERENCE 33).
    #[must_use]
    pub fn wake_policy(mut self, policy: AgentPoolWakePolicy) -> Self {
        self.config.wake_policy = policy;
        self
    }

    /// One more policy that a member must hold for its events to be observed (REFERENCE 32).
    #[must_use]
    pub fn policy_ref(mut self, policy_ref: PolicyRef) -> Self {
        let policy_refs = self.config.policy_refs.iter().cloned();
        self.config.policy_refs = policy_refs.chain([policy_ref]).collect();
        self
    }

    /// The store that holds the pool; by default a store of its own, in memory. Handles that share a pool are given
    /// clones of one store.
    #[must_use]
    pub fn store(mut self, store: SharedStore) -> Self {
        self.store = store;
        self
    }

    /// Which events trigger wakes by themselves.
    #[must_use]
    pub fn wake_matching(mut self, matching: WakeMatching) -> Self {
        self.matching = matching;
        self
    }

    /// How many events may wait for an event bus that does not answer; 4,096 by default. Operations that begin then are
    /// refused with `bus_backlogged`; those that are under way already still add their events. Of handles that share a
    /// pool and a bus, the capacity and the executor of the first one count.
    #[must_use]
    pub fn outbox_capacity(mut self, events: usize) -> Self {
        self.outbox_capacity = events;
        self
    }

    /// Opens the pool in its store.
    ///
    /// # Errors
    /// `runtime_required` without ports; `store_config_conflict` if the pool is open under other policies already; the
    /// store's error when the pool's history is read or begun, and the next `build` tries that again; `reentrant_call`
    /// for a call from within a port that an operation on the same pool waits for.
    pub async fn build(self) -> Result<AgentPool, AgentError> {
        let ports = self.runtime.ok_or(ErrorCode::RuntimeRequired)?;
        let open = self
            .store
            .open(&self.pool_id, Arc::new(self.config))
            .await?;
        let outbox = open.outbox(&ports, self.outbox_capacity);
        let handle = Handle {
            pool_id: self.pool_id,
            store: self.store,
            open,
            ports,
            matching: self.matching,
            outbox,
            journal_seq: Default::default(),
            journal_waits: Default::default(),
            closed: Default::default(),
            abandoned: Default::default(),
            streams: Default::default(),
        };
        Ok(AgentPool {
            handle: Rc::new(handle),
        })
    }
}
