//! Which registered wakes an event could trigger, without walking those that it cannot.

use std::sync::Arc;

use crate::domain::{EntityKind, IdSet, IdTable, PrivacyClass, SourceKind, WakeConditionId};
use crate::record::{
    CompiledEventFilter, EventDeliverySemantics, EventFamily, EventFilter, EventFilterSet,
    EventKind, EventTag, EventTraits,
};

/// How much a value of a field with an open set of values narrows things down: more than any other.
const OPEN_SET: f64 = 1.0e6;

/// How many values there are of a field with a small closed set of them.
const FEW: f64 = 3.0;

/// The fields of a filter, by which wakes are filed.
#[derive(Clone, Copy)]
enum Field {
    /// None: the filter lets everything through.
    Any,
    Run,
    Agent,
    Turn,
    Family,
    Correlation,
    Tag,
    Source,
    Destination,
    Subject,
    Related,
    Privacy,
    Delivery,
}

impl Field {
    const COUNT: usize = Self::Delivery as usize + 1;

    /// What places of the field begin with: a letter of its own.
    fn letter(self) -> char {
        char::from(b'a' + self as u8)
    }
}

/// Under how many places a wake is filed at most, so that wide filters do not fill the memory.
const MAX_PLACES: usize = 64;

/// Where a wake is filed: under the values of the filter field that selects best and, with each of
/// them, under the event kinds that the filter lists. A text, since that makes the index a map like
/// any other; only its end, the value, may hold a line break.
type Place = Arc<str>;

/// One value of one filter field.
#[derive(Clone, Copy)]
struct Value<'a> {
    field: Field,
    text: &'a str,
}

impl<'a> Value<'a> {
    const ANY: Self = Self::new(Field::Any, "");

    const fn new(field: Field, text: &'a str) -> Self {
        Self { field, text }
    }

    /// The place of what waits for an event with this value and of that kind; `None` for a filter
    /// that lists no kinds, or too many.
    fn place(self, kind: Option<EventKind>) -> String {
        let kind = kind.map_or("", EventKind::as_str);
        let mut place = String::from(self.field.letter());
        place.push_str(kind);
        place.push('\n');
        place.push_str(self.text);
        place
    }
}

/// The registered wakes, each filed where the events that it waits for will look.
#[derive(Default)]
pub(crate) struct WakeIndex {
    filed: IdTable<Place, IdSet<WakeConditionId>>,
    places: IdTable<WakeConditionId, (Field, Vec<Place>)>,
    /// How many wakes are filed by each field: an event is looked up by those only that there are any of.
    filed_by: [usize; Field::COUNT],
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
        let (field, places) = places(filter.criteria(), members);
        for place in &places {
            let filed = self.filed.get_or_default(place);
            filed.add(condition_id.clone());
        }
        self.filed_by[field as usize] += 1;
        self.places.insert(condition_id.clone(), (field, places));
    }

    /// Takes a wake out; one that is not filed is no matter.
    pub(crate) fn remove(&mut self, condition_id: &WakeConditionId) {
        let Some((field, places)) = self.places.remove(condition_id) else {
            return;
        };
        self.filed_by[field as usize] -= 1;
        for place in places {
            if let Some(filed) = self.filed.get_mut(&place) {
                filed.remove(condition_id);
                if filed.is_empty() {
                    self.filed.remove(&place);
                }
            }
        }
    }

    /// Whether no wake is registered that an event could trigger.
    pub(crate) fn is_empty(&self) -> bool {
        self.filed.is_empty()
    }

    /// The wakes that the event could trigger, in condition id order. Each must still be matched:
    /// not all fields of its filter were looked at.
    pub(crate) fn candidates(&self, event: &EventTraits<'_>) -> IdSet<WakeConditionId> {
        let mut candidates = IdSet::default();
        if self.filed.is_empty() {
            return candidates;
        }
        tell_values(event, &mut |value| {
            if self.filed_by[value.field as usize] == 0 {
                return;
            }
            for kind in [None, Some(event.event_kind)] {
                if let Some(filed) = self.filed.get_text(&value.place(kind)) {
                    candidates.extend(filed.ids().cloned());
                }
            }
        });
        candidates
    }
}

