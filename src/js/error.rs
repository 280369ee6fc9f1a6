//! Errors on their way to JavaScript, and thrown values on their way here.

use std::fmt;
use std::rc::Rc;

use js_sys::{JSON, Reflect};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::domain::{AgentError, AgentErrorKind, ErrorCode, ErrorIds, RetryClassification};
use crate::json;

/// The value that a port threw or rejected with. It is passed on as it is, and never inspected.
pub(super) struct Thrown(pub(super) JsValue);

impl fmt::Debug for Thrown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Thrown(redacted)")
    }
}

impl fmt::Display for Thrown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("thrown by a port")
    }
}

impl std::error::Error for Thrown {}

/// The error for a port that threw `value`.
pub(super) fn thrown(code: ErrorCode, value: JsValue) -> AgentError {
    AgentError::from(code).with_source(Rc::new(Thrown(value)))
}

#[derive(Serialize)]
struct Fields<'a> {
    kind: AgentErrorKind,
    retry: RetryClassification,
    code: ErrorCode,
    message: &'a str,
    ids: &'a ErrorIds,
}

/// The plain object that the TypeScript side turns into an `AgentPoolError`.
pub(super) fn to_js(error: &AgentError) -> JsValue {
    let fields = Fields {
        kind: error.kind,
        retry: error.retry,
        code: error.code,
        message: &error.message,
        ids: &error.ids,
    };
    // This cannot throw, since the text was written as JSON.
    let object = JSON::parse(&json::write(&fields)).unwrap_or_else(|thrown| thrown);
    let source = error.source.as_ref();
    if let Some(Thrown(cause)) = source.and_then(|source| source.downcast_ref()) {
        set(&object, "cause", cause);
    }
    object
}

/// Sets a property of an object made here.
pub(super) fn set(object: &JsValue, name: &str, value: &JsValue) {
    let set = Reflect::set(object, &JsValue::from_str(name), value);
    debug_assert!(set.is_ok(), "an object made here is extensible");
}
