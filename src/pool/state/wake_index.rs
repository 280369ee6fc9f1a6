//! Which registered wakes an event could trigger, without walking those that it cannot.

use std::collections::{BTreeSet, HashMap};

use crate::domain::{AgentId, CorrelationKey, RunId, WakeConditionId};
use crate::record::{
    CompiledEventFilter, EventEnvelope, EventFamily, EventFilter, EventFilterSet, EventKind,
    EventTag,
};

/// The pool emits this many kinds of events; the other kinds come from the host.
const POOL_EVENT_KINDS: f64 = 15.0;

/// How much a value of a field with an open set of values narrows things down: more than any other.
const OPEN_SET: f64 = 1.0e6;

/// One value of one filter field. A wake is filed under all values of the field that selects best.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Value {
    Any,
    Run(RunId),
    Agent(AgentId),
    Kind(EventKind),
    Family(EventFamily),
    Correlation(CorrelationKey),
    Tag(EventTag),
}

/// The registered wakes by the filter field that selects best.
#[derive(Default)]
pub(crate) struct WakeIndex {
    by_value: HashMap<Value, BTreeSet<WakeConditionId>>,
    values: HashMap<WakeConditionId, Vec<Value>>,
}

impl WakeIndex {
    /// Files a registered wake. `members` is the number of members of the pool, which says how much
    /// a run id narrows things down.
    pub(crate) fn insert(
        &mut self,
        condition_id: &WakeConditionId,
        filter: &CompiledEventFilter,
        members: usize,
    ) {
        self.remove(condition_id);
        let values = best_values(filter.criteria(), members);
        for value in &values {
            self.by_value
                .entry(value.clone())
                .or_default()
                .insert(condition_id.clone());
        }
        self.values.insert(condition_id.clone(), values);
    }

    /// Whether no wake is registered.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_value.is_empty()
    }

    /// Takes a wake out; one that is not filed is no matter.
    pub(crate) fn remove(&mut self, condition_id: &WakeConditionId) {
        for value in self.values.remove(condition_id).unwrap_or_default() {
            if let Some(filed) = self.by_value.get_mut(&value) {
                filed.remove(condition_id);
                if filed.is_empty() {
                    self.by_value.remove(&value);
                }
            }
        }
    }

    /// The wakes that the event could trigger, in condition id order. Each must still be matched:
    /// only one field of its filter was looked at.
    pub(crate) fn candidates(&self, event: &EventEnvelope) -> BTreeSet<WakeConditionId> {
        if self.is_empty() {
            return BTreeSet::new();
        }
        let single = [
            Value::Any,
            Value::Run(event.run_id.clone()),
            Value::Agent(event.agent_id.clone()),
            Value::Kind(event.event_kind),
            Value::Family(event.event_family),
        ];
        let correlations = event.correlation.entries.iter();
        let correlations = correlations.map(|entry| Value::Correlation(entry.key.clone()));
        let tags = event.tags.iter().map(|tag| Value::Tag(tag.clone()));
        single
            .into_iter()
            .chain(correlations)
            .chain(tags)
            .filter_map(|value| self.by_value.get(&value))
            .flatten()
            .cloned()
            .collect()
    }
}

/// The values of the field that lets the fewest events through, as far as one can tell beforehand.
fn best_values(filter: &EventFilter, members: usize) -> Vec<Value> {
    let runs = members.max(1) as f64;
    let candidates = [
        field(&filter.correlation_keys, OPEN_SET, Value::Correlation),
        field(&filter.tags, tag_values(&filter.tags), Value::Tag),
        field(&filter.run_ids, runs, Value::Run),
        field(&filter.agent_ids, runs, Value::Agent),
        field(&filter.kinds, POOL_EVENT_KINDS, Value::Kind),
        field(&filter.families, 1.0, Value::Family),
    ];
    candidates
        .into_iter()
        .flatten()
        .min_by(|left, right| left.0.total_cmp(&right.0))
        .map_or_else(|| vec![Value::Any], |(_, values)| values)
}

/// The share of events that pass the set and the values to file under; `None` if all of them pass.
fn field<T: Clone>(
    set: &EventFilterSet<T>,
    distinct_values: f64,
    value: impl Fn(T) -> Value,
) -> Option<(f64, Vec<Value>)> {
    let EventFilterSet::Include(included) = set else {
        return None;
    };
    let share = included.len() as f64 / distinct_values;
    Some((share, included.iter().cloned().map(value).collect()))
}

/// Every event of a pool bears the feature tag, so only a set without it selects anything.
fn tag_values(tags: &EventFilterSet<EventTag>) -> f64 {
    match tags {
        EventFilterSet::Include(included)
            if included.iter().any(|tag| *tag == EventTag::FEATURE) =>
        {
            included.len() as f64
        }
        _ => OPEN_SET,
    }
}