/// Tells of every value under which a wake may be filed that waits for this event.
fn tell_values<'a>(event: &EventTraits<'a>, tell: &mut dyn FnMut(Value<'a>)) {
    let single = [
        Value::ANY,
        Value::new(Field::Run, event.run_id.as_str()),
        Value::new(Field::Agent, event.agent_id.as_str()),
        Value::new(Field::Family, event.event_family.as_str()),
        Value::new(Field::Source, event.source_kind.as_str()),
        Value::new(Field::Subject, event.subject_kind.as_str()),
        Value::new(Field::Privacy, event.privacy.as_str()),
        Value::new(Field::Delivery, event.delivery_semantics.as_str()),
    ];
    single.into_iter().for_each(&mut *tell);
    if let Some(id) = event.turn_id {
        tell(Value::new(Field::Turn, id.as_str()));
    }
    if let Some(kind) = event.destination_kind {
        tell(Value::new(Field::Destination, kind.as_str()));
    }
    for kind in EntityKind::ALL {
        if event.related_kinds.contains(*kind) {
            tell(Value::new(Field::Related, kind.as_str()));
        }
    }
    for entry in event.correlation {
        tell(Value::new(Field::Correlation, entry.key.as_str()));
    }
    for tag in event.tags {
        tell(Value::new(Field::Tag, tag.as_str()));
    }
}

/// By which field to file a wake, and where; nowhere, if no event can match its filter.
fn places(filter: &EventFilter, members: usize) -> (Field, Vec<Place>) {
    let (field, values) = best_values(filter, members);
    let kinds = match listed_kinds(filter) {
        Some(kinds) if kinds.len() * values.len() <= MAX_PLACES => {
            kinds.into_iter().map(Some).collect()
        }
        _ => vec![None],
    };
    let mut places = Vec::with_capacity(values.len() * kinds.len());
    for value in values {
        places.extend(kinds.iter().map(|kind| value.place(*kind).into()));
    }
    (field, places)
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

/// The field that lets the fewest events through, as far as one can tell beforehand, and its values.
fn best_values(filter: &EventFilter, members: usize) -> (Field, Vec<Value<'_>>) {
    let feature = EventTag::FEATURE;
    let runs = Values::Among(members.max(1) as f64);
    let any_text = Values::Among(OPEN_SET);
    let few = Values::Among(FEW);
    let fields = [
        (
            Field::Correlation,
            texts(&filter.correlation_keys),
            any_text,
        ),
        (Field::Turn, texts(&filter.turn_ids), any_text),
        (
            Field::Tag,
            texts(&filter.tags),
            Values::Mostly(feature.as_ref()),
        ),
        (Field::Run, texts(&filter.run_ids), runs),
        (Field::Agent, texts(&filter.agent_ids), runs),
        // A pool's events are of one family, from one kind of source and so on; the subjects,
        // destinations and related things are of a few kinds.
        (
            Field::Family,
            texts(&filter.families),
            Values::Mostly(EventFamily::AgentPool.as_str()),
        ),
        (
            Field::Source,
            texts(&filter.source_kinds),
            Values::Mostly(SourceKind::Sdk.as_str()),
        ),
        (
            Field::Privacy,
            texts(&filter.privacy_classes),
            Values::Mostly(PrivacyClass::ContentRefsOnly.as_str()),
        ),
        (
            Field::Delivery,
            texts(&filter.delivery_semantics),
            Values::Mostly(EventDeliverySemantics::JournalBacked.as_str()),
        ),
        (Field::Subject, texts(&filter.subject_kinds), few),
        (Field::Destination, texts(&filter.destination_kinds), few),
        (Field::Related, texts(&filter.related_entity_kinds), few),
    ];
    let mut best = (f64::INFINITY, Field::Any, vec![Value::ANY]);
    for (field, texts, values) in fields {
        let Some(texts) = texts else { continue };
        let share = texts.len() as f64 / values.distinct(&texts);
        if share < best.0 {
            let values = texts.into_iter().map(|text| Value::new(field, text));
            best = (share, field, values.collect());
        }
    }
    (best.1, best.2)
}

/// The values that a field of a pool's events has.
#[derive(Clone, Copy)]
enum Values<'a> {
    /// One of so many.
    Among(f64),
    /// This one, so that only a set without it selects.
    Mostly(&'a str),
}

impl Values<'_> {
    /// How many there are, as far as this set is concerned.
    fn distinct(self, set: &[&str]) -> f64 {
        match self {
            Self::Among(number) => number,
            Self::Mostly(usual) if set.contains(&usual) => 1.0,
            Self::Mostly(_) => OPEN_SET,
        }
    }
}

/// The texts of the set of a field; `None` if it lets everything through, or if there are too many.
fn texts<T: AsRef<str>>(set: &EventFilterSet<T>) -> Option<Vec<&str>> {
    let included = set.included().filter(|values| values.len() <= MAX_PLACES)?;
    Some(included.iter().map(AsRef::as_ref).collect())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
