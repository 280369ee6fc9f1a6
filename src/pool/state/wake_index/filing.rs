//! Where to file a wake: where few events are looked up.

use super::{Field, Place, Value};
use crate::domain::{PrivacyClass, SourceKind};
use crate::record::{
    EventDeliverySemantics, EventFamily, EventFilter, EventFilterSet, EventKind, EventTag,
};

/// How many values a field with an open set of values counts for: more than any other field.
const OPEN_SET: f64 = 1.0e6;

/// How many values a field with a small, closed set of values counts for.
const FEW: f64 = 3.0;

/// How many places a wake is filed under at most, so that wide filters do not fill the memory.
const MAX_PLACES: usize = 64;

/// Where a wake is filed.
pub(super) struct Filing {
    /// The field by whose values the wake is filed.
    pub(super) field: Field,
    /// The event kinds under which the wake is filed; `None` if its filter lists no kinds, or too many.
    pub(super) kinds: Vec<Option<EventKind>>,
    pub(super) places: Vec<Place>,
}

/// Where to file a wake. If no event can match its filter, there are no places.
pub(super) fn file(filter: &EventFilter, members: usize) -> Filing {
    let (field, values) = best_values(filter, members);
    let kinds: Vec<_> = match listed_kinds(filter) {
        Some(kinds) if kinds.len() * values.len() <= MAX_PLACES => {
            kinds.into_iter().map(Some).collect()
        }
        _ => vec![None],
    };
    let mut places = Vec::with_capacity(values.len() * kinds.len());
    for value in values {
        places.extend(kinds.iter().map(|kind| value.place(*kind).into()));
    }
    Filing {
        field,
        kinds,
        places,
    }
}

/// The kinds that the filter lets through, if it names kinds or asks for terminal events only.
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

/// The field that lets the fewest events through, as far as this can be told beforehand, and its values.
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
        // Most events of a pool have the same family, source kind, privacy class and delivery semantics. The subjects,
        // destinations and related entities are of a few kinds.
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

/// The values that a field has in a pool's events.
#[derive(Clone, Copy)]
enum Values<'a> {
    /// One of this many values.
    Among(f64),
    /// This value as a rule, so only a set without it selects.
    Mostly(&'a str),
}

impl Values<'_> {
    /// How many values the field counts for, given the set of a filter.
    fn distinct(self, set: &[&str]) -> f64 {
        match self {
            Self::Among(number) => number,
            Self::Mostly(usual) if set.contains(&usual) => 1.0,
            Self::Mostly(_) => OPEN_SET,
        }
    }
}

/// The texts of the set of a field; `None` if the set lets everything through, or has too many values.
fn texts<T: AsRef<str>>(set: &EventFilterSet<T>) -> Option<Vec<&str>> {
    let included = set.included().filter(|values| values.len() <= MAX_PLACES)?;
    Some(included.iter().map(AsRef::as_ref).collect())
}
