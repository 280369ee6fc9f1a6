//! Values that no implementation takes, and where they are put.

use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

/// A JSON pointer into an operation, and what is put there, if there is anything to replace.
///
/// Only what both sides reject: what is merely left out may have an obvious default here (D14).
pub fn replacement() -> BoxedStrategy<(&'static str, Value)> {
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
    .boxed()
}
