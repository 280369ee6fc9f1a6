//! Data as JSON text.

use serde::de::DeserializeOwned;
use serde::Serialize;
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
        let reason = without_position(&error.into_inner());
        let message = match path.as_str() {
            "." => format!("{name}: {reason}"),
            path if path.starts_with('[') => format!("{name}{path}: {reason}"),
            path => format!("{name}.{path}: {reason}"),
        };
        AgentError::new(code, message)
    })
}

/// What serde_json says, without line and column: the text is the package's, not the caller's.
fn without_position(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    said.strip_suffix(&position).map_or(said.clone(), str::to_owned)
}

/// Writes a value as text.
pub(super) fn write<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("wire types are plain data, which always serialises")
}

/// Writes a value as text for JavaScript.
pub(super) fn write_js<T: Serialize>(value: &T) -> JsValue {
    JsValue::from_str(&write(value))
}
