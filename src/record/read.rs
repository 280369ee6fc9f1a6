//! Reading the wire with errors that name the place.

use serde::de::DeserializeOwned;

/// Why a JSON text is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct ReadError {
    /// Where, as JavaScript would write it: `to.target.run_id`, `kinds.include[2]`; empty for the whole.
    pub path: String,
    /// What is wrong there, without repeating what was written: a message carries no payload (DESIGN 5).
    pub reason: String,
}

/// Reads a value.
///
/// # Errors
///
/// What is wrong first, and where.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, ReadError> {
    serde_json::from_str(text).map_err(|error| ReadError {
        path: path_at(text, offset(text, error.line(), error.column())),
        reason: reason(&error),
    })
}

/// The offset of the byte before which serde_json stopped, from its line and column.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    (lines.map(str::len).sum::<usize>() + column).min(text.len())
}

/// An object or a list that was begun and not ended.
enum Open {
    Object(String),
    List(usize),
}

/// The path of the value that the first `end` bytes of a JSON text end with, or in.
///
/// Following the text costs nothing until something is wrong; tracking the path while reading, as
/// `serde_path_to_error` does, more than doubles the WebAssembly.
fn path_at(text: &str, end: usize) -> String {
    let bytes = &text.as_bytes()[..end];
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' => open.push(Open::Object(String::new())),
            // Stopping at the bracket means that there should be no list, not that its first value is bad.
            b'[' if at + 1 < end => open.push(Open::List(0)),
            b'}' | b']' => {
                open.pop();
            }
            b',' => {
                if let Some(Open::List(index)) = open.last_mut() {
                    *index += 1;
                }
            }
            b'"' => {
                let string = string_at(bytes, at);
                at += string.len() - 1;
                let is_key = bytes[at + 1..].trim_ascii_start().first() == Some(&b':');
                if let Some(Open::Object(key)) = open.last_mut().filter(|_| is_key) {
                    *key = serde_json::from_slice(string).unwrap_or_default();
                }
            }
            _ => {}
        }
        at += 1;
    }
    render(&open)
}

/// The string that begins at `start`, quotes included, as far as it goes.
fn string_at(bytes: &[u8], start: usize) -> &[u8] {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return &bytes[start..=at],
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    &bytes[start..]
}

fn render(open: &[Open]) -> String {
    let mut path = String::new();
    for open in open {
        match open {
            Open::Object(key) if key.is_empty() => {}
            Open::Object(key) if path.is_empty() => path.push_str(key),
            Open::Object(key) => {
                path.push('.');
                path.push_str(key);
            }
            Open::List(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

/// What serde_json says, without line and column, since the path says it better, and without what was
/// written.
fn reason(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    let said = said.strip_suffix(&position).unwrap_or(&said);
    without_quote(said, "unknown variant", "`")
        .or_else(|| without_quote(said, "invalid type: string", "\""))
        .or_else(|| without_quote(said, "invalid value: string", "\""))
        .unwrap_or_else(|| said.to_owned())
        .replace("expected u64", "expected a whole number")
        .replace("expected u32", "expected a whole number")
        .replace("invalid type: map", "invalid type: object")
        .replace("invalid type: sequence", "invalid type: list")
}

/// `beginning "what was written", expected …` without what was written.
fn without_quote(said: &str, beginning: &str, quote: &str) -> Option<String> {
    let rest = said.strip_prefix(beginning)?.trim_start();
    let end = format!("{quote}, expected");
    let expected = rest.strip_prefix(quote)?.rfind(&end)? + quote.len() * 2;
    Some(format!("{beginning}{}", &rest[expected..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{EventFilter, EventFrame, RunMessage};

    const MESSAGE: &str = r#"{"message_id":"m1","from":"r1","to":{"target":{"type":"run","run_id":"r2"}},
        "content_ref":"c1","correlation":{"entries":[{"key":"a\"}],","value":"b"},{"key":"c","value":"d"}]},
        "idempotency_key":"k1","policy_refs":["p1",{"kind":"permission","id":"p2"}],"expires_at_millis":7}"#;

    /// The path as the library tells it that tracks paths while reading.
    fn tracked_path<T: DeserializeOwned>(text: &str) -> Option<String> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let error = serde_path_to_error::deserialize::<_, T>(&mut deserializer).err()?;
        let path = error.path().to_string();
        Some(if path == "." { String::new() } else { path })
    }

    #[test]
    fn an_error_names_the_place() {
        let bad = MESSAGE.replace(r#""r2""#, r#""""#);
        let error = read::<RunMessage>(&bad).unwrap_err();
        assert_eq!(error.to_string(), "to.target.run_id: identifier is empty");
        let error = read::<EventFilter>(r#"{"kinds":{"include":["run_started",7]}}"#).unwrap_err();
        assert_eq!(error.path, "kinds.include[1]");
        assert_eq!(read::<RunMessage>("[]").unwrap_err().path, "");
    }

    #[test]
    fn an_error_does_not_repeat_what_was_written() {
        for bad in [
            r#"{"kinds":["secret`, expected"]}"#,
            r#"{"terminal_only":"secret\", expected"}"#,
            r#"{"run_ids":"secret"}"#,
        ] {
            let error = read::<EventFilter>(bad).unwrap_err();
            assert!(!error.reason.contains("secret"), "{error}");
            assert!(error.reason.contains(", expected"), "{error}");
        }
    }

    /// Every text that differs from a good one by one value, and is bad because of it.
    #[test]
    fn the_place_is_the_one_that_tracking_the_path_would_tell() {
        fn try_all<T: DeserializeOwned>(good: &str) -> usize {
            let value: serde_json::Value = serde_json::from_str(good).unwrap();
            let mut tried = 0;
            for (pointer, _) in leaves(&value, String::new()) {
                for bad in [
                    "\"\"",
                    "-1",
                    "1.5",
                    "[]",
                    "{}",
                    "null",
                    "true",
                    "\"\\u0001\"",
                ] {
                    let mut changed = value.clone();
                    *changed.pointer_mut(&pointer).unwrap() = serde_json::from_str(bad).unwrap();
                    for text in [changed.to_string(), format!("{changed:#}")] {
                        if let Some(path) = tracked_path::<T>(&text) {
                            assert_eq!(read::<T>(&text).err().unwrap().path, path, "{text}");
                            tried += 1;
                        }
                    }
                }
            }
            tried
        }
        let frame = serde_json::to_string(&crate::record::fixture::frame(
            crate::record::EventKind::RunStarted,
            3,
        ));
        assert!(try_all::<RunMessage>(MESSAGE) > 50);
        assert!(try_all::<EventFrame>(&frame.unwrap()) > 100);
    }

    fn leaves(value: &serde_json::Value, at: String) -> Vec<(String, serde_json::Value)> {
        let mut found = vec![(at.clone(), value.clone())];
        match value {
            serde_json::Value::Object(members) => {
                for (key, member) in members {
                    found.extend(leaves(member, format!("{at}/{key}")));
                }
            }
            serde_json::Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    found.extend(leaves(item, format!("{at}/{index}")));
                }
            }
            _ => {}
        }
        found
    }
}
