//! The recorded scripts give the recorded traces (`tests/conformance/README.md`).

#[path = "support/compare.rs"]
mod compare;
#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/trace/mod.rs"]
mod trace;

use serde_json::json;
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
        *actual.pointer_mut(pointer).expect("the pointer points at something") = value;
        compare::trace_differences(&operations, &expected, &actual)
    };
    assert_eq!(differing("/results/0/err/message", json!("put otherwise")), "");
    assert!(differing("/results/0/err/kind", json!("C")).contains("op 0"));
    assert!(differing("/results/0/err", json!({"kind": "A", "message": ""})).contains("retry: missing"));
    assert!(differing("/journals/j1/1/b/0", json!(3)).contains("journals.j1[1].b[0]: expected 2, got 3"));
    assert!(differing("/journals/j1", json!([{"a": 1}])).contains("[1]: missing"));
    assert!(differing("/journals", json!({"j1": [{"a": 1}, {"b": [2]}], "j2": []})).contains("unexpected []"));
}
