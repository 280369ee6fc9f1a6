//! Matching: whether an event satisfies a filter.

use super::event_signature::FilterSignature;
use super::{EntityKinds, EventFilter, EventFilterSet, EventTag, EventTraits};
use crate::domain::{AgentId, CorrelationKey, EntityKind, Id, IdTable, RunId, TurnId};

/// Whether one of an event's values satisfies a set.
fn has<'a, T: PartialEq + 'a>(
    set: &EventFilterSet<T>,
    values: impl IntoIterator<Item = &'a T>,
) -> bool {
    match set {
        EventFilterSet::Any => true,
        EventFilterSet::Include(included) => {
            values.into_iter().any(|value| included.contains(value))
        }
    }
}

/// Whether one of the kinds of an event's related entities satisfies a set.
fn has_one(set: &EventFilterSet<EntityKind>, kinds: EntityKinds) -> bool {
    let included = set.included();
    included.is_none_or(|included| included.iter().any(|kind| kinds.contains(*kind)))
}

/// The entries of one set, hashed if there are so many that looking through them would take longer.
struct Hashed<T>(Option<IdTable<T, ()>>);

impl<T: Clone + Id + PartialEq> Hashed<T> {
    fn new(set: &EventFilterSet<T>) -> Self {
        const FEW: usize = 16;
        Self(match set {
            EventFilterSet::Include(values) if values.len() > FEW => {
                Some(values.iter().cloned().collect())
            }
            _ => None,
        })
    }

    fn has<'a>(&self, set: &EventFilterSet<T>, values: impl IntoIterator<Item = &'a T>) -> bool
    where
        T: 'a,
    {
        match &self.0 {
            Some(hashed) => values.into_iter().any(|value| hashed.contains(value)),
            None => has(set, values),
        }
    }
}

/// The sets that may be long, hashed, and the signature of the whole filter. The other sets hold values of
/// enumerations: they are short, or repeat themselves.
pub(super) struct Lookup {
    run_ids: Hashed<RunId>,
    agent_ids: Hashed<AgentId>,
    turn_ids: Hashed<TurnId>,
    correlation_keys: Hashed<CorrelationKey>,
    tags: Hashed<EventTag>,
    pub(super) signature: FilterSignature,
}

impl Lookup {
    pub(super) fn new(criteria: &EventFilter) -> Self {
        Self {
            run_ids: Hashed::new(&criteria.run_ids),
            agent_ids: Hashed::new(&criteria.agent_ids),
            turn_ids: Hashed::new(&criteria.turn_ids),
            correlation_keys: Hashed::new(&criteria.correlation_keys),
            tags: Hashed::new(&criteria.tags),
            signature: FilterSignature::new(criteria),
        }
    }

