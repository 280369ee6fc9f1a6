//! Values that replace others in operations.

use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

use super::plan::Change;

/// Sound values that turn a message or a wake condition, whose id or key may be known already, into another one (D4).
pub fn something_else(correlated: bool) -> BoxedStrategy<Change> {
    let mut changes = vec![
        ("/message/content_ref", json!("content.other")),
        ("/message/from", json!("r1")),
        ("/message/idempotency_key", json!("k0")),
        ("/message/idempotency_key", json!("k.other")),
        ("/condition/resume_with", json!("none")),
        ("/condition/run_id", json!("r1")),
        ("/condition/idempotency_key", json!("wk0")),
        ("/condition/condition_id", json!("w0")),
        ("/condition/filter/terminal_only", json!(true)),
    ];
    // A message's correlation is found by the message's id (D12).
    if !correlated {
        changes.push(("/message/message_id", json!("m0")));
        changes.push(("/message/message_id", json!("m.other")));
    }
    select(changes)
        .prop_map(|change| changed(change, true))
        .boxed()
}

/// Values that no implementation accepts.
///
/// Only values that both sides reject: a field that is left out may have an obvious default here (D14).
pub fn malformed() -> BoxedStrategy<Change> {
    let ids = [
        "/member/run_id",
        "/member/agent_id",
        "/member/topics/0",
        "/member/policy_refs/0/id",
        "/run_id",
        "/message/from",
        "/message/message_id",
        "/message/idempotency_key",
        "/message/content_ref",
        "/message/to/destination_ref/id",
        "/message/to/related_refs/0/id",
        "/message/correlation/entries/0/key",
        "/delivered_to/0",
        "/condition/run_id",
        "/condition/condition_id",
        "/condition_id",
        "/frame/event/envelope/event_id",
        "/frame/event/envelope/run_id",
        "/frame/event/envelope/subject_ref/id",
        "/frame/cursor/event_id",
        "/pool_id",
    ];
    let words = [
        "/status",
        "/message/to/target/type",
        "/member/policy_refs/0/kind",
        "/message/to/destination_ref/kind",
        "/message/to/destination_ref/privacy",
        "/condition/resume_with",
        "/condition/filter/kinds",
        "/condition/filter/payload_access",
        "/filter/queue/overflow",
        "/filter/run_ids",
        "/cursor/scope",
        "/frame/event/envelope/event_kind",
        "/frame/event/envelope/source/trust",
        "/frame/event/payload/mode",
    ];
    let numbers = [
        "/cursor/event_seq",
        "/cursor/sequence",
        "/message/expires_at_millis",
        "/message/response_contract/expected_responses",
        "/condition/timeout_millis",
        "/condition/filter/queue/capacity",
        "/filter/queue/capacity",
        "/filter/queue/terminal_reserve",
        "/frame/event/envelope/schema_version",
        "/frame/event/envelope/event_seq",
    ];
    let too_long = "x".repeat(513);
    let bad_ids = vec![
        json!(""),
        json!("a\u{0}"),
        json!("a\u{85}b"),
        json!("\n"),
        json!(too_long),
        json!(7),
    ];
    let bad_words = vec![
        json!("no_such_word"),
        json!(""),
        json!(1),
        json!({"no": "word"}),
    ];
    let bad_numbers = vec![json!(-1), json!(1.5), json!(1e30), json!("1"), json!([])];
    let names = ["/op", "/handle", "/bus", "/store", "/journal"];
    prop_oneof![
        (select(ids.to_vec()), select(bad_ids)),
        (select(words.to_vec()), select(bad_words)),
        (select(numbers.to_vec()), select(bad_numbers)),
        (select(names.to_vec()), Just(json!(7))),
    ]
    .prop_map(|change| changed(change, false))
    .boxed()
}

fn changed((pointer, value): (&'static str, Value), sound: bool) -> Change {
    Change {
        pointer,
        value,
        sound,
    }
}
