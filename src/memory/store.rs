//! The store log in memory.

use std::cell::RefCell;

use crate::domain::{AgentPoolId, IdTable};
use crate::port::{AgentPoolStore, Answer};
use crate::record::{AgentPoolStoreCursor, AgentPoolStoreRecord};

/// Keeps the records of any number of pools.
#[derive(Default)]
pub struct MemoryStore {
    logs: RefCell<IdTable<AgentPoolId, Vec<AgentPoolStoreRecord>>>,
}

impl MemoryStore {
    /// A store that knows no pool.
    pub fn new() -> Self {
        Self::default()
    }
}

impl AgentPoolStore for MemoryStore {
    fn append(&self, record: AgentPoolStoreRecord) -> Answer<'_, ()> {
        let mut logs = self.logs.borrow_mut();
        let pool_id = record.pool_id.clone();
        logs.get_or_default(&pool_id).push(record);
        Answer::ready(())
    }

    fn records_after<'a>(
        &'a self,
        pool_id: &'a AgentPoolId,
        cursor: Option<&'a AgentPoolStoreCursor>,
    ) -> Answer<'a, Vec<AgentPoolStoreRecord>> {
        let logs = self.logs.borrow();
        let log = logs.get(pool_id).map_or(&[][..], Vec::as_slice);
        // The n-th record has the cursor n, so the records after a cursor start at its index.
        let start = cursor.map_or(0, |cursor| {
            usize::try_from(cursor.sequence).map_or(log.len(), |start| start.min(log.len()))
        });
        Answer::ready(log[start..].to_vec())
    }
}
