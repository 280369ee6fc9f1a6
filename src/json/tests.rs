//! What the reader accepts and refuses, where it says that something is wrong, and what is written.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::record::fixture::frame;
use crate::record::{EventFilter, EventFrame, EventKind, MessageResponseContract, RunMessage};

mod errors;

const MESSAGE: &str = r#"{"message_id":"m1","from":"r1","to":{"target":{"type":"run","run_id":"r2"}},
    "content_ref":"c1","correlation":{"entries":[{"key":"a\"}],","value":"b"},{"key":"c","value":"d"}]},
    "idempotency_key":"k1","policy_refs":["p1",{"kind":"permission","id":"p2"}],"expires_at_millis":7}"#;

#[test]
fn a_field_is_there_once() {
    let twice = MESSAGE.replacen('{', r#"{"from":"r3","#, 1);
    let error = read::<RunMessage>(&twice).unwrap_err();
    assert_eq!(error.to_string(), "duplicate field `from`");
    let unknown = MESSAGE.replacen('{', r#"{"colour":1,"colour":2.5e3,"#, 1);
    assert!(
        read::<RunMessage>(&unknown).is_ok(),
        "unknown ones are ignored"
    );
}

#[test]
fn numbers_are_exact_and_whole() {
    let read = |number: &str| read::<u64>(number);
    assert_eq!(read("18446744073709551615"), Ok(u64::MAX));
    assert_eq!(read("-0").ok(), None);
    for bad in ["18446744073709551616", "-1", "1.0", "1e3", r#""1""#] {
        let error = read(bad).unwrap_err();
        assert!(error.reason.ends_with("expected a whole number"), "{bad}");
    }
    let contract = r#"{"expected_responses":4294967296}"#;
    let error = super::read::<MessageResponseContract>(contract).unwrap_err();
    assert_eq!(error.path, "expected_responses");
}

#[test]
fn a_text_that_is_no_json_is_refused() {
    for text in ["", "{", r#"{"a":}"#, "[1,]", "nul", "[] []", "\"\u{1}\""] {
        let error = read::<EventFilter>(text).unwrap_err();
        assert!(error.reason.starts_with("not JSON"), "{text}: {error}");
    }
}

#[test]
fn a_text_is_written_as_serde_json_writes_it() {
    let every_character: String = ('\0'..='\u{2fff}').chain(['\u{10ffff}', '"']).collect();
    for text in [every_character.as_str(), "", "\"", "a\\", "\u{1}é\"\"é\n"] {
        assert_eq!(write(text), serde_json::to_string(text).unwrap());
    }
}

#[test]
fn what_is_written_is_what_serde_json_writes() {
    #[derive(serde::Serialize)]
    enum Sum {
        Unit,
        Newtype(u16),
        Struct { a: Option<u8>, b: Vec<bool> },
    }
    let sums = vec![
        Sum::Unit,
        Sum::Newtype(u16::MAX),
        Sum::Struct {
            a: None,
            b: Vec::new(),
        },
        Sum::Struct {
            a: Some(0),
            b: vec![true, false],
        },
    ];
    assert_eq!(write(&sums), serde_json::to_string(&sums).unwrap());
    let frames = [
        frame(EventKind::RunStarted, 3),
        frame(EventKind::RunFailed, u64::MAX),
    ];
    assert_eq!(
        write(&frames[..]),
        serde_json::to_string(&frames[..]).unwrap()
    );
}

/// Every text that differs from a good one in one value, and is wrong because of it.
#[test]
fn the_place_is_the_one_that_was_changed() {
    fn try_all<T: FromJson>(good: &str) -> usize {
        let good: Value = serde_json::from_str(good).unwrap();
        let mut refused = 0;
        for (pointer, path) in places(&good, String::new(), String::new()) {
            for bad in ["", "\u{1}"].map(Value::from).into_iter().chain([
                (-1).into(),
                1.5.into(),
                Value::Array(Vec::new()),
                Value::Object(serde_json::Map::new()),
                Value::Null,
                true.into(),
            ]) {
                let mut changed = good.clone();
                *changed.pointer_mut(&pointer).unwrap() = bad;
                if let Err(error) = read::<T>(&changed.to_string()) {
                    assert_eq!(error.path, path, "{changed}");
                    refused += 1;
                }
            }
        }
        refused
    }
    let frame = serde_json::to_string(&frame(EventKind::RunStarted, 3)).unwrap();
    assert!(try_all::<RunMessage>(MESSAGE) > 50);
    assert!(try_all::<EventFrame>(&frame) > 100);
}

/// Every place in a value: as a JSON pointer, and as the reader names it.
fn places(value: &Value, pointer: String, path: String) -> Vec<(String, String)> {
    let mut found = vec![(pointer.clone(), path.clone())];
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{name}");
                found.extend(places(field, format!("{pointer}/{name}"), path));
            }
        }
        Value::Array(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                let path = format!("{path}[{index}]");
                found.extend(places(entry, format!("{pointer}/{index}"), path));
            }
        }
        _ => {}
    }
    found
}

