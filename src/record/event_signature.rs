//! Signatures: a few bits of an event. If a filter selects on kinds, terminal kinds, runs, agents, destinations or
//! correlation keys, most events that it does not let through are passed over by these bits.
//!
//! A bus in memory looks through all its frames for those that a filter lets through. The events are all over the
//! memory, and to look at one takes 150 ns. Signatures are small and lie side by side: with one it takes a tenth.

use std::iter::zip;

use super::{EventFilter, EventFilterSet, EventKind, EventTraits};
use crate::domain::{DestinationKind, Id, text_hash};

/// The signature of an event: its kind, and bits for its run, its agent, its destination and its correlation keys.
/// Different values may have the same bit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EventSignature {
    kind: EventKind,
    bits: [u32; 4],
}

impl EventSignature {
    pub(crate) fn new(event: &EventTraits<'_>) -> Self {
        let keys = event.correlation.iter().map(|entry| id_bit(&entry.key));
        Self {
            kind: event.event_kind,
            bits: [
                id_bit(event.run_id),
                id_bit(event.agent_id),
                event
                    .destination_kind
                    .as_ref()
                    .map_or(NONE, destination_bit),
                keys.fold(NONE, |bits, bit| bits | bit),
            ],
        }
    }
}

/// The signature of a filter: the kinds and the bits of the events that it lets through.
pub(super) struct FilterSignature {
    kinds: [bool; EventKind::ALL.len()],
    bits: [u32; 4],
}

impl FilterSignature {
    pub(super) fn new(criteria: &EventFilter) -> Self {
        let mut kinds = [false; EventKind::ALL.len()];
        for kind in criteria.kinds.included().unwrap_or(EventKind::ALL) {
            kinds[*kind as usize] = !criteria.terminal_only || kind.is_terminal();
        }
        Self {
            kinds,
            bits: [
                bits(&criteria.run_ids, id_bit),
                bits(&criteria.agent_ids, id_bit),
                bits(&criteria.destination_kinds, destination_bit),
                bits(&criteria.correlation_keys, id_bit),
            ],
        }
    }

    /// Whether the filter may let an event through that has this signature. If not, it does not.
    pub(super) fn agrees(&self, event: EventSignature) -> bool {
        let mut bits = zip(self.bits, event.bits);
        self.kinds[event.kind as usize] && bits.all(|(one, other)| one & other != 0)
    }
}

/// The bit of an event that has no value in a place. No value has it.
const NONE: u32 = 1;

/// The bits of the values that a set includes; all bits if it includes any value, and none.
fn bits<T>(set: &EventFilterSet<T>, bit: fn(&T) -> u32) -> u32 {
    let included = set.included();
    included.map_or(u32::MAX, |values| {
        values.iter().fold(0, |bits, value| bits | bit(value))
    })
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
                let signature = EventSignature::new(&event.traits());
                assert!(filter.may_let_through(signature), "{filter:?} {event:?}");
                let_through += 1;
            }
        }
        // Of the five sets of anything, an event that has one satisfies three, and an event that has none only `any`.
        let with_destination = 3 * 3 * 3 * 3 * (1 + 3 + 3);
        assert_eq!(let_through, with_destination + with_destination / 3);
    }

    #[test]
    fn other_kinds_are_passed_over_and_all_but_terminal_ones_if_the_filter_says_so() {
        let terminal = CompiledEventFilter::compile(EventFilter {
            terminal_only: true,
            ..EventFilter::default()
        });
        for &kind in EventKind::ALL {
            let signature = EventSignature::new(&event(kind, "r1", "a1", &[]).traits());
            assert_eq!(terminal.may_let_through(signature), kind.is_terminal());
            for &other in EventKind::ALL {
                let filter = CompiledEventFilter::compile(EventFilter::kinds([other]));
                assert_eq!(filter.may_let_through(signature), kind == other);
            }
        }
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
                filter.may_let_through(EventSignature::new(&event.traits()))
            });
            assert!(looked_at.count() < 100);
        }
    }
}
