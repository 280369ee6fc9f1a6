//! A store in memory.

use std::cell::RefCell;

use crate::domain::{AgentPoolId, IdTable};
use crate::port::{AgentPoolStore, Answer};
use crate::record::{AgentPoolStoreCursor, AgentPoolStoreRecord, AgentPoolStoreRecordPayload};

/// Keeps the records of any number of pools.
#[derive(Default)]
pub struct MemoryStore {
    logs: RefCell<Logs>,
}

/// The payloads of a pool's records. The n-th record has the cursor n.
type Log = Vec<AgentPoolStoreRecordPayload>;

#[derive(Default)]
struct Logs {
    logs: Vec<(AgentPoolId, Log)>,
    /// The index of each pool's log.
    places: IdTable<AgentPoolId, usize>,
    /// The index of the log of the latest record. The next record mostly is of the same pool.
    latest: usize,
}

impl Logs {
    fn get(&self, pool_id: &AgentPoolId) -> &[AgentPoolStoreRecordPayload] {
        let place = self.places.get(pool_id);
        place.map_or(&[], |place| &self.logs[*place].1)
    }

    /// The log of a pool, which gets one if it has none.
    fn get_mut(&mut self, pool_id: &AgentPoolId) -> &mut Log {
        let latest = self.logs.get(self.latest);
        if latest.is_none_or(|(latest, _)| latest != pool_id) {
            self.latest = self.place(pool_id);
        }
        &mut self.logs[self.latest].1
    }

    fn place(&mut self, pool_id: &AgentPoolId) -> usize {
        if let Some(place) = self.places.get(pool_id) {
            return *place;
        }
        let place = self.logs.len();
        self.logs.push((pool_id.clone(), Log::new()));
        self.places.insert(pool_id.clone(), place);
        place
    }
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
        logs.get_mut(&record.pool_id).push(record.payload.clone());
        Answer::ready(())
    }

    fn records_after<'a>(
        &'a self,
        pool_id: &'a AgentPoolId,
        cursor: Option<&'a AgentPoolStoreCursor>,
    ) -> Answer<'a, Vec<AgentPoolStoreRecord>> {
        let logs = self.logs.borrow();
        let log = logs.get(pool_id);
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
