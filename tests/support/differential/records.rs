//! Strategies for the arguments of operations: references, members, messages, wake conditions, filters.

use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use super::{
    values::{
        Values, always, constant, filter_set, id_filter_set, list, nullable, number, object,
        one_of, sometimes, text, word,
    },
    vocabulary::{
        AGENTS, CORRELATION_KEYS, DELIVERY_SEMANTICS, DESTINATION_KINDS, ENTITY_KINDS, EVENT_KINDS,
        FAMILIES, OVERFLOW_POLICIES, PAYLOAD_ACCESS, POLICY_KINDS, POOL_EVENT_KINDS, POOLS,
        PRIVACY_CLASSES, RESUME_POLICIES, RETENTIONS, SOURCE_KINDS, TAGS, TOPICS, TRUST_CLASSES,
        runs, words,
    },
};

/// A run.
pub fn run() -> Values {
    let runs = runs();
    prop_oneof![12 => text(&runs[..3]), 2 => text(&runs)].boxed()
}

/// A few policies. Those that a member can hold and a message can ask for are the most likely.
pub fn policy_refs(most: usize) -> Values {
    let held = one_of(vec![
        json!({"kind": "permission", "id": "p1"}),
        json!({"kind": "permission", "id": "p2"}),
    ]);
    let odd = object(vec![
        always("kind", one_of(words(POLICY_KINDS))),
        always("id", text(&["p1", "p2"])),
        nullable("version", 2, text(&["1", ""])),
    ]);
    list(prop_oneof![9 => held, 1 => odd], most)
}

/// `policy_refs` as the wire has them: left out in most cases.
fn some_policy_refs(rarity: u32) -> super::values::Field {
    sometimes("policy_refs", rarity, policy_refs(2))
}

/// A member.
pub fn member() -> Values {
    object(vec![
        always("run_id", run()),
        always("agent_id", text(&AGENTS)),
        some_policy_refs(3),
        sometimes("topics", 2, list(text(&TOPICS), 3)),
    ])
}

/// Pairs of correlation keys and values.
pub fn correlation() -> Values {
    let entry = object(vec![
        always("key", text(&CORRELATION_KEYS)),
        always("value", text(&["cv1", "cv2"])),
    ]);
    prop_oneof![
        1 => constant(json!({})),
        3 => list(entry, 2).prop_map(|entries| json!({"entries": entries})),
    ]
    .boxed()
}

/// A reference to anything.
pub fn entity_ref() -> Values {
    object(vec![
        always("kind", one_of(words(ENTITY_KINDS))),
        always("id", text(&["r1", "r2", "x"])),
        always("privacy", one_of(words(PRIVACY_CLASSES))),
        nullable("source", 6, source_ref()),
        nullable("redacted_summary", 6, text(&["what it is", ""])),
    ])
}

/// Where something comes from.
pub fn source_ref() -> Values {
    object(vec![
        always("kind", one_of(words(SOURCE_KINDS))),
        always("id", text(&["source.a", "source.b"])),
        always("trust", one_of(words(TRUST_CLASSES))),
        always("privacy", one_of(words(PRIVACY_CLASSES))),
        sometimes("correlation", 6, correlation().prop_map(entries_of)),
        nullable("redacted_summary", 6, text(&["who it was"])),
    ])
}

/// Where something goes.
pub fn destination_ref() -> Values {
    object(vec![
        always("kind", one_of(words(DESTINATION_KINDS))),
        always("id", text(&["destination.a", "r1"])),
        always("privacy", one_of(words(PRIVACY_CLASSES))),
        always("retention", one_of(words(RETENTIONS))),
        sometimes("correlation", 6, correlation().prop_map(entries_of)),
        nullable("redacted_summary", 6, text(&["where to"])),
    ])
}

fn entries_of(mut correlation: Value) -> Value {
    match correlation["entries"].take() {
        Value::Null => json!([]),
        entries => entries,
    }
}

/// An address: the usual form for its target, or any references at all.
fn address() -> Values {
    let targets = prop_oneof![
        4 => run().prop_map(|id| ("run", "run_id", "agent", "run", id)),
        3 => text(&AGENTS).prop_map(|id| ("agent", "agent_id", "agent", "agent", id)),
        3 => text(&TOPICS).prop_map(|id| ("topic", "topic_id", "topic", "topic", id)),
        3 => text(&POOLS).prop_map(|id| ("pool", "pool_id", "agent_pool", "agent_pool", id)),
    ];
    let usual = targets
        .clone()
        .prop_map(|(kind, field, destination, entity, id)| {
            json!({
                "target": {"type": kind, field: id},
                "destination_ref": {
                    "kind": destination, "id": id,
                    "privacy": "content_refs_only", "retention": "host_policy",
                },
                "related_refs": [{"kind": entity, "id": id, "privacy": "content_refs_only"}],
            })
        });
    let odd = object(vec![
        always(
            "target",
            targets.prop_map(|(kind, field, _, _, id)| json!({"type": kind, field: id})),
        ),
        always("destination_ref", destination_ref()),
        sometimes("related_refs", 2, list(entity_ref(), 4)),
    ]);
    prop_oneof![4 => usual, 1 => odd].boxed()
}

