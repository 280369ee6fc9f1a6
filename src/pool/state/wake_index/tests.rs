//! What the index of wakes promises: it leaves out none that matches, and looks at few that do not.

use proptest::prelude::*;
use serde::de::DeserializeOwned;

use super::*;
use crate::domain::{CorrelationEntry, EntityKind, LONGEST_TEXT, MAX_ID_BYTES, PrivacyClass};
use crate::record::fixture::{frame, id};
use crate::record::{EventEnvelope, EventFamily, EventFilter, EventFilterSet, EventTag};

/// The id of a wake.
fn name(number: usize) -> WakeConditionId {
    id(&format!("w{number:05}"))
}

fn index_of(filters: impl IntoIterator<Item = EventFilter>, members: usize) -> WakeIndex {
    let mut index = WakeIndex::default();
    for (number, filter) in filters.into_iter().enumerate() {
        let filter = CompiledEventFilter::compile(filter);
        index.insert(&name(number), &filter, members);
    }
    index
}

fn event(kind: EventKind, run_id: &str) -> EventEnvelope {
    let mut event = frame(kind, 1).event.envelope.clone();
    event.event_family = EventFamily::AgentPool;
    event.run_id = id(run_id);
    event.tags = [EventTag::FEATURE].into();
    event
}

/// A set of up to three of these values, or now and then one that lets everything through.
fn set<T: Clone + std::fmt::Debug + 'static>(
    values: Vec<T>,
) -> impl Strategy<Value = EventFilterSet<T>> {
    prop_oneof![
        1 => Just(EventFilterSet::Any),
        2 => prop::collection::vec(prop::sample::select(values), 0..4)
            .prop_map(EventFilterSet::Include),
    ]
}

fn ids<T: DeserializeOwned>(texts: &[&str]) -> Vec<T> {
    texts.iter().map(|text| id(text)).collect()
}

fn kinds() -> Vec<EventKind> {
    vec![
        EventKind::RunMessageAccepted,
        EventKind::RunMessageDelivered,
        EventKind::AgentPoolRunLeft,
        EventKind::ToolCompleted,
    ]
}

fn tags() -> Vec<EventTag> {
    vec![EventTag::FEATURE, EventTag::new("a"), EventTag::new("b")]
}

fn filter() -> impl Strategy<Value = EventFilter> {
    (
        set(ids(&["r1", "r2", "r3"])),
        set(ids(&["ag1", "ag2"])),
        set(kinds()),
        set(vec![
            EventFamily::AgentPool,
            EventFamily::Tool,
            EventFamily::Run,
        ]),
        set(ids(&["k1", "k2", "k3"])),
        set(tags()),
        set(vec![EntityKind::Run, EntityKind::Message]),
        set(vec![PrivacyClass::ContentRefsOnly, PrivacyClass::Secret]),
        any::<bool>(),
    )
        .prop_map(
            |(run_ids, agent_ids, kinds, families, keys, tags, subjects, privacy, terminal)| {
                EventFilter {
                    run_ids,
                    agent_ids,
                    kinds,
                    families,
                    correlation_keys: keys,
                    tags,
                    subject_kinds: subjects,
                    privacy_classes: privacy,
                    terminal_only: terminal,
                    ..EventFilter::default()
                }
            },
        )
}

