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

/// How long a text may be in bytes, so that it is a string in every engine: V8's hold 24 characters less than 2^29.
const LONGEST: usize = (1 << 29) - 24;

/// Writes an answer as text for JavaScript. A text that is too long is an error, not one that the glue throws: that would
/// pass through the core and end it.
pub(super) fn write_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    text_to_js(&json::write_marking_wide(value, LONGEST))
}

/// Writes what a port is given as text for JavaScript, which has a space at its end if it has a wide number
/// (pkg/src/decode.ts).
pub(super) fn write_marked<T: Serialize>(value: &T) -> String {
    json::write_marking_wide(value, usize::MAX)
}

// Not inlined: see `[profile.small]` in Cargo.toml.
#[inline(never)]
fn text_to_js(text: &str) -> Result<JsValue, JsValue> {
    match text.len() > LONGEST {
        true => Err(to_js(&ErrorCode::AnswerTooLarge.into())),
        false => Ok(JsValue::from_str(text)),
    }
}
