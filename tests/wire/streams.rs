//! Streams: of the same frames a subscriber sees what it sees on the reference's bus, with the same notices.

use agent_pool::record as ours;
use agent_sdk_core::event;
use agent_sdk_core::event_bus::{AgentEventBus, InMemoryAgentEventBus};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A host's event of the given kind, as it is published.
pub fn frame_json(kind: &str) -> Value {
    json!({
        "cursor": {"event_id": "e0", "event_seq": 0, "scope": "all"},
        "event": {
            "envelope": {
                "schema_version": 1, "event_id": "e0", "event_seq": 0, "event_family": "run",
                "event_kind": kind, "payload_schema_version": 1,
                "timestamp": "1970-01-01T00:00:00Z", "recorded_at": "1970-01-01T00:00:00Z",
                "run_id": "r1", "agent_id": "ag1", "trace_id": "trace", "span_id": "span",
                "subject_ref": {"kind": "run", "id": "r1", "privacy": "content_refs_only"},
                "correlation": {},
                "source": {
                    "kind": "host", "id": "source", "trust": "host_provided",
                    "privacy": "content_refs_only",
                },
                "delivery_semantics": "journal_backed", "privacy": "content_refs_only",
                "content_capture": "off", "redaction_policy_id": "redaction.test",
                "runtime_package_fingerprint": "fingerprint.test",
            },
            "payload": {"mode": "envelope_only"},
        },
    })
}

prop_compose! {
    /// A frame. Some have a journal cursor, and a few have a notice of their own (REFERENCE 35, 36).
    fn frame()(
        kind in prop::sample::select(vec![
            "run_started", "tool_started", "run_completed", "run_message_expired", "model_stream_delta", "usage_recorded",
        ]),
        journal_cursor in prop::option::of(1..100_u32),
        has_notice in prop::bool::weighted(0.1),
    ) -> Value {
        let mut frame = frame_json(kind);
        if let Some(number) = journal_cursor {
            frame["event"]["envelope"]["journal_cursor"] = json!(format!("journal.{number}"));
        }
        if has_notice {
            frame["overflow"] = json!({
                "policy": "fail_subscriber", "dropped_count": 7,
                "gap_end": {"event_id": "e9", "event_seq": 9, "scope": {"run": "r9"}},
                "terminal_preserved": false, "reason": "subscriber_lagged",
            });
        }
        frame
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn a_bounded_stream_keeps_what_the_reference_keeps(
        frames in prop::collection::vec(frame(), 0..40),
        capacity in prop_oneof![1..12_u64, Just(u64::MAX)],
        terminal_reserve in prop_oneof![1..12_u64, Just(u64::MAX)],
        overflow in prop::sample::select(vec![
            "drop_non_terminal", "drop_progress", "summarize_and_continue", "fail_subscriber", "backpressure_caller",
        ]),
        kinds in prop::sample::select(vec![
            json!("any"), json!({"include": ["run_started", "run_completed", "model_stream_delta"]}),
        ]),
        after in prop::option::of(0..40_u64),
        same_scope in prop::bool::weighted(0.9),
    ) {
        let mut filter = serde_json::to_value(event::EventFilter::default()).unwrap();
        filter["kinds"] = kinds;
        filter["queue"] = json!({
            "capacity": capacity, "terminal_reserve": terminal_reserve, "overflow": overflow,
        });
        let our_filter = ours::CompiledEventFilter::compile(serde_json::from_value(filter.clone()).unwrap());
        let their_filter = serde_json::from_value::<event::EventFilter>(filter).unwrap().compile().unwrap();
        let cursor = after.map(|seq| {
            let scope = if same_scope { serde_json::to_value(our_filter.cursor_scope()).unwrap() } else { json!("all") };
            json!({"event_id": "e0", "event_seq": seq, "scope": scope})
        });

        let bus = InMemoryAgentEventBus::default();
        for frame in &frames {
            bus.publish(serde_json::from_value(frame.clone()).unwrap()).unwrap();
        }
        let their_cursor = cursor.clone().map(|cursor| serde_json::from_value(cursor).unwrap());
        let theirs = bus.subscribe_filtered(their_filter, their_cursor);

        let numbered = frames.into_iter().zip(1..).map(|(frame, seq)| {
            serde_json::from_value::<ours::EventFrame>(frame).unwrap().numbered(seq)
        });
        let our_cursor = cursor.map(|cursor| serde_json::from_value(cursor).unwrap());
        let ours = ours::subscription(numbered, &our_filter, our_cursor.as_ref());

        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(
                serde_json::to_value(&ours).unwrap(),
                serde_json::to_value(theirs.collect::<Vec<_>>()).unwrap()
            ),
            (Err(ours), Err(theirs)) => {
                prop_assert_eq!(ours.to_string(), theirs.context().message);
                prop_assert_eq!(ours.kind.as_str(), format!("{:?}", theirs.kind()));
                prop_assert_eq!(ours.retry.as_str(), format!("{:?}", theirs.retry()));
            }
            (ours, theirs) => prop_assert!(false, "ours {:?}, theirs {:?}", ours.is_ok(), theirs.is_ok()),
        }
    }
}