fn any_event() -> impl Strategy<Value = EventEnvelope> {
    let keys = prop::sample::subsequence(vec!["k1", "k2"], 0..=2);
    let family = vec![EventFamily::AgentPool, EventFamily::Tool];
    (
        prop::sample::select(kinds()),
        prop::sample::select(vec!["r1", "r2", "r9"]),
        prop::sample::select(vec!["ag1", "ag9"]),
        prop::sample::select(family),
        keys,
        prop::sample::subsequence(tags(), 0..=3),
    )
        .prop_map(|(kind, run_id, agent_id, family, keys, tags)| {
            let mut event = event(kind, run_id);
            event.agent_id = id(agent_id);
            event.event_family = family;
            let entries = keys.into_iter().map(|key| CorrelationEntry {
                key: id(key),
                value: id("v"),
            });
            event.correlation.entries = entries.collect();
            event.tags = tags.into();
            event
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_wake_that_matches_is_a_candidate_and_none_that_was_taken_out(
        filters in prop::collection::vec(filter(), 0..40),
        events in prop::collection::vec(any_event(), 1..10),
        members in 0..2000_usize,
        taken_out in prop::collection::vec(0..40_usize, 0..20),
    ) {
        let mut index = index_of(filters.clone(), members);
        for number in &taken_out {
            index.remove(&name(*number));
        }
        for event in events {
            let candidates = index.candidates(&event.traits());
            prop_assert!(candidates.is_empty() || index.awaits(event.event_kind));
            for (number, filter) in filters.iter().enumerate() {
                let is_candidate = candidates.contains(&name(number));
                let filed = !taken_out.contains(&number);
                let matches = CompiledEventFilter::compile(filter.clone()).matches(&event);
                prop_assert!(is_candidate || !matches || !filed, "{:?}", filter);
                prop_assert!(filed || !is_candidate);
            }
        }
        for number in 0..filters.len() {
            index.remove(&name(number));
        }
        prop_assert!(index.filed.is_empty() && index.filings.is_empty());
        prop_assert!(!EventKind::ALL.iter().any(|kind| index.awaits(*kind)));
    }
}

/// How many of these wakes are looked at for an event about the status of a message of `r1`.
fn looked_at(filters: impl IntoIterator<Item = EventFilter>) -> usize {
    let index = index_of(filters, 1_000);
    index
        .candidates(&event(EventKind::RunMessageAccepted, "r1").traits())
        .len()
}

#[test]
fn ten_thousand_wakes_that_wait_for_something_else_are_not_looked_at() {
    let each = |filter: fn(usize) -> EventFilter| (0..10_000).map(filter);
    // For other runs, other agents, other keys, other tags, other kinds, other families.
    assert_eq!(
        looked_at(each(|number| EventFilter::run(id(&format!("x{number}"))))),
        0
    );
    assert_eq!(
        looked_at(each(|number| EventFilter::agent(id(&format!("x{number}"))))),
        0
    );
    assert_eq!(
        looked_at(each(|number| EventFilter {
            correlation_keys: [id(&format!("x{number}"))].into_iter().collect(),
            ..EventFilter::default()
        })),
        0
    );
    assert_eq!(
        looked_at(each(|number| EventFilter {
            tags: [EventTag::new(format!("x{number}"))].into_iter().collect(),
            ..EventFilter::default()
        })),
        0
    );
    assert_eq!(
        looked_at(each(|_| EventFilter::kinds([
            EventKind::RunMessageResponded
        ]))),
        0
    );
    assert_eq!(
        looked_at(each(|_| EventFilter {
            families: [EventFamily::Tool].into_iter().collect(),
            ..EventFilter::default()
        })),
        0
    );
}

#[test]
fn wakes_of_one_run_for_other_kinds_of_events_are_not_looked_at() {
    // What pools do most: every member waits for one kind of event, of any member.
    let of_all = |kind| EventFilter {
        run_ids: (0..100).map(|number| id(&format!("r{number}"))).collect(),
        ..EventFilter::kinds([kind])
    };
    let other_kinds = (0..100).map(|_| of_all(EventKind::RunMessageDelivered));
    assert_eq!(looked_at(other_kinds), 0);
    assert_eq!(looked_at([of_all(EventKind::RunMessageAccepted)]), 1);
}

#[test]
fn candidates_come_in_the_order_of_their_ids() {
    let mut index = WakeIndex::default();
    let filters = [EventFilter::default(), EventFilter::run(id("r1"))];
    for (number, name) in ["w10", "w2", "W", "é", "w1"].into_iter().enumerate() {
        let filter = CompiledEventFilter::compile(filters[number % 2].clone());
        index.insert(&id(name), &filter, 3);
    }
    let candidates = index.candidates(&event(EventKind::RunMessageAccepted, "r1").traits());
    let names: Vec<_> = candidates.ids().map(|name| name.as_str()).collect();
    assert_eq!(names, ["W", "w1", "w10", "w2", "é"]);
}

#[test]
fn a_wake_filed_again_is_filed_once() {
    let mut index = WakeIndex::default();
    let at = |run_id| CompiledEventFilter::compile(EventFilter::run(id(run_id)));
    index.insert(&id("w1"), &at("r1"), 3);
    index.insert(&id("w1"), &at("r2"), 3);
    let accepted = |run_id| event(EventKind::RunMessageAccepted, run_id);
    assert!(index.candidates(&accepted("r1").traits()).is_empty());
    assert_eq!(index.candidates(&accepted("r2").traits()).len(), 1);
    index.remove(&id("w1"));
    assert!(index.candidates(&accepted("r2").traits()).is_empty());
    index.remove(&id("w1"));
}

#[test]
fn no_place_is_longer_than_what_is_hashed_to_its_end() {
    let longest = "x".repeat(MAX_ID_BYTES);
    let value = Value::new(Field::Correlation, &longest);
    let kinds = EventKind::ALL.iter();
    let longest = kinds.map(|kind| value.place(Some(*kind)).len()).max();
    assert!(longest > Some(MAX_ID_BYTES) && longest <= Some(LONGEST_TEXT));
}
