//! How two traces, or parts of them, are compared, and how a difference is reported.

use std::fmt::Write as _;

use serde_json::Value;

/// How many differences of one comparison are reported at most: those after the first few mostly follow from them.
const TOLD: usize = 8;

/// Where `actual` differs from `expected`, one line each; empty if it does not.
///
/// Everything must be equal, except for the order of keys and the `message` of an error.
pub fn differences(path: &str, expected: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(path, expected, actual, &mut found);
    let untold = found.len().saturating_sub(TOLD);
    found.truncate(TOLD);
    if untold > 0 {
        found.push(format!("{path}: and {untold} more"));
    }
    found
}

fn compare(path: &str, expected: &Value, actual: &Value, found: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            let is_error = path.ends_with(".err") || path.contains(".open_errors.");
            for (key, expected) in expected {
                if is_error && key == "message" {
                    continue;
                }
                let path = format!("{path}.{key}");
                match actual.get(key) {
                    Some(actual) => compare(&path, expected, actual, found),
                    None => found.push(format!("{path}: missing, expected {}", short(expected))),
                }
            }
            for (key, actual) in actual {
                let ignored = is_error && key == "message";
                if !ignored && !expected.contains_key(key) {
                    found.push(format!("{path}.{key}: unexpected {}", short(actual)));
                }
            }
        }
        (Value::Array(expected), Value::Array(actual)) => {
            for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                compare(&format!("{path}[{index}]"), expected, actual, found);
            }
            let common = expected.len().min(actual.len());
            for (index, expected) in expected.iter().enumerate().skip(common) {
                found.push(format!(
                    "{path}[{index}]: missing, expected {}",
                    short(expected)
                ));
            }
            for (index, actual) in actual.iter().enumerate().skip(common) {
                found.push(format!("{path}[{index}]: unexpected {}", short(actual)));
            }
        }
        _ if expected == actual => {}
        _ => found.push(format!(
            "{path}: expected {}, got {}",
            short(expected),
            short(actual)
        )),
    }
}

/// The differences between two traces of one script. A result that differs is reported with its operation.
pub fn trace_differences(operations: &[Value], expected: &Value, actual: &Value) -> String {
    let mut report = String::new();
    let results = |trace: &Value| trace["results"].as_array().cloned().unwrap_or_default();
    let (expected_results, actual_results) = (results(expected), results(actual));
    for (index, operation) in operations.iter().enumerate() {
        let missing = Value::Null;
        let expected = expected_results.get(index).unwrap_or(&missing);
        let actual = actual_results.get(index).unwrap_or(&missing);
        let lines = differences(&format!("results[{index}]"), expected, actual);
        if !lines.is_empty() {
            let _ = writeln!(report, "  op {index}: {}", short(operation));
            lines.iter().for_each(|line| {
                let _ = writeln!(report, "    {line}");
            });
        }
    }
    for part in ["name", "journals", "buses", "stores", "open_errors"] {
        for line in differences(&format!("trace.{part}"), &expected[part], &actual[part]) {
            let _ = writeln!(report, "  {line}");
        }
    }
    report
}

/// The beginning of a value's JSON.
pub fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(400) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
