//! The recorded scripts give the recorded traces (`tests/conformance/README.md`).

#[path = "support/compare.rs"]
mod compare;
#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/trace/mod.rs"]
mod trace;

use agent_sdk_core::{
    AgentPoolMember, AgentPoolSnapshot, AgentPoolStoreRecord, CompiledEventFilter, EventFilter,
    EventFrame, JournalRecord, MessageReceipt, WakeRegistration,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use trace::Core;

#[test]
fn every_recorded_script_gives_the_recorded_trace() {
    let mut passed = 0;
    let mut failed = Vec::new();
    for case in corpus::cases() {
        let trace = trace::run::<Core>(&case.script);
        let report = compare::trace_differences(&case.script.operations, &case.trace, &trace);
        if report.is_empty() {
            passed += 1;
        } else {
            failed.push(format!("{}:\n{report}", case.name));
        }
    }
    assert!(
        failed.is_empty(),
        "{} scripts differ from their traces, {passed} do not\n\n{}",
        failed.len(),
        failed.join("\n")
    );
}

#[test]
fn the_corpus_is_complete() {
    let cases = corpus::cases();
    assert_eq!(cases.len(), 143);
    for case in cases {
        let results = case.trace["results"].as_array().map(Vec::len);
        assert_eq!(results, Some(case.script.operations.len()), "{}", case.name);
        assert_eq!(case.trace["name"], json!(case.name));
    }
}

#[test]
fn the_comparison_finds_what_differs_and_where() {
    let operations = [json!({"op": "members"})];
    let expected = json!({
        "name": "x",
        "results": [{"err": {"kind": "A", "retry": "B", "message": "told to people"}}],
        "journals": {"j1": [{"a": 1}, {"b": [2]}]},
    });
    let differing = |pointer: &str, value| {
        let mut actual = expected.clone();
        *actual
            .pointer_mut(pointer)
            .expect("the pointer points at something") = value;
        compare::trace_differences(&operations, &expected, &actual)
    };
    assert_eq!(
        differing("/results/0/err/message", json!("put otherwise")),
        ""
    );
    assert!(differing("/results/0/err/kind", json!("C")).contains("op 0"));
    assert!(
        differing("/results/0/err", json!({"kind": "A", "message": ""})).contains("retry: missing")
    );
    assert!(
        differing("/journals/j1/1/b/0", json!(3))
            .contains("journals.j1[1].b[0]: expected 2, got 3")
    );
    assert!(differing("/journals/j1", json!([{"a": 1}])).contains("[1]: missing"));
    assert!(
        differing("/journals", json!({"j1": [{"a": 1}, {"b": [2]}], "j2": []}))
            .contains("unexpected []")
    );
}

#[test]
fn what_the_core_writes_is_what_the_reference_reads_and_writes() {
    let mut read = 0;
    for case in corpus::cases() {
        let trace = trace::run::<Core>(&case.script);
        for record in logs(&trace["journals"]) {
            read += reread::<JournalRecord>(&case.name, record);
        }
        for frame in logs(&trace["buses"]) {
            read += reread::<EventFrame>(&case.name, frame);
        }
        for history in trace["stores"].as_object().into_iter().flatten() {
            for record in logs(history.1) {
                read += reread::<AgentPoolStoreRecord>(&case.name, record);
            }
        }
        let results = trace["results"].as_array().into_iter().flatten();
        for (operation, result) in case.script.operations.iter().zip(results) {
            if let Some(value) = result.get("ok") {
                read += reread_result(&case.name, operation, value);
            }
        }
    }
    assert!(read > 10_000, "only {read} values were read");
}

/// The entries of all logs of a journal, bus or store part of a trace.
fn logs(part: &Value) -> impl Iterator<Item = &Value> {
    let logs = part.as_object().into_iter().flat_map(|logs| logs.values());
    logs.filter_map(Value::as_array).flatten()
}

fn reread_result(case: &str, operation: &Value, value: &Value) -> usize {
    match operation["op"].as_str().unwrap_or_default() {
        "leave_run" => reread::<AgentPoolMember>(case, value),
        "send" | "record_message_status" => reread::<MessageReceipt>(case, value),
        "suspend_until" | "poll_wake" | "cancel_wake" => reread::<WakeRegistration>(case, value),
        "members" => reread::<Vec<AgentPoolMember>>(case, value),
        "snapshot" => reread::<AgentPoolSnapshot>(case, value),
        "subscribe" => reread::<Vec<EventFrame>>(case, value),
        "scope_filter" => reread::<EventFilter>(case, value),
        "compile_scoped_filter" => reread::<CompiledEventFilter>(case, value),
        "watch_pool" => reread::<Vec<AgentPoolStoreRecord>>(case, value),
        _ => 0,
    }
}

/// Has the reference's type read `written` and write it again.
fn reread<T: DeserializeOwned + Serialize>(case: &str, written: &Value) -> usize {
    let read: T = serde_json::from_value(written.clone())
        .unwrap_or_else(|error| panic!("{case}: {error}: {}", compare::short(written)));
    let rewritten = serde_json::to_value(read).expect("the reference's types are JSON");
    let differences = compare::differences(case, written, &rewritten);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    1
}
