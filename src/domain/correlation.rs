//! Correlation: pairs by which a host finds what belongs together.

use serde::Serialize;

use crate::json::from_json;

use super::{CorrelationKey, CorrelationValue};

/// One key and value that a host hangs on messages and events. Filters select on the key.
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
