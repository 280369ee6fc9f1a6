//! Every optional field is present at once, as the corpus has few of them.

use agent_pool::record as ours;
use agent_sdk_core::{agent_pool as theirs, event, journal};
use serde_json::{Value, json};

use crate::assert_same_on_both_sides as same;
use crate::streams::frame_json;

fn correlation() -> Value {
    json!([{"key": "ck", "value": "cv"}, {"key": "ck", "value": "cw"}])
}

fn source() -> Value {
    json!({
        "kind": "remote_channel", "id": "s", "trust": "untrusted", "privacy": "secret",
        "correlation": correlation(), "redacted_summary": "a source",
    })
}

fn destination() -> Value {
    json!({
        "kind": "output_sink", "id": "d", "privacy": "internal", "retention": "session_scoped",
        "correlation": correlation(), "redacted_summary": "a destination",
    })
}

fn entity() -> Value {
    json!({
        "kind": "child_artifact", "id": "x", "source": source(), "privacy": "sensitive",
        "redacted_summary": "a thing",
    })
}

fn policies() -> Value {
    json!([
        {"kind": "sandbox", "id": "p", "version": "2"},
        {"kind": "permission", "id": "p"},
    ])
}

fn cursor(scope: Value) -> Value {
    json!({"scope": scope, "event_seq": u64::MAX, "event_id": "e", "journal_cursor": "j"})
}

fn filter() -> Value {
    json!({
        "run_ids": {"include": []}, "agent_ids": {"include": ["a"]}, "turn_ids": {"include": ["t"]},
        "families": {"include": ["recovery"]}, "kinds": {"include": ["replay_failed"]},
        "source_kinds": {"include": ["replay"]}, "destination_kinds": {"include": ["user"]},
        "subject_kinds": {"include": ["hook"]}, "related_entity_kinds": {"include": ["event"]},
        "correlation_keys": {"include": ["k"]}, "tags": {"include": [""]},
        "privacy_classes": {"include": ["public"]},
        "delivery_semantics": {"include": ["diagnostic_only"]},
        "terminal_only": true, "payload_access": "full_payload_if_policy_allows",
        "queue": {"capacity": u64::MAX, "terminal_reserve": 3, "overflow": "backpressure_caller"},
    })
}

#[test]
fn of_frames() {
    let mut frame = frame_json("tool_completed");
    let envelope = &mut frame["event"]["envelope"];
    let cause = json!({"event_id": "e", "subject_ref": entity(), "reason": "why"});
    for (field, value) in [
        ("turn_id", json!("t")),
        ("attempt_id", json!("at")),
        ("message_id", json!("m")),
        ("context_item_id", json!("c")),
        ("parent_event_id", json!("p")),
        ("caused_by", cause.clone()),
        ("related_refs", json!([entity()])),
        ("causal_refs", json!([cause, {"subject_ref": entity()}])),
        ("correlation", json!({"entries": correlation()})),
        ("tags", json!(["", "tag"])),
        ("source", source()),
        ("destination", destination()),
        ("policy_refs", policies()),
        ("journal_cursor", json!("j")),
        ("state_before", json!("b")),
        ("state_after", json!("a")),
    ] {
        envelope[field] = value;
    }
    frame["event"]["payload"] = json!({
        "mode": "redacted_summary", "redacted_summary": "", "payload_refs": [entity()],
    });
    frame["archive_cursor"] = json!({
        "archive_id": "a", "position": "", "event_id": "e", "watermark": "w",
    });
    let scope = json!({"filter": {"filter_id": "", "filter_fingerprint": ""}});
    frame["overflow"] = json!({
        "policy": "summarize_and_continue", "dropped_count": 1, "gap_start": cursor(scope.clone()),
        "gap_end": cursor(json!({"run": "r"})), "repair_from": "j", "terminal_preserved": false,
        "reason": "live_buffer_expired",
    });
    for scope in [
        json!("all"),
        json!({"run": "r"}),
        json!({"agent": "a"}),
        scope,
    ] {
        frame["cursor"] = cursor(scope);
        same::<ours::EventFrame, event::EventFrame>(&frame);
    }
}

fn message() -> Value {
    json!({
        "message_id": "m", "from": "r",
        "to": {
            "target": {"type": "topic", "topic_id": "t"}, "destination_ref": destination(),
            "related_refs": [entity()],
        },
        "content_ref": "c", "correlation": {"entries": correlation()}, "reply_to": "m0",
        "response_contract": {"expected_responses": 2, "timeout_millis": 5},
        "expires_at_millis": u64::MAX, "idempotency_key": "k", "policy_refs": policies(),
    })
}

fn condition() -> Value {
    json!({
        "condition_id": "w", "run_id": "r", "filter": filter(), "timeout_millis": 1,
        "resume_with": "none", "idempotency_key": "k", "policy_refs": policies(),
    })
}