/// Whether the tree is what serde_json reads.
fn is_same(json: &Json<'_>, value: &Value) -> bool {
    match (json, value) {
        (Json::Null, Value::Null) => true,
        (Json::Bool(json), Value::Bool(value)) => json == value,
        (Json::Whole(json), Value::Number(value)) => value.as_u64() == Some(*json),
        (Json::Number, Value::Number(value)) => value.as_u64().is_none(),
        (Json::Text(json), Value::String(value)) => json == value,
        (Json::List(json), Value::Array(value)) => {
            json.len() == value.len()
                && json
                    .iter()
                    .zip(value)
                    .all(|(json, value)| is_same(json, value))
        }
        // Of several fields with one name, serde_json keeps the last.
        (Json::Object(json), Value::Object(value)) => value.iter().all(|(name, value)| {
            let field = json.iter().rfind(|(key, _)| key == name);
            field.is_some_and(|(_, json)| is_same(json, value))
        }),
        _ => false,
    }
}

/// Compares what the parser reads with what serde_json reads.
fn assert_parsed(text: &str) {
    match (parse::parse(text), serde_json::from_str::<Value>(text)) {
        (Ok(json), Ok(value)) => assert!(is_same(&json, &value), "{text}"),
        (Err(_), Err(_)) => {}
        (Ok(_), Err(error)) => assert!(
            error.to_string().contains("number out of range"),
            "{text}: {error}"
        ),
        (Err(Malformed(at)), Ok(_)) => panic!("{text}: malformed at {at}"),
    }
}

#[test]
fn what_is_json_is_what_serde_json_says() {
    for text in [
        "0",
        "-0",
        "00",
        "01",
        "-",
        "-a",
        "1.",
        ".1",
        "1.5",
        "1e",
        "1e5",
        "1E+5",
        "1e-",
        "1.5e3",
        "1e999",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999",
        "-1",
        " 1 ",
        "\t\t1\r\n\t",
        "\u{b}1",
        "1\u{c}",
        "1 2",
        "+1",
        "true",
        "tru",
        "truex",
        "nul",
        "null",
        "",
        " ",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,]",
        "[ ]",
        "[1 , 2]",
        "{",
        "{}",
        "{ }",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\" : 1 , \"b\":[{}]}",
        "\"",
        "\"\\",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u00e9\"",
        "\"\\uD83E\\udd80\"",
        "\"\\ud83e\"",
        "\"\\ud83e\\u0041\"",
        "\"\\udd80\"",
        "\"\\ud83e\\ud83e\"",
        "\"\\ud83e\\\"",
        "\"\\ud83e\\ue000\"",
        "\"\\ud83eab\\udd80\"",
        "\"\\ud83eabdd80\"",
        "\"\\udc00\\udc00\"",
        "\"\\udfff\\udfff\"",
        "\"\\udbff\\udfff\"",
        "\"\\ud800\\udc00\"",
        "\"\\uFFff\"",
        "\"\\n\"",
        "\"\\ta\"",
        "\"a\tb\"",
        "\"\u{7f}é🦀\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\"",
        "\u{a0}1",
        "\u{feff}1",
    ] {
        assert_parsed(text);
    }
    for depth in [126, 127, 128, 129] {
        assert_parsed(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
        assert_parsed(&format!(
            "{}1{}",
            "{\"a\":".repeat(depth),
            "}".repeat(depth)
        ));
    }
}

#[test]
fn a_text_is_no_longer_than_it_may_be_or_it_says_so_and_stays_short() {
    let message: crate::record::RunMessage = crate::json::read(MESSAGE).unwrap();
    let whole = crate::json::write(&message);
    assert_eq!(
        crate::json::write_marking_wide(&message, whole.len()),
        whole
    );
    let many = vec![message; 1_000];
    for most in [0, 1, 100, whole.len() - 1] {
        assert!(crate::json::write_marking_wide(&many[0], most).len() > most);
        assert!(crate::json::write_marking_wide(&"a".repeat(most), most).len() > most);
        let cut = crate::json::write_marking_wide(&many, most).len();
        assert!(cut > most && cut < whole.len() * 100, "{cut} for {most}");
    }
}

#[test]
fn a_text_is_marked_if_it_has_a_number_that_javascript_cannot_represent() {
    let marked = |numbers: &[u64]| crate::json::write_marking_wide(numbers, usize::MAX);
    let exact = (1 << 53) - 1;
    assert_eq!(marked(&[exact, 0]), format!("[{exact},0]"));
    for wide in [exact + 1, u64::MAX] {
        assert_eq!(marked(&[wide, 0]), format!("[{wide},0] "));
        assert_eq!(crate::json::write(&wide), wide.to_string());
    }
    // Digits in a string are no number.
    assert_eq!(
        crate::json::write_marking_wide(&u64::MAX.to_string(), 99),
        format!("\"{}\"", u64::MAX)
    );
}

proptest! {
    #[test]
    fn whatever_is_written_in_the_letters_of_json_is_parsed_as_serde_json_does(
        text in r#"[\[\]{},:"\\u0-9a-f .eE+\-tn\n]{0,24}"#,
    ) {
        assert_parsed(&text);
    }

    #[test]
    fn a_text_with_one_letter_changed_is_parsed_as_serde_json_does(
        at in 0..MESSAGE.len(), letter in r#"[\[\]{},:"\\u0-9a -]{0,2}"#,
    ) {
        let mut text = MESSAGE.to_owned();
        text.replace_range(at..=at, &letter);
        assert_parsed(&text);
    }
}