    /// Whether an event satisfies every field of the filter that this was made of.
    pub(super) fn matches(&self, criteria: &EventFilter, event: &EventTraits<'_>) -> bool {
        has(&criteria.kinds, Some(&event.event_kind))
            && has(&criteria.families, Some(&event.event_family))
            && (!criteria.terminal_only || event.event_kind.is_terminal())
            && has(&criteria.source_kinds, Some(&event.source_kind))
            && has(&criteria.destination_kinds, event.destination_kind.as_ref())
            && has(&criteria.subject_kinds, Some(&event.subject_kind))
            && has_one(&criteria.related_entity_kinds, event.related_kinds)
            && has(&criteria.privacy_classes, Some(&event.privacy))
            && has(
                &criteria.delivery_semantics,
                Some(&event.delivery_semantics),
            )
            && self.run_ids.has(&criteria.run_ids, Some(event.run_id))
            && self
                .agent_ids
                .has(&criteria.agent_ids, Some(event.agent_id))
            && self.turn_ids.has(&criteria.turn_ids, event.turn_id)
            && self.correlation_keys.has(
                &criteria.correlation_keys,
                event.correlation.iter().map(|entry| &entry.key),
            )
            && self.tags.has(&criteria.tags, event.tags)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::fixture::{frame, id};
    use super::super::{CompiledEventFilter, EventFamily, EventKind};
    use super::*;
    use crate::domain::{CorrelationEntry, DestinationKind, DestinationRef, EntityId, EntityRef};

    fn matches(change: impl FnOnce(&mut EventFilter)) -> bool {
        let mut criteria = EventFilter::default();
        change(&mut criteria);
        CompiledEventFilter::compile(criteria)
            .matches(&frame(EventKind::RunCompleted, 1).event.envelope)
    }

    fn runs(names: &[&str]) -> EventFilterSet<RunId> {
        names.iter().map(|name| RunId::new(name).unwrap()).collect()
    }

    #[test]
    fn an_event_must_satisfy_every_field() {
        assert!(matches(|_| {}));
        assert!(matches(|filter| filter.run_ids = runs(&["r2", "r1"])));
        assert!(!matches(|filter| filter.run_ids = runs(&["r2"])));
        assert!(!matches(|filter| filter.run_ids = runs(&[])));
        assert!(!matches(|filter| {
            filter.run_ids = runs(&["r1"]);
            filter.families = [EventFamily::Tool].into_iter().collect();
        }));
        assert!(matches(|filter| filter.terminal_only = true));
        let terminal = CompiledEventFilter::compile(EventFilter {
            terminal_only: true,
            ..EventFilter::default()
        });
        assert!(!terminal.matches(&frame(EventKind::RunStarted, 1).event.envelope));
    }

    /// Each field by itself lets an event through that has one of the values, and keeps out one that has none of them.
    #[test]
    fn every_field_by_itself_keeps_an_event_out() {
        let mut event = frame(EventKind::RunCompleted, 1);
        let envelope = &mut Arc::make_mut(&mut event.event).envelope;
        envelope.turn_id = Some(id("turn1"));
        envelope.destination = Some(DestinationRef::new(
            DestinationKind::Agent,
            RunId::new("r1").unwrap(),
        ));
        let related = [EntityKind::Run, EntityKind::Topic];
        envelope.related_refs = related
            .map(|kind| EntityRef::new(kind, id::<EntityId>("x")))
            .into();
        envelope.correlation.entries = [CorrelationEntry {
            key: id("key1"),
            value: id("v"),
        }]
        .into();
        envelope.tags = [EventTag::from_static("tag1")].into();
        for (field, within, without) in [
            ("run_ids", "r1", "r2"),
            ("agent_ids", "ag1", "ag2"),
            ("turn_ids", "turn1", "turn2"),
            ("families", "run", "tool"),
            ("kinds", "run_completed", "run_failed"),
            ("source_kinds", "host", "sdk"),
            ("destination_kinds", "agent", "host"),
            ("subject_kinds", "run", "message"),
            ("related_entity_kinds", "topic", "message"),
            ("correlation_keys", "key1", "key2"),
            ("tags", "tag1", "tag2"),
            ("privacy_classes", "content_refs_only", "public"),
            ("delivery_semantics", "journal_backed", "derived_replay"),
        ] {
            // Few values are looked through, many are hashed.
            for count in [1, 30] {
                let mut values = vec![without; count];
                let matches = |values: &[&str]| {
                    let criteria = serde_json::json!({ field: values }).to_string();
                    let criteria = crate::json::read(&criteria).unwrap();
                    CompiledEventFilter::compile(criteria).matches(&event.event.envelope)
                };
                assert!(!matches(&values), "{field}");
                values.push(within);
                assert!(matches(&values), "{field}");
            }
        }
    }

    #[test]
    fn what_an_event_lacks_satisfies_only_any() {
        let turn = TurnId::new("turn").unwrap();
        assert!(!matches(
            |filter| filter.turn_ids = [turn].into_iter().collect()
        ));
        assert!(!matches(
            |filter| filter.tags = [EventTag::from_static("t")].into_iter().collect()
        ));
        assert!(!matches(
            |filter| filter.destination_kinds = EventFilterSet::Include(Vec::new())
        ));
    }

    #[test]
    fn a_long_list_matches_as_a_short_one_does() {
        let many: Vec<String> = (2..1000).map(|number| format!("r{number}")).collect();
        let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(!matches(|filter| filter.run_ids = runs(&many)));
        many.push("r1");
        assert!(matches(|filter| filter.run_ids = runs(&many)));
    }
}
