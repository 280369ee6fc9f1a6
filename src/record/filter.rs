//! Filters: which events a subscriber sees, or a wake condition waits for.

use std::num::NonZeroU64;

use serde::Serialize;

use super::{EventDeliverySemantics, EventFamily, EventFilterSet, EventKind, EventTag};
use crate::domain::{
    AgentId, CorrelationKey, DestinationKind, EntityKind, PrivacyClass, RunId, SourceKind, TurnId,
    wire_enum,
};
use crate::json::from_json;

/// The events that a subscriber sees, or that a wake condition waits for. An event must satisfy every field.
///
/// On input every field may be missing: sets are then `any`, `terminal_only` is false, `payload_access` is
/// `envelope_only` and `queue` is the default one (DESIGN D14).
// The fields are declared in the order in which the fingerprint hashes them (REFERENCE, "CompiledEventFilter").
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct EventFilter {
    /// The run that the event belongs to. For a message that is the *sender's* run (REFERENCE 17).
    pub run_ids: EventFilterSet<RunId>,
    /// The agent that the event belongs to.
    pub agent_ids: EventFilterSet<AgentId>,
    /// The turn that the event belongs to; an event without a turn satisfies only `any`.
    pub turn_ids: EventFilterSet<TurnId>,
    /// What the event is about.
    pub families: EventFilterSet<EventFamily>,
    /// The exact kind of the event.
    pub kinds: EventFilterSet<EventKind>,
    /// The kind of the event's source.
    pub source_kinds: EventFilterSet<SourceKind>,
    /// The kind of the event's destination; an event without one satisfies only `any`.
    pub destination_kinds: EventFilterSet<DestinationKind>,
    /// The kind of the entity that the event is about.
    pub subject_kinds: EventFilterSet<EntityKind>,
    /// The kinds of the entities that the event is related to; one of them suffices.
    pub related_entity_kinds: EventFilterSet<EntityKind>,
    /// The correlation keys of the event; one of them suffices.
    pub correlation_keys: EventFilterSet<CorrelationKey>,
    /// The tags of the event; one of them suffices.
    pub tags: EventFilterSet<EventTag>,
    /// How openly the event may be shown.
    pub privacy_classes: EventFilterSet<PrivacyClass>,
    /// How the event was delivered.
    pub delivery_semantics: EventFilterSet<EventDeliverySemantics>,
    /// Whether only events of a terminal kind match.
    pub terminal_only: bool,
    /// How much of the payload is asked for. It only affects the fingerprint (REFERENCE 33).
    pub payload_access: PayloadAccessMode,
    /// How far a subscriber may fall behind.
    pub queue: SubscriberQueueConfig,
}

from_json!(EventFilter, "an event filter", {
    run_ids = EventFilterSet::default(),
    agent_ids = EventFilterSet::default(),
    turn_ids = EventFilterSet::default(),
    families = EventFilterSet::default(),
    kinds = EventFilterSet::default(),
    source_kinds = EventFilterSet::default(),
    destination_kinds = EventFilterSet::default(),
    subject_kinds = EventFilterSet::default(),
    related_entity_kinds = EventFilterSet::default(),
    correlation_keys = EventFilterSet::default(),
    tags = EventFilterSet::default(),
    privacy_classes = EventFilterSet::default(),
    delivery_semantics = EventFilterSet::default(),
    terminal_only = false,
    payload_access = PayloadAccessMode::default(),
    queue = SubscriberQueueConfig::default(),
});

impl EventFilter {
    /// Everything of one run.
    pub fn run(run_id: RunId) -> Self {
        Self {
            run_ids: EventFilterSet::Include(vec![run_id]),
            ..Self::default()
        }
    }

    /// Everything of one agent.
    pub fn agent(agent_id: AgentId) -> Self {
        Self {
            agent_ids: EventFilterSet::Include(vec![agent_id]),
            ..Self::default()
        }
    }

    /// Everything of the given kinds.
    pub fn kinds(kinds: impl IntoIterator<Item = EventKind>) -> Self {
        Self {
            kinds: kinds.into_iter().collect(),
            ..Self::default()
        }
    }
}

wire_enum! {
    /// How much of an event's payload a subscriber asks for.
    #[derive(Default)]
    pub enum PayloadAccessMode {
        /// Only the envelope.
        #[default]
        EnvelopeOnly = "envelope_only",
        /// A summary that may be shown in public.
        RedactedSummary = "redacted_summary",
        /// References to the payload.
        PayloadRefs = "payload_refs",
        /// The full payload, where policies allow it.
        FullPayloadIfPolicyAllows = "full_payload_if_policy_allows",
    }
}

