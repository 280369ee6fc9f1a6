//! The store port: the log of store records that is a pool's history.

use crate::domain::AgentPoolId;
use crate::port::Answer;
use crate::record::{AgentPoolStoreCursor, AgentPoolStoreRecord};

/// An append-only log of store records for any number of pools. What a pool knows is a fold over its
/// records, so nothing but the log has to be kept.
pub trait AgentPoolStore {
    /// Appends a record. Its cursor is one more than that of the pool's record before it, from 1.
    ///
    /// # Errors
    /// An error says that the store does not hold the record: the next one of the pool has the same cursor. The record
    /// of the transition is in the journal by then, and yet it has not happened: nothing is known of it, its event is
    /// not published, and the operation fails with the error. Called again, it journals the transition once more. Of
    /// several that the journal took together, those behind it have not happened either.
    ///
    /// If the record is the one by which a pool is opened, nothing is journaled yet, and building the handle fails.
    fn append<'a>(&'a self, record: &'a AgentPoolStoreRecord) -> Answer<'a, ()>;

    /// The pool's records after `cursor` (all of them without one), in their order. A pool that was
    /// never opened has none (REFERENCE 42).
    ///
    /// # Errors
    /// Whoever asked is told. Building the first handle on a pool fails, and may be tried again. Once the pool is open
    /// its operations do not read the store, so only a reader of the history is concerned:
    /// [`AgentPool::watch_pool`](crate::pool::AgentPool::watch_pool) fails with the error, and a
    /// [`Watch`](crate::pool::Watch) ends with it.
    fn records_after<'a>(
        &'a self,
        pool_id: &'a AgentPoolId,
        cursor: Option<&'a AgentPoolStoreCursor>,
    ) -> Answer<'a, Vec<AgentPoolStoreRecord>>;
}
