//! Data as JSON text.

use js_sys::JsString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use crate::domain::{AgentError, ErrorCode};
use crate::record::ReadError;

/// Reads an argument; an error names the place, from `name` on.
pub(super) fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, AgentError> {
    read_as(ErrorCode::InvalidInput, name, text)
}

/// Reads an argument that is an object. serde would take a list for one too, as the fields in their
/// order.
pub(super) fn read_object<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, AgentError> {
    if text.starts_with('[') {
        let message = format!("{name}: a list, expected an object");
        return Err(AgentError::new(ErrorCode::InvalidInput, message));
    }
    read(name, text)
}

/// Reads what a port answered.
pub(super) fn read_answer<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, AgentError> {
    read_as(ErrorCode::InvalidPortAnswer, name, text)
}

fn read_as<T: DeserializeOwned>(code: ErrorCode, name: &str, text: &str) -> Result<T, AgentError> {
    crate::record::read(text).map_err(|ReadError { path, reason }| {
        let dot = match path.as_str() {
            path if path.is_empty() || path.starts_with('[') => "",
            _ => ".",
        };
        AgentError::new(code, format!("{name}{dot}{path}: {reason}"))
    })
}

/// A string of JavaScript's, unless it has a surrogate without its other half: that is no Unicode, and
/// reading it would change it.
pub(super) fn well_formed(value: &JsValue) -> Option<String> {
    let text = value.dyn_ref::<JsString>()?;
    text.is_valid_utf16().then(|| text.into())
}

/// Writes a value as text.
pub(super) fn write<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("wire types are plain data, which always serialises")
}

/// Writes a value as text for JavaScript.
pub(super) fn write_js<T: Serialize>(value: &T) -> JsValue {
    JsValue::from_str(&write(value))
}
