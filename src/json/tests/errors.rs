//! What the errors of the reader say.

use std::num::NonZeroU64;

use super::*;
use crate::domain::{DestinationKind, PolicyRef};

#[test]
fn an_error_names_the_place() {
    let bad = MESSAGE.replace(r#""r2""#, r#""""#);
    let error = read::<RunMessage>(&bad).unwrap_err();
    assert_eq!(error.to_string(), "to.target.run_id: identifier is empty");
    let error = read::<EventFilter>(r#"{"kinds":{"include":["run_started",7]}}"#).unwrap_err();
    assert_eq!(error.path, "kinds.include[1]");
    assert_eq!(error.within("filter").path, "filter.kinds.include[1]");
    let error = read::<Vec<RunMessage>>("[[]]").unwrap_err();
    assert_eq!(error.within("list").path, "list[0]");
    assert_eq!(read::<RunMessage>("[]").unwrap_err().path, "");
}

#[test]
fn a_message_of_the_reader_is_that_of_serde() {
    let bad = MESSAGE.replace(r#""k1""#, "null");
    let said = serde_json::from_str::<RunMessage>(&bad).unwrap_err();
    let error = read::<RunMessage>(&bad).unwrap_err();
    assert_eq!(
        error.to_string(),
        "idempotency_key: invalid type: null, expected a string"
    );
    assert!(said.to_string().starts_with(&error.to_string()), "{said}");
}

#[test]
fn an_error_says_from_which_byte_on_a_text_is_no_json() {
    for (text, at) in [
        ("", 0),
        (" ", 1),
        (r#"{"a":}"#, 5),
        (r#"{"é" 1}"#, 6),
        ("[1,]", 3),
        ("nul", 3),
        ("1 2", 2),
        ("01", 0),
        ("-x", 1),
        ("\"a\u{1}\"", 2),
        (r#""a\x""#, 3),
        (r#""\ud83e""#, 2),
    ] {
        let error = read::<EventFilter>(text).unwrap_err();
        let reason = format!("not JSON from byte {at} on");
        assert_eq!(
            (error.path.as_str(), &*error.reason),
            ("", &*reason),
            "{text}"
        );
    }
}

#[test]
fn an_error_says_what_was_found_and_what_was_expected() {
    fn reason<T: FromJson>(text: &str) -> String {
        read::<T>(text).err().unwrap().reason.into_owned()
    }
    for (text, found) in [
        ("null", "null"),
        ("true", "boolean"),
        ("1", "number"),
        ("-1", "number"),
        (r#""a""#, "string"),
        ("{}", "object"),
    ] {
        let list = format!("invalid type: {found}, expected a list");
        assert_eq!(reason::<Vec<u64>>(text), list);
    }
    for (reason, expected) in [
        (reason::<bool>("[]"), "true or false"),
        (reason::<u64>("[]"), "a whole number"),
        (reason::<NonZeroU64>("0"), "a whole number greater than 0"),
        (reason::<u32>("4294967296"), "a whole number of 32 bits"),
        (reason::<u16>("65536"), "a whole number of 16 bits"),
        (reason::<EventKind>("[]"), "a name"),
        (
            reason::<PolicyRef>("[]"),
            "a policy reference or the id of a permission policy",
        ),
    ] {
        assert!(
            reason.ends_with(&format!(", expected {expected}")),
            "{reason}"
        );
    }
    assert_eq!(
        (read("4294967295"), read("65535")),
        (Ok(u32::MAX), Ok(u16::MAX))
    );
}

#[test]
fn an_error_lists_sixteen_names_and_says_if_there_are_more() {
    let reason = |text: &str| read::<EventFilter>(text).unwrap_err().reason;
    // There are sixteen kinds of destination.
    let names = DestinationKind::ALL.iter().map(|kind| format!("`{kind}`"));
    let names = names.collect::<Vec<_>>().join(", ");
    assert_eq!(
        reason(r#"{"destination_kinds":["x"]}"#),
        format!("unknown variant, expected one of {names}")
    );
    let many = reason(r#"{"kinds":["x"]}"#);
    assert_eq!(many.matches('`').count(), 32);
    assert!(many.ends_with(", …"));
}

#[test]
fn an_error_does_not_repeat_what_was_written() {
    for bad in [
        r#"{"queue":{"overflow":"secret`, expected"}}"#,
        r#"{"terminal_only":"secret\", expected"}"#,
        r#"{"run_ids":"secret"}"#,
    ] {
        let error = read::<EventFilter>(bad).unwrap_err();
        assert!(!error.reason.contains("secret"), "{error}");
        assert!(error.reason.contains(", expected"), "{error}");
    }
    // Of the event kinds it shows only a few.
    let error = read::<EventFilter>(r#"{"kinds":["secret"]}"#).unwrap_err();
    assert!(error.reason.ends_with("`, …") && error.reason.len() < 500);
}
