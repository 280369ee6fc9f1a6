//! The store port: the log of store records that is a pool's history.

use crate::domain::AgentPoolId;
use crate::port::Answer;
use crate::record::{AgentPoolStoreCursor, AgentPoolStoreRecord};

/// An append-only log of store records for any number of pools. What a pool knows is a fold over its
/// records, so nothing but the log has to be kept.
pub trait AgentPoolStore {
    /// Appends a record. Its cursor is one more than that of the pool's record before it, from 1.
    fn append<'a>(&'a self, record: &'a AgentPoolStoreRecord) -> Answer<'a, ()>;

    /// The pool's records after `cursor` (all of them without one), in their order. A pool that was
    /// never opened has none (REFERENCE 42).
    fn records_after<'a>(
        &'a self,
        pool_id: &'a AgentPoolId,
        cursor: Option<&'a AgentPoolStoreCursor>,
    ) -> Answer<'a, Vec<AgentPoolStoreRecord>>;
}
