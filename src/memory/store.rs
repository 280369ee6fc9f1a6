//! A store in memory.

use std::cell::RefCell;

use crate::domain::{AgentPoolId, IdTable};
use crate::port::{AgentPoolStore, Answer};
use crate::record::{AgentPoolStoreCursor, AgentPoolStoreRecord, AgentPoolStoreRecordPayload};

/// Keeps the records of any number of pools.
#[derive(Default)]
pub struct MemoryStore {
    logs: RefCell<IdTable<AgentPoolId, Log>>,
}

/// The payloads of a pool's records. The n-th record has the cursor n.
type Log = Vec<AgentPoolStoreRecordPayload>;

impl MemoryStore {
    /// A store that knows no pool.
    pub fn new() -> Self {
        Self::default()
    }
}

impl AgentPoolStore for MemoryStore {
    fn append<'a>(&'a self, record: &'a AgentPoolStoreRecord) -> Answer<'a, ()> {
        let mut logs = self.logs.borrow_mut();
        let log = logs.get_or_default(&record.pool_id);
        log.push(record.payload.clone());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::poll_once;

    #[test]
    fn pools_that_take_turns_have_their_records_apart_and_numbered() {
        let store = MemoryStore::new();
        let ids = ["a", "b", "c"].map(|id| AgentPoolId::new(id).unwrap());
        let log = |pool_id, after: Option<u64>| {
            let cursor = after.map(AgentPoolStoreCursor::new);
            let records = store.records_after(pool_id, cursor.as_ref());
            poll_once(records).unwrap().unwrap()
        };
        for sequence in 1..=3 {
            for pool_id in &ids {
                assert_eq!(log(pool_id, Some(sequence - 1)), []);
                let record = AgentPoolStoreRecord {
                    pool_id: pool_id.clone(),
                    cursor: AgentPoolStoreCursor::new(sequence),
                    payload: AgentPoolStoreRecordPayload::PoolCreated,
                };
                poll_once(store.append(&record)).unwrap().unwrap();
                assert_eq!(log(pool_id, Some(sequence - 1)), [record]);
            }
        }
        for pool_id in &ids {
            let records = log(pool_id, None);
            assert_eq!(records.len(), 3);
            assert!(records.iter().all(|record| record.pool_id == *pool_id));
        }
    }
}