#[test]
fn of_messages_conditions_and_filters() {
    same::<ours::RunMessage, theirs::RunMessage>(&message());
    same::<ours::WakeCondition, theirs::WakeCondition>(&condition());
    same::<ours::EventFilter, event::EventFilter>(&filter());
}

#[test]
fn of_snapshots_and_store_records() {
    let compiled: event::EventFilter = serde_json::from_value(filter()).unwrap();
    let member =
        json!({"run_id": "r", "agent_id": "a", "policy_refs": policies(), "topics": ["t"]});
    let message_policy = json!({
        "required_policy_refs": policies(), "include_sender_in_pool_broadcast": true,
    });
    let stored_message = json!({
        "message": message(),
        "receipt": {
            "message_id": "m", "status": "timed_out", "delivered_to": ["r", "r"], "journal_cursor": "j",
        },
    });
    let stored_wake = json!({
        "condition": condition(), "compiled_filter": compiled.compile().unwrap(),
        "registration": {
            "condition_id": "w", "run_id": "r", "status": "failed", "journal_cursor": "j",
        },
    });
    let wake_policy = json!({"envelope_only": false});
    same::<ours::AgentPoolSnapshot, theirs::AgentPoolSnapshot>(&json!({
        "pool_id": "p", "created": true, "members": [member], "topics": ["t"],
        "message_policy": message_policy, "wake_policy": wake_policy, "policy_refs": policies(),
        "messages": [stored_message], "wakes": [stored_wake], "cursor": {"sequence": u64::MAX},
    }));
    let config = json!({
        "message_policy": message_policy, "wake_policy": wake_policy, "policy_refs": policies(),
    });
    for payload in [
        json!({"type": "pool_opened", "config": config}),
        json!({"type": "member_left", "member": member}),
        json!({"type": "run_message", "stored": stored_message}),
        json!({"type": "wake", "stored": stored_wake}),
    ] {
        same::<ours::AgentPoolStoreRecord, theirs::AgentPoolStoreRecord>(&json!({
            "pool_id": "p", "cursor": {"sequence": 1}, "payload": payload,
        }));
    }
}

#[test]
fn of_journal_records() {
    let intent = json!({
        "effect_id": "e", "kind": "hook_mutation", "subject_ref": entity(), "source": source(),
        "destination": destination(), "policy_refs": policies(), "idempotency_key": "k",
        "dedupe_key": "d", "content_refs": ["c"], "redacted_summary": "",
    });
    let result = json!({
        "effect_id": "e", "terminal_status": "denied_before_execution", "external_operation_id": "",
        "reconciliation_ref": "", "error_ref": "", "content_refs": ["c"], "redacted_summary": "",
    });
    for payload in [
        json!({
            "type": "agent_pool", "pool_id": "p", "member_run_ids": ["r"], "topics": ["t"],
            "policy_refs": policies(), "lifecycle_status": "run_left",
        }),
        json!({
            "type": "run_message", "message_id": "m", "source_run_id": "r",
            "address_target": {"type": "pool", "pool_id": "p"}, "content_ref": "c",
            "correlation": {"entries": correlation()}, "reply_to": "m0",
            "delivery_status": "responded", "delivered_to": ["r"], "policy_refs": policies(),
            "idempotency_key": "k", "effect_intent": intent, "effect_result": result,
        }),
        json!({
            "type": "wake", "condition_id": "w", "run_id": "r", "event_filter_fingerprint": "",
            "timeout_millis": 0, "resume_policy": "redacted_summary", "trigger_status": "timed_out",
            "policy_refs": policies(), "idempotency_key": "k", "matched_event_id": "e",
        }),
    ] {
        same::<ours::JournalRecord, journal::JournalRecord>(&json!({
            "journal_schema_version": 2, "journal_seq": u64::MAX, "record_id": "", "record_kind": "tool",
            "run_id": "r", "agent_id": "a", "turn_id": "t", "attempt_id": "at",
            "subject_ref": entity(), "related_refs": [entity()], "causal_refs": ["", "x"],
            "source": source(), "destination": destination(), "correlation_keys": correlation(),
            "tags": ["tag"], "delivery_semantics": "anything",
            "event_index": {
                "run_id": "r", "agent_id": "a", "turn_id": "t", "event_family": "anything",
                "event_kind": "anything", "source": source(), "destination": destination(),
                "subject_ref": entity(), "related_refs": [entity()],
                "correlation_keys": correlation(), "tags": ["tag"], "privacy_class": "public",
                "delivery_semantics": "anything",
            },
            "timestamp_millis": u64::MAX, "runtime_package_fingerprint": "", "privacy": "public",
            "content_refs": ["c"], "redaction_policy_id": "", "idempotency_key": "k",
            "dedupe_key": "d", "checkpoint_ref": "", "payload": payload,
        }));
    }
}
