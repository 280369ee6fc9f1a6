//! The store log in memory.

use std::cell::RefCell;

use crate::domain::{AgentPoolId, IdTable};
use crate::port::{AgentPoolStore, Answer};
use crate::record::{AgentPoolStoreCursor, AgentPoolStoreRecord, AgentPoolStoreRecordPayload};

/// Keeps the records of any number of pools.
#[derive(Default)]
pub struct MemoryStore {
    /// Of each pool's records what the n-th says: it has the cursor n.
    logs: RefCell<IdTable<AgentPoolId, Vec<AgentPoolStoreRecordPayload>>>,
}

impl MemoryStore {
    /// A store that knows no pool.
    pub fn new() -> Self {
        Self::default()
    }
}

impl AgentPoolStore for MemoryStore {
    fn append<'a>(&'a self, record: &'a AgentPoolStoreRecord) -> Answer<'a, ()> {
        let mut logs = self.logs.borrow_mut();
        let payload = record.payload.clone();
        match logs.get_mut(&record.pool_id) {
            Some(log) => log.push(payload),
            None => logs.get_or_default(&record.pool_id).push(payload),
        }
        Answer::ready(())
    }

    fn records_after<'a>(
        &'a self,
        pool_id: &'a AgentPoolId,
        cursor: Option<&'a AgentPoolStoreCursor>,
    ) -> Answer<'a, Vec<AgentPoolStoreRecord>> {
        let logs = self.logs.borrow();
        let log = logs.get(pool_id).map_or(&[][..], Vec::as_slice);
        // So the records after a cursor start at its index.
        let start = cursor.map_or(0, |cursor| {
            usize::try_from(cursor.sequence).map_or(log.len(), |start| start.min(log.len()))
        });
        let mut sequence = start as u64;
        let record = |payload: &AgentPoolStoreRecordPayload| {
            sequence += 1;
            AgentPoolStoreRecord {
                pool_id: pool_id.clone(),
                cursor: AgentPoolStoreCursor { sequence },
                payload: payload.clone(),
            }
        };
        Answer::ready(log[start..].iter().map(record).collect())
    }
}
