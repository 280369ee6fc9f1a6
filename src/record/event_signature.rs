//! Signatures: a few bits of an event, by which most events that a filter does not let through are passed over without
//! being looked at.
//!
//! A bus in memory looks through all its frames for those that a filter lets through. The events are all over the
//! memory, and to look at one takes 150 ns. Signatures lie side by side: with one it takes a tenth.

use std::iter::zip;

use super::{EventFilter, EventFilterSet, EventKind, EventTraits};
use crate::domain::{DestinationKind, Id, text_hash};

/// The signature of an event: bits for its kind, its run, its agent, its destination and its correlation keys; or the
/// signature of a filter: the bits of all events that it lets through. Different values may have the same bit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EventSignature([u32; 5]);

/// The bit for that an event has none of something. No value has it.
const NONE: u32 = 1;

impl EventSignature {
    /// The signature of an event.
    pub(crate) fn of_event(event: &EventTraits<'_>) -> Self {
        let keys = event.correlation.iter().map(|entry| id_bit(&entry.key));
        Self([
            kind_bit(&event.event_kind),
            id_bit(event.run_id),
            id_bit(event.agent_id),
            event
                .destination_kind
                .as_ref()
                .map_or(NONE, destination_bit),
            keys.fold(NONE, |bits, bit| bits | bit),
        ])
    }

    /// The bits of the events that satisfy the criteria.
    pub(super) fn of_filter(criteria: &EventFilter) -> Self {
        Self([
            bits(&criteria.kinds, kind_bit),
            bits(&criteria.run_ids, id_bit),
            bits(&criteria.agent_ids, id_bit),
            bits(&criteria.destination_kinds, destination_bit),
            bits(&criteria.correlation_keys, id_bit),
        ])
    }

    /// Whether the signatures of an event and a filter do not exclude each other.
    pub(super) fn agrees(self, other: Self) -> bool {
        zip(self.0, other.0).all(|(one, other)| one & other != 0)
    }
}

/// The bits of the values that a set includes; all bits if it includes any value, and none.
fn bits<T>(set: &EventFilterSet<T>, bit: fn(&T) -> u32) -> u32 {
    let included = set.included();
    included.map_or(u32::MAX, |values| {
        values.iter().fold(0, |bits, value| bits | bit(value))
    })
}

fn kind_bit(kind: &EventKind) -> u32 {
    bit(*kind as u32)
}

fn destination_bit(kind: &DestinationKind) -> u32 {
    bit(*kind as u32)
}

fn id_bit<T: Id>(id: &T) -> u32 {
    bit(text_hash(id.as_text()))
}

/// One of the 31 bits other than [`NONE`].
fn bit(number: u32) -> u32 {
    2 << (number % 31)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{frame, id};
    use super::super::{CompiledEventFilter, EventEnvelope};
    use super::*;
    use crate::domain::{CorrelationEntry, DestinationId, DestinationRef};

    /// An event of a run and an agent, to an agent, with these correlation keys.
    fn event(kind: EventKind, run: &str, agent: &str, keys: &[&str]) -> EventEnvelope {
        let mut envelope = (*frame(kind, 1).event).clone().envelope;
        (envelope.run_id, envelope.agent_id) = (id(run), id(agent));
        let to = DestinationRef::new(DestinationKind::Agent, id::<DestinationId>("d"));
        envelope.destination = Some(to);
        let entry = |key: &&str| CorrelationEntry {
            key: id(key),
            value: id("value"),
        };
        envelope.correlation.entries = keys.iter().map(entry).collect();
        envelope
    }

    /// The sets that include nothing, one, the other, both; and the set of all.
    fn sets<T: Clone>(one: T, other: T) -> [EventFilterSet<T>; 5] {
        use EventFilterSet::{Any, Include};
        let both = vec![one.clone(), other.clone()];
        [
            Include(Vec::new()),
            Include(vec![one]),
            Include(vec![other]),
            Include(both),
            Any,
        ]
    }

    /// All filters that select on kinds, runs, agents, destinations and keys, of two each.
    fn filters() -> impl Iterator<Item = EventFilter> {
        let kinds = sets(EventKind::RunStarted, EventKind::RunMessageDelivered);
        let destinations = sets(DestinationKind::Topic, DestinationKind::Agent);
        let (runs, agents) = (sets(id("r1"), id("r2")), sets(id("a1"), id("a2")));
        let keys = sets(id("k1"), id("k2"));
        (0..5_usize.pow(5)).map(move |number| {
            let [kind, run, agent, destination, key] =
                [1, 5, 25, 125, 625].map(|step| number / step % 5);
            EventFilter {
                kinds: kinds[kind].clone(),
                run_ids: runs[run].clone(),
                agent_ids: agents[agent].clone(),
                destination_kinds: destinations[destination].clone(),
                correlation_keys: keys[key].clone(),
                ..EventFilter::default()
            }
        })
    }

    #[test]
    fn no_event_is_passed_over_that_a_filter_lets_through() {
        let mut events = Vec::new();
        for keys in [&[][..], &["k1"], &["k2", "k3"]] {
            let with_destination = event(EventKind::RunStarted, "r1", "a2", keys);
            let mut without = with_destination.clone();
            without.destination = None;
            events.extend([with_destination, without]);
        }
        let mut let_through = 0;
        for filter in filters().map(CompiledEventFilter::compile) {
            for event in events.iter().filter(|event| filter.matches(event)) {
                let signature = EventSignature::of_event(&event.traits());
                assert!(filter.may_let_through(signature), "{filter:?} {event:?}");
                let_through += 1;
            }
        }
        // Of the five sets of anything, an event that has one satisfies three, and an event that has none only `any`.
        let with_destination = 3 * 3 * 3 * 3 * (1 + 3 + 3);
        assert_eq!(let_through, with_destination + with_destination / 3);
    }

    #[test]
    fn most_events_with_other_values_than_a_filters_are_passed_over() {
        let of = |change: &dyn Fn(&mut EventFilter)| {
            let mut filter = EventFilter::default();
            change(&mut filter);
            CompiledEventFilter::compile(filter)
        };
        let topic = DestinationKind::Topic;
        for filter in [
            of(&|filter| filter.run_ids = [id("r0")].into_iter().collect()),
            of(&|filter| filter.agent_ids = [id("a0")].into_iter().collect()),
            of(&|filter| filter.correlation_keys = [id("k0")].into_iter().collect()),
            of(&|filter| filter.kinds = [EventKind::RunMessageFailed].into_iter().collect()),
            of(&|filter| filter.destination_kinds = [topic].into_iter().collect()),
        ] {
            let looked_at = (1..=400).filter(|number| {
                let [run, agent, key] = ["r", "a", "k"].map(|letter| format!("{letter}{number}"));
                let event = event(EventKind::RunMessageDelivered, &run, &agent, &[&key]);
                filter.may_let_through(EventSignature::of_event(&event.traits()))
            });
            assert!(looked_at.count() < 100);
        }
    }
}