/// Messages, each with an id, a key and a content of its own (D4: a key is never used for something else).
pub fn messages(count: usize, correlated: bool) -> BoxedStrategy<Vec<Value>> {
    let correlation = if correlated {
        correlation()
    } else {
        constant(json!({}))
    };
    let message = object(vec![
        always("from", run()),
        always("to", address()),
        always("content_ref", text(&["content.1", "content.2"])),
        always("correlation", correlation),
        nullable("reply_to", 4, text(&["m0", "m.unknown"])),
        nullable(
            "response_contract",
            4,
            object(vec![
                always("expected_responses", number(&[0, 2, u64::from(u32::MAX)])),
                nullable("timeout_millis", 2, number(&[0, 5, u64::MAX])),
            ]),
        ),
        nullable("expires_at_millis", 5, number(&[0, 1, u64::MAX])),
        some_policy_refs(4),
    ]);
    numbered(message, count, "message_id", "m", "k")
}

/// Wake conditions, each with an id, a key and a content of its own.
pub fn conditions(count: usize, correlated: bool) -> BoxedStrategy<Vec<Value>> {
    let condition = object(vec![
        always("run_id", run()),
        always("filter", filter(correlated, true)),
        nullable("timeout_millis", 4, number(&[0, 0, 7, u64::MAX])),
        always("resume_with", one_of(words(RESUME_POLICIES))),
        some_policy_refs(4),
    ]);
    numbered(condition, count, "condition_id", "w", "wk")
}

fn numbered(
    values: Values,
    count: usize,
    id_field: &'static str,
    id: &'static str,
    key: &'static str,
) -> BoxedStrategy<Vec<Value>> {
    vec(values, count)
        .prop_map(move |mut values| {
            for (index, value) in values.iter_mut().enumerate() {
                value[id_field] = json!(format!("{id}{index}"));
                value["idempotency_key"] = json!(format!("{key}{index}"));
            }
            values
        })
        .boxed()
}

/// An event filter. For a wake, its queue mostly holds everything, as `wakes ignore queue bounds` here (D10).
pub fn filter(correlated: bool, for_wake: bool) -> Values {
    let kinds = prop_oneof![
        4 => text(&["run_message_accepted", "run_message_delivered", "run_message_failed"]),
        4 => one_of(words(POOL_EVENT_KINDS)),
        1 => one_of(words(EVENT_KINDS)),
    ];
    let (capacities, policies) = if for_wake {
        (
            vec![1000, 1000, 1000, u64::MAX, 64, 64, 64, 3],
            vec!["drop_non_terminal", "drop_progress"],
        )
    } else {
        let policies = OVERFLOW_POLICIES.split_whitespace().collect();
        (vec![64, 64, 64, 1, 2, 3, 5, 9, u64::MAX], policies)
    };
    let queue = object(vec![
        always("capacity", number(&capacities)),
        always(
            "terminal_reserve",
            number(&[1, 1, 1, 2, 3, 100, u64::MAX][..if for_wake { 4 } else { 7 }]),
        ),
        always("overflow", text(&policies)),
    ]);
    // D12: correlation in messages and filters on it are not generated together.
    let correlation_keys = if correlated {
        constant("any")
    } else {
        id_filter_set(12, text(&CORRELATION_KEYS))
    };
    object(vec![
        always("run_ids", id_filter_set(2, run())),
        always("agent_ids", id_filter_set(8, text(&AGENTS))),
        always("turn_ids", id_filter_set(16, text(&["turn.1", "turn.2"]))),
        always("families", filter_set(4, word(&["agent_pool"], FAMILIES))),
        always("kinds", filter_set(1, kinds.boxed())),
        always("source_kinds", filter_set(12, word(&["sdk"], SOURCE_KINDS))),
        always(
            "destination_kinds",
            filter_set(
                6,
                word(&["agent", "topic", "agent_pool"], DESTINATION_KINDS),
            ),
        ),
        always(
            "subject_kinds",
            filter_set(6, word(&["message", "wake_condition", "run"], ENTITY_KINDS)),
        ),
        always(
            "related_entity_kinds",
            filter_set(
                6,
                word(&["run", "agent", "topic", "wake_condition"], ENTITY_KINDS),
            ),
        ),
        always("correlation_keys", correlation_keys),
        always("tags", id_filter_set(12, text(&TAGS))),
        always(
            "privacy_classes",
            filter_set(12, word(&["content_refs_only"], PRIVACY_CLASSES)),
        ),
        always(
            "delivery_semantics",
            filter_set(12, word(&["journal_backed"], DELIVERY_SEMANTICS)),
        ),
        always(
            "terminal_only",
            one_of(vec![json!(false), json!(false), json!(false), json!(true)]),
        ),
        always("payload_access", one_of(words(PAYLOAD_ACCESS))),
        always("queue", queue),
    ])
}
