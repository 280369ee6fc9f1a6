//! Strategies for the frames that a host publishes without the pools.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    records::{correlation, destination_ref, entity_ref, policy_refs, run, source_ref},
    values::{Values, always, constant, list, nullable, number, object, one_of, sometimes, text},
    vocabulary::{
        AGENTS, CONTENT_CAPTURE, DELIVERY_SEMANTICS, EVENT_KINDS, FAMILIES, OVERFLOW_POLICIES,
        OVERFLOW_REASONS, PRIVACY_CLASSES, TAGS, words,
    },
};

/// A frame with any envelope. Event ids repeat, and some look like those of a pool.
pub fn frame(correlated: bool) -> Values {
    let event = object(vec![
        always("envelope", envelope(correlated)),
        always("payload", payload()),
    ]);
    object(vec![
        always("event", event),
        always("cursor", cursor()),
        nullable("archive_cursor", 8, archive_cursor()),
        nullable("overflow", 8, overflow_notice()),
    ])
}

fn envelope(correlated: bool) -> Values {
    // D12: in a script whose messages have correlation nothing else has any, so that theirs can be told apart.
    let correlation = if correlated {
        constant(json!({}))
    } else {
        correlation()
    };
    object(vec![
        always("schema_version", number(&[1, 1, 0, 65535])),
        always("event_id", event_id()),
        always("event_seq", number(&[0, 7, u64::MAX])),
        always("event_family", one_of(words(FAMILIES))),
        always("event_kind", one_of(words(EVENT_KINDS))),
        always("payload_schema_version", constant(1)),
        // Never 60 seconds or more: the oracle takes such times for the reference's own (D11).
        always("timestamp", text(&["1970-01-01T00:00:00Z", "yesterday"])),
        always("recorded_at", text(&["1970-01-01T00:00:00Z"])),
        always("run_id", run()),
        always("agent_id", text(&AGENTS)),
        nullable("turn_id", 4, text(&["turn.1", "turn.2"])),
        nullable("attempt_id", 8, text(&["attempt.1"])),
        nullable("message_id", 8, text(&["m0", "m1"])),
        nullable("context_item_id", 8, text(&["context.1"])),
        always("trace_id", text(&["trace.1"])),
        always("span_id", text(&["span.1"])),
        nullable("parent_event_id", 8, event_id()),
        nullable("caused_by", 8, causal_ref()),
        always("subject_ref", entity_ref()),
        sometimes("related_refs", 3, list(entity_ref(), 3)),
        sometimes("causal_refs", 8, list(causal_ref(), 2)),
        always("correlation", correlation),
        sometimes("tags", 3, list(text(&TAGS), 2)),
        always("source", source_ref()),
        nullable("destination", 2, destination_ref()),
        sometimes("policy_refs", 8, policy_refs(2)),
        nullable("journal_cursor", 4, text(&["journal.1", "host.7"])),
        nullable("state_before", 8, text(&["before", ""])),
        nullable("state_after", 8, text(&["after"])),
        always("delivery_semantics", one_of(words(DELIVERY_SEMANTICS))),
        always("privacy", one_of(words(PRIVACY_CLASSES))),
        always("content_capture", one_of(words(CONTENT_CAPTURE))),
        always("redaction_policy_id", text(&["redaction.host", ""])),
        always("runtime_package_fingerprint", text(&["fingerprint.host"])),
    ])
}

fn payload() -> Values {
    let summary = object(vec![
        always("mode", constant("redacted_summary")),
        always("redacted_summary", text(&["host event", ""])),
        sometimes("payload_refs", 4, list(entity_ref(), 2)),
    ]);
    prop_oneof![3 => summary, 1 => constant(json!({"mode": "envelope_only"}))].boxed()
}

/// A cursor of any scope.
pub fn cursor() -> Values {
    let scope = prop_oneof![
        4 => constant("all"),
        1 => run().prop_map(|run| json!({"run": run})),
        1 => text(&AGENTS).prop_map(|agent| json!({"agent": agent})),
        1 => constant(json!({"filter": {"filter_id": "filter.1", "filter_fingerprint": "sha256:0"}})),
    ];
    object(vec![
        always("scope", scope),
        always("event_seq", number(&[0, 3, u64::MAX])),
        always("event_id", event_id()),
        nullable("journal_cursor", 3, text(&["journal.2"])),
    ])
}

fn event_id() -> Values {
    text(&["e0", "e1", "event.agent_pool.pool.x.3"])
}

fn causal_ref() -> Values {
    object(vec![
        always("subject_ref", entity_ref()),
        nullable("event_id", 2, event_id()),
        nullable("reason", 2, text(&["because", ""])),
    ])
}

fn archive_cursor() -> Values {
    object(vec![
        always("archive_id", text(&["archive.1"])),
        always("position", text(&["", "7"])),
        nullable("event_id", 2, event_id()),
        nullable("watermark", 2, text(&["w"])),
    ])
}

fn overflow_notice() -> Values {
    object(vec![
        always("policy", one_of(words(OVERFLOW_POLICIES))),
        always("dropped_count", number(&[0, 1, u64::MAX])),
        nullable("gap_start", 2, cursor()),
        always("gap_end", cursor()),
        nullable("repair_from", 2, text(&["journal.1"])),
        always(
            "terminal_preserved",
            one_of(vec![Value::Bool(true), Value::Bool(false)]),
        ),
        always("reason", one_of(words(OVERFLOW_REASONS))),
    ])
}
