//! Data as JSON text.

use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::domain::{AgentError, ErrorCode};
use crate::js::error::to_js;
use crate::json::{self, FromJson, ReadError};

/// Reads an argument. An error names the place in it, beginning with `name`.
pub(super) fn read<T: FromJson>(name: &str, text: &str) -> Result<T, JsValue> {
    let mut value = T::blank();
    read_into(name, text, &mut value)?;
    Ok(value)
}

fn read_into(name: &str, text: &str, value: &mut dyn FromJson) -> Result<(), JsValue> {
    let read = json::read_into(text, value);
    read.map_err(|error| to_js(&refused(ErrorCode::InvalidInput, name, error)))
}

/// Reads what a port answered.
pub(super) fn read_answer<T: FromJson>(name: &str, text: &str) -> Result<T, AgentError> {
    json::read(text).map_err(|error| refused(ErrorCode::InvalidPortAnswer, name, error))
}

#[cold]
fn refused(code: ErrorCode, name: &str, error: ReadError) -> AgentError {
    AgentError::new(code, error.within(name).to_string())
}

/// Writes a value as text for JavaScript.
pub(super) fn write_js<T: Serialize>(value: &T) -> JsValue {
    JsValue::from_str(&json::write(value))
}
