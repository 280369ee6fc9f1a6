//! A store that several handles use.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use crate::domain::{AgentError, AgentPoolId, ErrorCode, IdTable};
use crate::memory::MemoryStore;
use crate::pool::open_pool::OpenPool;
use crate::port::AgentPoolStore;
use crate::record::{AgentPoolStoreConfig, AgentPoolStoreCursor, AgentPoolStoreRecord};

/// A store that handles share: handles that are built with clones of it see one history, take turns, and count the
/// pool's events together.
#[derive(Clone)]
pub struct SharedStore {
    shared: Rc<Shared>,
}

struct Shared {
    store: Rc<dyn AgentPoolStore>,
    pools: RefCell<IdTable<AgentPoolId, Rc<OpenPool>>>,
}

impl Default for SharedStore {
    fn default() -> Self {
        Self::in_memory()
    }
}

impl SharedStore {
    /// Shares `store`, which nobody else may write to.
    pub fn new(store: Rc<dyn AgentPoolStore>) -> Self {
        let pools = RefCell::default();
        Self {
            shared: Rc::new(Shared { store, pools }),
        }
    }

    /// A store in memory.
    pub fn in_memory() -> Self {
        Self::new(Rc::new(MemoryStore::new()))
    }

    /// The pool's records after `cursor`, or from the start without one; none for a pool that was never opened
    /// (REFERENCE 42).
    ///
    /// # Errors
    /// The store's error.
    pub async fn records_after(
        &self,
        pool_id: &AgentPoolId,
        cursor: Option<&AgentPoolStoreCursor>,
    ) -> Result<Vec<AgentPoolStoreRecord>, AgentError> {
        self.shared.store.records_after(pool_id, cursor).await
    }

    /// Opens a pool, or joins the handles that have it open under the same configuration.
    pub(crate) async fn open(
        &self,
        pool_id: &AgentPoolId,
        config: Arc<AgentPoolStoreConfig>,
    ) -> Result<Rc<OpenPool>, AgentError> {
        let open = self.shared.known(pool_id);
        if open.in_port.get() {
            return Err(AgentError::from(ErrorCode::ReentrantCall).with_pool(pool_id));
        }
        {
            let mut turn = open.turns.take();
            (&mut turn).await;
            open.load(pool_id, config).await?;
        }
        Ok(open)
    }
}

impl Shared {
    /// The pool with that id. From now on it is known.
    fn known(&self, pool_id: &AgentPoolId) -> Rc<OpenPool> {
        let mut pools = self.pools.borrow_mut();
        if let Some(open) = pools.get(pool_id) {
            return Rc::clone(open);
        }
        let open = Rc::new(OpenPool::new(Rc::clone(&self.store)));
        pools.insert(pool_id.clone(), Rc::clone(&open));
        open
    }
}
