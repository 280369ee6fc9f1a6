//! Which registered wakes an event could trigger, without walking those that it cannot.

use std::collections::{BTreeSet, HashMap};

use crate::domain::{
    AgentId, CorrelationKey, DestinationKind, EntityKind, PrivacyClass, RunId, SourceKind, TurnId,
    WakeConditionId,
};
use crate::record::{
    CompiledEventFilter, EventDeliverySemantics, EventEnvelope, EventFamily, EventFilter,
    EventFilterSet, EventKind, EventTag,
};

/// How much a value of a field with an open set of values narrows things down: more than any other.
const OPEN_SET: f64 = 1.0e6;

/// How many values there are of a field with a small closed set of them.
const FEW: f64 = 3.0;

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
    Turn(TurnId),
    Family(EventFamily),
    Correlation(CorrelationKey),
    Tag(EventTag),
    Source(SourceKind),
    Destination(DestinationKind),
    Subject(EntityKind),
    Related(EntityKind),
    Privacy(PrivacyClass),
    Delivery(EventDeliverySemantics),
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
        let mut candidates = BTreeSet::new();
        for value in values_of(event) {
            let mut place = Place { value, kind: None };
            candidates.extend(self.filed.get(&place).into_iter().flatten().cloned());
            place.kind = Some(event.event_kind);
            candidates.extend(self.filed.get(&place).into_iter().flatten().cloned());
        }
        candidates
    }
}

/// Every value under which a wake may be filed that waits for this event.
fn values_of(event: &EventEnvelope) -> impl Iterator<Item = Value> {
    let single = [
        Value::Any,
        Value::Run(event.run_id.clone()),
        Value::Agent(event.agent_id.clone()),
        Value::Family(event.event_family),
        Value::Source(event.source.kind),
        Value::Subject(event.subject_ref.kind),
        Value::Privacy(event.privacy),
        Value::Delivery(event.delivery_semantics),
    ];
    let turn = event.turn_id.clone().map(Value::Turn);
    let destination = event.destination.as_ref();
    let destination = destination.map(|destination| Value::Destination(destination.kind));
    let related = event.related_refs.iter();
    // Of the many receivers of a message one stands for all: the refs are sorted by kind.
    let mut last_kind = None;
    let related =
        related.filter(move |related| last_kind.replace(related.kind) != Some(related.kind));
    let correlations = event.correlation.entries.iter();
    single
        .into_iter()
        .chain(turn)
        .chain(destination)
        .chain(related.map(|related| Value::Related(related.kind)))
        .chain(correlations.map(|entry| Value::Correlation(entry.key.clone())))
        .chain(event.tags.iter().cloned().map(Value::Tag))
}

/// Where to file a wake; nowhere, if no event can match its filter.
fn places(filter: &EventFilter, members: usize) -> Vec<Place> {
    let values = best_values(filter, members);
    let kinds = match listed_kinds(filter) {
        Some(kinds) if kinds.len() * values.len() <= MAX_PLACES => {
            kinds.into_iter().map(Some).collect()
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

/// The kinds that the filter lets through, if it names them or asks for those that end something.
fn listed_kinds(filter: &EventFilter) -> Option<Vec<EventKind>> {
    let kinds = match (filter.kinds.included(), filter.terminal_only) {
        (Some(kinds), _) => kinds,
        (None, true) => EventKind::ALL,
        (None, false) => return None,
    };
    let kinds = kinds.iter().copied();
    Some(
        kinds
            .filter(|kind| !filter.terminal_only || kind.is_terminal())
            .collect(),
    )
}

/// The values of the field that lets the fewest events through, as far as one can tell beforehand.
fn best_values(filter: &EventFilter, members: usize) -> Vec<Value> {
    let runs = members.max(1) as f64;
    let candidates = [
        field(&filter.correlation_keys, |_| OPEN_SET, Value::Correlation),
        field(&filter.turn_ids, |_| OPEN_SET, Value::Turn),
        field(&filter.tags, distinct(&EventTag::FEATURE), Value::Tag),
        field(&filter.run_ids, |_| runs, Value::Run),
        field(&filter.agent_ids, |_| runs, Value::Agent),
        // A pool's events are of one family, from one kind of source and so on; the subjects,
        // destinations and related things are of a few kinds.
        field(
            &filter.families,
            distinct(&EventFamily::AgentPool),
            Value::Family,
        ),
        field(
            &filter.source_kinds,
            distinct(&SourceKind::Sdk),
            Value::Source,
        ),
        field(
            &filter.privacy_classes,
            distinct(&PrivacyClass::ContentRefsOnly),
            Value::Privacy,
        ),
        field(
            &filter.delivery_semantics,
            distinct(&EventDeliverySemantics::JournalBacked),
            Value::Delivery,
        ),
        field(&filter.subject_kinds, |_| FEW, Value::Subject),
        field(&filter.destination_kinds, |_| FEW, Value::Destination),
        field(&filter.related_entity_kinds, |_| FEW, Value::Related),
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
    distinct_values: impl Fn(&[T]) -> f64,
    value: impl Fn(T) -> Value,
) -> Option<(f64, Vec<Value>)> {
    let included = set.included().filter(|values| values.len() <= MAX_PLACES)?;
    let share = included.len() as f64 / distinct_values(included);
    Some((share, included.iter().cloned().map(value).collect()))
}

/// For a field that is the same in every event of a pool: only a set without that value selects.
fn distinct<T: PartialEq>(usual: &T) -> impl Fn(&[T]) -> f64 {
    move |included| match included.contains(usual) {
        true => 1.0,
        false => OPEN_SET,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
