//! Filters have the same fingerprints as in the reference, and match the same events.

use agent_pool::record as ours;
use agent_sdk_core::event;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::streams::frame_json;

/// A set of a filter, with values of a small universe, in any order and with repetitions.
fn set(universe: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop_oneof![
        2 => Just(json!("any")),
        1 => prop::collection::vec(prop::sample::select(universe), 0..4)
            .prop_map(|included| json!({ "include": included })),
        // Long lists are matched in another way than short ones.
        1 => (prop::collection::vec(prop::sample::select(universe), 17..40))
            .prop_map(|included| json!({ "include": included })),
    ]
}

prop_compose! {
    fn filter()(
        run_ids in set(&["r1", "r2"]),
        agent_ids in set(&["ag1", "ag2"]),
        turn_ids in set(&["turn1", "turn2"]),
        families in set(&["run", "tool"]),
        kinds in set(&["run_completed", "model_stream_delta"]),
        source_kinds in set(&["host", "sdk"]),
        destination_kinds in set(&["agent", "event_stream"]),
        subject_kinds in set(&["run", "message"]),
        related_entity_kinds in set(&["run", "topic"]),
        rest in (
            set(&["ck1", "ck2"]),
            set(&["tag1", "tag2"]),
            set(&["public", "content_refs_only"]),
            set(&["journal_backed", "best_effort_live"]),
            any::<bool>(),
            prop::sample::select(vec!["envelope_only", "payload_refs"]),
            (1..3_u64, 1..3_u64),
        ),
    ) -> Value {
        let (correlation_keys, tags, privacy_classes, delivery_semantics, terminal_only, payload_access, queue) = rest;
        json!({
            "run_ids": run_ids, "agent_ids": agent_ids, "turn_ids": turn_ids, "families": families,
            "kinds": kinds, "source_kinds": source_kinds, "destination_kinds": destination_kinds,
            "subject_kinds": subject_kinds, "related_entity_kinds": related_entity_kinds,
            "correlation_keys": correlation_keys, "tags": tags, "privacy_classes": privacy_classes,
            "delivery_semantics": delivery_semantics, "terminal_only": terminal_only,
            "payload_access": payload_access,
            "queue": {
                "capacity": queue.0, "terminal_reserve": queue.1, "overflow": "drop_progress",
            },
        })
    }
}

prop_compose! {
    fn envelope()(
        kind in prop::sample::select(vec!["run_completed", "model_stream_delta", "run_started"]),
        ids in (prop::bool::ANY, prop::bool::ANY),
        turn in prop::option::of(prop::sample::select(vec!["turn1", "turn3"])),
        destination in prop::option::of(prop::sample::select(vec!["agent", "journal"])),
        related in prop::collection::vec(prop::sample::select(vec!["run", "topic", "event"]), 0..3),
        keys in prop::collection::vec(prop::sample::select(vec!["ck1", "ck3"]), 0..3),
        tags in prop::collection::vec(prop::sample::select(vec!["tag1", "tag3"]), 0..3),
    ) -> Value {
        let mut envelope = frame_json(kind)["event"]["envelope"].clone();
        envelope["run_id"] = json!(if ids.0 { "r1" } else { "r3" });
        envelope["agent_id"] = json!(if ids.1 { "ag1" } else { "ag3" });
        if let Some(turn) = turn {
            envelope["turn_id"] = json!(turn);
        }
        if let Some(kind) = destination {
            envelope["destination"] = json!({
                "kind": kind, "id": "d", "privacy": "public", "retention": "durable",
            });
        }
        envelope["related_refs"] = related
            .iter()
            .map(|kind| json!({"kind": kind, "id": "x", "privacy": "public"}))
            .collect();
        envelope["correlation"] = json!({
            "entries": keys.iter().map(|key| json!({"key": key, "value": "v"})).collect::<Vec<_>>(),
        });
        envelope["tags"] = json!(tags);
        envelope
    }
}

proptest! {
    #[test]
    fn a_filter_compiles_to_the_same_and_matches_the_same(
        filter in filter(),
        envelopes in prop::collection::vec(envelope(), 1..20),
    ) {
        let ours: ours::EventFilter = serde_json::from_value(filter.clone()).unwrap();
        let theirs: event::EventFilter = serde_json::from_value(filter).unwrap();
        prop_assert_eq!(
            serde_json::to_string(&ours).unwrap(),
            serde_json::to_string(&theirs).unwrap()
        );
        let ours = ours::CompiledEventFilter::compile(ours);
        let theirs = theirs.compile().unwrap();
        prop_assert_eq!(
            serde_json::to_string(&ours).unwrap(),
            serde_json::to_string(&theirs).unwrap()
        );
        for envelope in envelopes {
            let our_envelope: ours::EventEnvelope = serde_json::from_value(envelope.clone()).unwrap();
            let their_envelope: event::EventEnvelope = serde_json::from_value(envelope).unwrap();
            prop_assert_eq!(
                ours.matches(&our_envelope),
                theirs.matches_envelope(&their_envelope)
            );
        }
    }
}