wire_enum! {
    /// The frames that a full bounded stream drops. Terminal frames push out older frames under every policy
    /// (REFERENCE 37).
    #[derive(Default)]
    pub enum SubscriberOverflowPolicy {
        /// The newest frames that are not terminal.
        #[default]
        DropNonTerminal = "drop_non_terminal",
        /// Progress frames first, oldest first.
        DropProgress = "drop_progress",
        /// Progress frames are summed up, even with room to spare (REFERENCE 38).
        SummarizeAndContinue = "summarize_and_continue",
        /// Nothing: the publisher waits. Event streams refuse it.
        BackpressureCaller = "backpressure_caller",
        /// All further frames: the stream is cut.
        FailSubscriber = "fail_subscriber",
    }
}

/// How many frames a subscriber may fall behind, and which frames are dropped beyond that.
///
/// On input every field may be missing. The default is 64 frames, with 1 place reserved for terminal frames, under
/// `drop_non_terminal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct SubscriberQueueConfig {
    /// How many frames the queue holds.
    pub capacity: NonZeroU64,
    /// How many of these places only terminal frames may take.
    pub terminal_reserve: NonZeroU64,
    /// The frames that are dropped when the queue is full.
    pub overflow: SubscriberOverflowPolicy,
}

from_json!(SubscriberQueueConfig, "a queue configuration", {
    capacity = Self::default().capacity,
    terminal_reserve = Self::default().terminal_reserve,
    overflow = SubscriberOverflowPolicy::default(),
});

impl SubscriberQueueConfig {
    /// A queue that holds everything. A host's bus is told of it, so its capacity is one that JavaScript represents
    /// exactly: as a `bigint` it could not be passed on as JSON.
    pub const UNBOUNDED: Self = Self {
        capacity: NonZeroU64::new((1 << 53) - 1).unwrap(),
        terminal_reserve: NonZeroU64::MIN,
        overflow: SubscriberOverflowPolicy::DropNonTerminal,
    };
}

impl Default for SubscriberQueueConfig {
    fn default() -> Self {
        const SIXTY_FOUR: NonZeroU64 = NonZeroU64::new(64).unwrap();
        Self {
            capacity: SIXTY_FOUR,
            terminal_reserve: NonZeroU64::MIN,
            overflow: SubscriberOverflowPolicy::DropNonTerminal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<EventFilter, String> {
        crate::json::read(json).map_err(|error| error.path)
    }

    #[test]
    fn a_filter_may_name_only_the_fields_that_matter() {
        assert_eq!(read("{}").unwrap(), EventFilter::default());
        assert_eq!(
            read(r#"{"kinds":["run_message_delivered"],"queue":{"capacity":2},"not_a_field":1}"#)
                .unwrap(),
            EventFilter {
                kinds: EventFilterSet::Include(vec![EventKind::RunMessageDelivered]),
                queue: SubscriberQueueConfig {
                    capacity: NonZeroU64::new(2).unwrap(),
                    ..SubscriberQueueConfig::default()
                },
                ..EventFilter::default()
            }
        );
    }

    #[test]
    fn wrong_values_are_rejected_where_they_are() {
        for (json, path) in [
            (r#"{"run_ids":"Any"}"#, "run_ids"),
            (r#"{"run_ids":{"exclude":["r1"]}}"#, "run_ids"),
            (r#"{"run_ids":null}"#, "run_ids"),
            (
                r#"{"kinds":{"include":["run_started","nonsense"]}}"#,
                "kinds.include[1]",
            ),
            (r#"{"kinds":["run_started",5]}"#, "kinds[1]"),
            (r#"{"terminal_only":"yes"}"#, "terminal_only"),
            (r#"{"payload_access":"everything"}"#, "payload_access"),
            ("[]", ""),
            (r#"{"queue":[]}"#, "queue"),
            (r#"{"queue":{"capacity":0}}"#, "queue.capacity"),
            (r#"{"queue":{"capacity":-1}}"#, "queue.capacity"),
            (
                r#"{"queue":{"terminal_reserve":1.5}}"#,
                "queue.terminal_reserve",
            ),
            (r#"{"queue":{"overflow":"drop"}}"#, "queue.overflow"),
        ] {
            assert_eq!(read(json), Err(path.to_owned()), "{json}");
        }
    }

    #[test]
    fn a_queue_may_be_as_long_as_a_u64_says() {
        let json = r#"{"queue":{"capacity":18446744073709551615}}"#;
        assert_eq!(read(json).unwrap().queue.capacity, NonZeroU64::MAX);
    }
}
