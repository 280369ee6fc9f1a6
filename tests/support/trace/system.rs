//! The interface of the systems that run scripts.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fields::{Failure, Fields};

/// An implementation of the agent pool, with instances of its ports that can be read back.
pub trait System: Sized {
    /// A handle on a pool, with a journal sequence of its own.
    type Pool;
    /// A journal several handles may share.
    type Journal: Default;
    /// An event bus several handles may share.
    type Bus: Default;
    /// A store several handles may share.
    type Store: Default;
    /// The id of a pool.
    type PoolId: DeserializeOwned;
    /// The policy for messages.
    type MessagePolicy: DeserializeOwned;
    /// The policy for wakes.
    type WakePolicy: DeserializeOwned;
    /// A reference to a policy.
    type PolicyRef: DeserializeOwned;
    /// An event with its cursor.
    type Frame: DeserializeOwned;

    /// Opens a handle.
    fn open(opening: Opening<'_, Self>) -> Result<Self::Pool, Failure>;

    /// Runs one operation of [`POOL_OPERATIONS`] on a handle.
    fn call(pool: &Self::Pool, name: &str, fields: &Fields<'_>) -> Result<Value, Failure>;

    /// Publishes a frame of the host without the pools.
    fn publish(bus: &Self::Bus, frame: Self::Frame) -> Result<(), Failure>;

    /// The records a journal has taken, without the first `skip`, in append order.
    fn records(journal: &Self::Journal, skip: usize) -> Vec<Value>;

    /// The frames a bus has taken, without the first `skip`, in publication order, as `subscribe_all` shows them.
    fn frames(bus: &Self::Bus, skip: usize) -> Vec<Value>;

    /// The records that a store holds of one pool, without the first `skip`.
    fn history(store: &Self::Store, pool_id: &str, skip: usize) -> Vec<Value>;
}

/// The operations that are called on a handle.
pub const POOL_OPERATIONS: [&str; 13] = [
    "join_run",
    "leave_run",
    "send",
    "record_message_status",
    "suspend_until",
    "poll_wake",
    "cancel_wake",
    "members",
    "snapshot",
    "subscribe",
    "scope_filter",
    "compile_scoped_filter",
    "watch_pool",
];

/// What a handle is opened with.
pub struct Opening<'a, S: System> {
    /// Which pool.
    pub pool_id: S::PoolId,
    /// Its journal.
    pub journal: &'a S::Journal,
    /// Its bus.
    pub bus: &'a S::Bus,
    /// Its store.
    pub store: &'a S::Store,
    /// The builder's default if absent.
    pub message_policy: Option<S::MessagePolicy>,
    /// The builder's default if absent.
    pub wake_policy: Option<S::WakePolicy>,
    /// The pool's own policies, in order.
    pub policy_refs: Vec<S::PolicyRef>,
}

/// Everything a script has mentioned so far. An instance exists from its first mention.
pub struct Instances<S: System> {
    /// The journals, by name.
    pub journals: BTreeMap<String, S::Journal>,
    /// The buses, by name.
    pub buses: BTreeMap<String, S::Bus>,
    /// The stores, by name.
    pub stores: BTreeMap<String, S::Store>,
}

impl<S: System> Default for Instances<S> {
    fn default() -> Self {
        Self {
            journals: BTreeMap::new(),
            buses: BTreeMap::new(),
            stores: BTreeMap::new(),
        }
    }
}
