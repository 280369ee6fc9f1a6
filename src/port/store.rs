//! The store port: the log of store records that makes up a pool's history.

use crate::domain::AgentPoolId;
use crate::port::Answer;
use crate::record::{AgentPoolStoreCursor, AgentPoolStoreRecord};

/// An append-only log of store records for any number of pools. The state of a pool is a fold over its records, so
/// nothing but the log has to be kept.
pub trait AgentPoolStore {
    /// Appends a record. Its cursor is one more than that of the pool's record before it, from 1.
    ///
    /// # Errors
    /// An error says that the store does not hold the record: the pool's next record has the same cursor. The journal
    /// holds the transition's record by then, and yet the transition has not happened: the pool does not know of it,
    /// its event is not published, and the operation fails with the error. Called again, the operation journals the
    /// transition once more. Of several transitions that the journal took together, those behind this one have not
    /// happened either.
    ///
    /// An answer that is dropped before it is there counts as an error, so the store should not hold the record then
    /// either ([`Journal::append`](crate::port::Journal::append) says when that happens).
    ///
    /// If the record is the one by which a pool is opened, nothing is journaled yet, and building the handle fails.
    fn append<'a>(&'a self, record: &'a AgentPoolStoreRecord) -> Answer<'a, ()>;

    /// The pool's records after `cursor` (all of them without one), in their order. A pool that was
    /// never opened has none (REFERENCE 42).
    ///
    /// # Errors
    /// Only the caller that asked gets the error. Building the first handle on a pool fails, and may be tried again.
    /// Once the pool is open its operations do not read the store, so only readers of the history are concerned:
    /// [`AgentPool::watch_pool`](crate::pool::AgentPool::watch_pool) fails with the error, and a
    /// [`Watch`](crate::pool::Watch) ends with it.
    fn records_after<'a>(
        &'a self,
        pool_id: &'a AgentPoolId,
        cursor: Option<&'a AgentPoolStoreCursor>,
    ) -> Answer<'a, Vec<AgentPoolStoreRecord>>;
}
