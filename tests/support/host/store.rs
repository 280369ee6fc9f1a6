//! A store that answers as it is told.

use std::cell::RefCell;
use std::rc::Rc;

use agent_pool::{
    domain::{AgentPoolId, ErrorCode},
    memory::MemoryStore,
    port::{AgentPoolStore, Answer},
    record::{AgentPoolStoreCursor, AgentPoolStoreRecord},
};

use super::{Replies, done};

/// What a failing store throws.
pub const STORE_FAULT: &str = "the database is locked";

/// Keeps the records that it takes, as the store in memory does.
#[derive(Default)]
pub struct HostStore {
    /// How it answers when it is asked to append.
    pub append: Replies,
    /// How it answers when it is asked for records.
    pub read: Replies,
    taken: Rc<MemoryStore>,
    listener: RefCell<Option<Rc<dyn Fn()>>>,
}

impl HostStore {
    /// The records that it holds.
    pub fn records(&self, pool_id: &AgentPoolId) -> Vec<AgentPoolStoreRecord> {
        done(self.taken.records_after(pool_id, None))
    }

    /// Has `listener` called from within `append`.
    pub fn listen(&self, listener: impl Fn() + 'static) {
        self.listener.replace(Some(Rc::new(listener)));
    }
}

impl AgentPoolStore for HostStore {
    fn append<'a>(&'a self, record: &'a AgentPoolStoreRecord) -> Answer<'a, ()> {
        let listener = self.listener.borrow().clone();
        if let Some(listener) = listener {
            listener();
        }
        let (taken, record) = (Rc::clone(&self.taken), record.clone());
        self.append
            .answer(ErrorCode::StoreRejected, STORE_FAULT, move || {
                done(taken.append(&record));
            })
    }

    fn records_after<'a>(
        &'a self,
        pool_id: &'a AgentPoolId,
        cursor: Option<&'a AgentPoolStoreCursor>,
    ) -> Answer<'a, Vec<AgentPoolStoreRecord>> {
        let taken = Rc::clone(&self.taken);
        let (pool_id, cursor) = (pool_id.clone(), cursor.copied());
        self.read
            .answer(ErrorCode::StoreRejected, STORE_FAULT, move || {
                done(taken.records_after(&pool_id, cursor.as_ref()))
            })
    }
}
