//! Runs operations and keeps their answers and effects.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    fields::{Failure, Fields},
    script::Script,
    system::{Instances, Opening, POOL_OPERATIONS, System},
};

/// Runs a whole script and returns its trace.
pub fn run<S: System>(script: &Script) -> Value {
    let mut runner = Runner::<S>::default();
    let mut open_errors = Map::new();
    for pool in &script.pools {
        if let Err(failure) = runner.open(&Fields::of(pool)) {
            let handle = pool["handle"].as_str().unwrap_or_default();
            open_errors.insert(handle.to_owned(), failure.to_json());
        }
    }
    let results: Vec<Value> = script
        .operations
        .iter()
        .map(|operation| runner.step(operation))
        .collect();
    let mut trace = runner.state();
    trace["name"] = json!(script.name);
    trace["results"] = json!(results);
    if !open_errors.is_empty() {
        trace["open_errors"] = Value::Object(open_errors);
    }
    trace
}

/// The handles and instances of a script while it runs.
pub struct Runner<S: System> {
    handles: BTreeMap<String, S::Pool>,
    /// What the script has mentioned.
    pub instances: Instances<S>,
    /// The pools opened through a handle, by store.
    pub pools: BTreeMap<String, BTreeSet<String>>,
}

impl<S: System> Default for Runner<S> {
    fn default() -> Self {
        Self {
            handles: BTreeMap::new(),
            instances: Instances::default(),
            pools: BTreeMap::new(),
        }
    }
}

impl<S: System> Runner<S> {
    /// An open handle's pool.
    #[allow(
        dead_code,
        reason = "only the differential test looks at a pool between operations"
    )]
    pub fn pool(&self, handle: &str) -> Option<&S::Pool> {
        self.handles.get(handle)
    }

    /// Runs one operation and returns its entry in the trace's `results`.
    pub fn step(&mut self, operation: &Value) -> Value {
        match self.try_step(&Fields::of(operation)) {
            Ok(value) => json!({"ok": value}),
            Err(failure) => json!({"err": failure.to_json()}),
        }
    }

    /// Checks the name first, then the handle, then the fields, and then makes the call.
    fn try_step(&mut self, fields: &Fields<'_>) -> Result<Value, Failure> {
        let name: String = fields.required("op")?;
        match name.as_str() {
            "open" => self.open(fields).map(Value::String),
            "publish" => self.publish(fields).map(|()| Value::Null),
            name if POOL_OPERATIONS.contains(&name) => {
                let handle: String = fields.required("handle")?;
                let pool = self
                    .handles
                    .get(&handle)
                    .ok_or_else(|| Failure::unknown_handle(&handle))?;
                S::call(pool, name, fields)
            }
            unknown => Err(Failure::unknown_operation(unknown)),
        }
    }

    /// Opens a handle. One that is already open is replaced, but only if the new one opens.
    fn open(&mut self, fields: &Fields<'_>) -> Result<String, Failure> {
        let handle: String = fields.required("handle")?;
        let pool_id: S::PoolId = fields.required("pool_id")?;
        let store: String = fields.required("store")?;
        let bus: String = fields.required("bus")?;
        let journal: String = fields.required("journal")?;
        let message_policy = fields.optional("message_policy")?;
        let wake_policy = fields.optional("wake_policy")?;
        let policy_refs = fields.optional("policy_refs")?.unwrap_or_default();
        let Instances {
            journals,
            buses,
            stores,
        } = &mut self.instances;
        let pool = S::open(Opening {
            pool_id,
            store: stores.entry(store.clone()).or_default(),
            bus: buses.entry(bus).or_default(),
            journal: journals.entry(journal).or_default(),
            message_policy,
            wake_policy,
            policy_refs,
        })?;
        let pool_id: String = fields.required("pool_id")?;
        self.handles.insert(handle, pool);
        self.pools.entry(store).or_default().insert(pool_id.clone());
        Ok(pool_id)
    }

    fn publish(&mut self, fields: &Fields<'_>) -> Result<(), Failure> {
        let name: String = fields.required("bus")?;
        let frame = fields.required("frame")?;
        S::publish(self.instances.buses.entry(name).or_default(), frame)
    }

    /// Journals, buses and stores as a trace shows them.
    pub fn state(&self) -> Value {
        let Instances {
            journals,
            buses,
            stores,
        } = &self.instances;
        let stores: BTreeMap<_, BTreeMap<_, _>> = stores
            .iter()
            .map(|(name, store)| {
                let pools = self.pools.get(name).into_iter().flatten();
                let histories = pools.map(|pool_id| (pool_id, S::history(store, pool_id, 0)));
                (name, histories.collect())
            })
            .collect();
        let journals: BTreeMap<_, _> = journals
            .iter()
            .map(|(name, journal)| (name, S::records(journal, 0)))
            .collect();
        let buses: BTreeMap<_, _> = buses
            .iter()
            .map(|(name, bus)| (name, S::frames(bus, 0)))
            .collect();
        json!({"journals": journals, "buses": buses, "stores": stores})
    }
}
