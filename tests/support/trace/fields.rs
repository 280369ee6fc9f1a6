//! The fields of one operation, read in the order in which the caller asks for them.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Why an operation of a script has no `ok` value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Failure {
    /// The class of the error; `Deserialize`, `UnknownHandle` and `UnknownOp` are the runner's own.
    pub kind: String,
    /// What the caller should do about it; the runner's own errors have none.
    pub retry: Option<String>,
    /// For people; never compared.
    pub message: String,
}

impl Failure {
    /// Malformed input, whatever is wrong with it.
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::of_runner("Deserialize", message)
    }

    /// An operation for a handle nobody has opened.
    pub fn unknown_handle(handle: &str) -> Self {
        Self::of_runner("UnknownHandle", format!("no open handle {handle}"))
    }

    /// An operation that does not exist.
    pub fn unknown_operation(name: &str) -> Self {
        Self::of_runner("UnknownOp", format!("unknown op {name}"))
    }

    fn of_runner(kind: &str, message: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            retry: None,
            message: message.into(),
        }
    }

    /// The JSON of a trace.
    pub fn to_json(&self) -> Value {
        match &self.retry {
            Some(retry) => json!({"kind": self.kind, "retry": retry, "message": self.message}),
            None => json!({"kind": self.kind, "message": self.message}),
        }
    }
}

/// The JSON object of one operation.
///
/// The order of the checks is part of what a script observes, so nothing is read before it is asked for.
#[derive(Clone, Copy)]
pub struct Fields<'a>(Option<&'a Map<String, Value>>);

impl<'a> Fields<'a> {
    /// The fields of `operation`; there are none if it is not an object.
    pub fn of(operation: &'a Value) -> Self {
        Self(operation.as_object())
    }

    /// A field that must be there.
    pub fn required<T: DeserializeOwned>(&self, name: &str) -> Result<T, Failure> {
        match self.value(name) {
            Some(value) => read(value),
            None => Err(Failure::malformed(format!("missing field `{name}`"))),
        }
    }

    /// A field that may be absent, or null.
    pub fn optional<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Failure> {
        self.value(name)
            .filter(|value| !value.is_null())
            .map(read)
            .transpose()
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.0.and_then(|fields| fields.get(name))
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Failure> {
    serde_json::from_value(value.clone()).map_err(|error| Failure::malformed(error.to_string()))
}
