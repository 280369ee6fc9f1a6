//! Which registered wakes an event could trigger, without walking those that it cannot.

use std::collections::{BTreeSet, HashMap};

use crate::domain::{AgentId, CorrelationKey, RunId, WakeConditionId};
use crate::record::{
    CompiledEventFilter, EventEnvelope, EventFamily, EventFilter, EventFilterSet, EventKind,
    EventTag,
};

/// How much a value of a field with an open set of values narrows things down: more than any other.
const OPEN_SET: f64 = 1.0e6;

/// Under how many places a wake is filed at most, so that wide filters do not fill the memory.
const MAX_PLACES: usize = 64;

/// Where a wake is filed: under the values of the filter field that selects best and, with each of
/// them, under the event kinds that the filter lists.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct Place {
    value: Value,
    /// `None` for a filter that lists no kinds, or too many.
    kind: Option<EventKind>,
}

/// One value of one filter field.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Value {
    Any,
    Run(RunId),
    Agent(AgentId),
    Family(EventFamily),
    Correlation(CorrelationKey),
    Tag(EventTag),
}

/// The registered wakes, each filed where the events that it waits for will look.
#[derive(Default)]
pub(crate) struct WakeIndex {
    filed: HashMap<Place, BTreeSet<WakeConditionId>>,
    places: HashMap<WakeConditionId, Vec<Place>>,
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
        let places = places(filter.criteria(), members);
        for place in &places {
            let filed = self.filed.entry(place.clone()).or_default();
            filed.insert(condition_id.clone());
        }
        self.places.insert(condition_id.clone(), places);
    }

    /// Takes a wake out; one that is not filed is no matter.
    pub(crate) fn remove(&mut self, condition_id: &WakeConditionId) {
        for place in self.places.remove(condition_id).unwrap_or_default() {
            if let Some(filed) = self.filed.get_mut(&place) {
                filed.remove(condition_id);
                if filed.is_empty() {
                    self.filed.remove(&place);
                }
            }
        }
    }

    /// The wakes that the event could trigger, in condition id order. Each must still be matched:
    /// not all fields of its filter were looked at.
    pub(crate) fn candidates(&self, event: &EventEnvelope) -> BTreeSet<WakeConditionId> {
        if self.filed.is_empty() {
            return BTreeSet::new();
        }
        let single = [
            Value::Any,
            Value::Run(event.run_id.clone()),
            Value::Agent(event.agent_id.clone()),
            Value::Family(event.event_family),
        ];
        let correlations = event.correlation.entries.iter();
        let correlations = correlations.map(|entry| Value::Correlation(entry.key.clone()));
        let tags = event.tags.iter().map(|tag| Value::Tag(tag.clone()));
        let mut candidates = BTreeSet::new();
        for value in single.into_iter().chain(correlations).chain(tags) {
            let mut place = Place { value, kind: None };
            candidates.extend(self.filed.get(&place).into_iter().flatten().cloned());
            place.kind = Some(event.event_kind);
            candidates.extend(self.filed.get(&place).into_iter().flatten().cloned());
        }
        candidates
    }
}

/// Where to file a wake; nowhere, if no event can match its filter.
fn places(filter: &EventFilter, members: usize) -> Vec<Place> {
    let values = best_values(filter, members);
    let kinds = match &filter.kinds {
        EventFilterSet::Include(kinds) if kinds.len() * values.len() <= MAX_PLACES => {
            kinds.iter().copied().map(Some).collect()
        }
        _ => vec![None],
    };
    let places = values.into_iter().flat_map(|value| {
        kinds.iter().map(move |kind| Place {
            value: value.clone(),
            kind: *kind,
        })
    });
    places.collect()
}

/// The values of the field that lets the fewest events through, as far as one can tell beforehand.
fn best_values(filter: &EventFilter, members: usize) -> Vec<Value> {
    let runs = members.max(1) as f64;
    let candidates = [
        field(&filter.correlation_keys, OPEN_SET, Value::Correlation),
        field(&filter.tags, distinct_tags(&filter.tags), Value::Tag),
        field(&filter.run_ids, runs, Value::Run),
        field(&filter.agent_ids, runs, Value::Agent),
        field(
            &filter.families,
            distinct_families(&filter.families),
            Value::Family,
        ),
    ];
    candidates
        .into_iter()
        .flatten()
        .min_by(|left, right| left.0.total_cmp(&right.0))
        .map_or_else(|| vec![Value::Any], |(_, values)| values)
}

/// The share of events that pass the set and the values to file under; `None` if all of them pass, or
/// if there are too many values.
fn field<T: Clone>(
    set: &EventFilterSet<T>,
    distinct_values: f64,
    value: impl Fn(T) -> Value,
) -> Option<(f64, Vec<Value>)> {
    let included = set.included().filter(|values| values.len() <= MAX_PLACES)?;
    let share = included.len() as f64 / distinct_values;
    Some((share, included.iter().cloned().map(value).collect()))
}

/// Every event of a pool bears the feature tag, so only a set without it selects anything.
fn distinct_tags(tags: &EventFilterSet<EventTag>) -> f64 {
    match tags.included() {
        Some(included) if included.contains(&EventTag::FEATURE) => 1.0,
        _ => OPEN_SET,
    }
}

/// Every event of a pool is of one family.
fn distinct_families(families: &EventFilterSet<EventFamily>) -> f64 {
    match families.included() {
        Some(included) if included.contains(&EventFamily::AgentPool) => 1.0,
        _ => OPEN_SET,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
