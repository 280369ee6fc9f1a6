//! Correlation: pairs of a key and a value, by which a host finds what belongs together.

use serde::Serialize;

use crate::json::from_json;

use super::{CorrelationKey, CorrelationValue};

/// A key and a value that a host attaches to messages and events. Filters select on the key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct CorrelationEntry {
    /// What the value is about.
    pub key: CorrelationKey,
    /// The value.
    pub value: CorrelationValue,
}

from_json!(CorrelationEntry, "a correlation entry", {
    key,
    value,
});
