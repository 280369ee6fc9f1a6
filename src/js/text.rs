//! Data as JSON text.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::domain::{AgentError, ErrorCode};

/// Reads an argument; an error names the place, from `name` on.
pub(super) fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, AgentError> {
    read_as(ErrorCode::InvalidInput, name, text)
}

/// Reads what a port answered.
pub(super) fn read_answer<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, AgentError> {
    read_as(ErrorCode::InvalidPortAnswer, name, text)
}

fn read_as<T: DeserializeOwned>(code: ErrorCode, name: &str, text: &str) -> Result<T, AgentError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let reason = reason(&error.into_inner());
        let message = match path.as_str() {
            "." => format!("{name}: {reason}"),
            path if path.starts_with('[') => format!("{name}{path}: {reason}"),
            path => format!("{name}.{path}: {reason}"),
        };
        AgentError::new(code, message)
    })
}

/// What serde_json says, without line and column, since the text is the package's and not the caller's,
/// and without what the caller wrote, since a message carries no payload (DESIGN 5).
fn reason(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    let said = said.strip_suffix(&position).unwrap_or(&said);
    without_quote(said, "unknown variant", "`")
        .or_else(|| without_quote(said, "invalid type: string", "\""))
        .or_else(|| without_quote(said, "invalid value: string", "\""))
        .unwrap_or_else(|| said.to_owned())
}

/// `beginning "what was written", expected …` without what was written.
fn without_quote(said: &str, beginning: &str, quote: &str) -> Option<String> {
    let rest = said.strip_prefix(beginning)?.trim_start();
    let end = format!("{quote}, expected");
    let expected = rest.strip_prefix(quote)?.rfind(&end)? + quote.len() * 2;
    Some(format!("{beginning}{}", &rest[expected..]))
}

/// Writes a value as text.
pub(super) fn write<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("wire types are plain data, which always serialises")
}

/// Writes a value as text for JavaScript.
pub(super) fn write_js<T: Serialize>(value: &T) -> JsValue {
    JsValue::from_str(&write(value))
}
