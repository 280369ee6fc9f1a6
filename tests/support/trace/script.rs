//! A script as it is written.

use serde_json::Value;

/// Operations to run, and the pools to open before them.
#[derive(Clone, Debug)]
pub struct Script {
    /// The name of the trace.
    pub name: String,
    /// The pools, opened in order, each as by an `open` operation.
    pub pools: Vec<Value>,
    /// The operations, run in order.
    pub operations: Vec<Value>,
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    ///
    /// A sentence for people, if the text is no JSON or lacks a part without which no trace can be written. A fault in
    /// a single operation is no error: it belongs in the trace.
    pub fn parse(text: &str) -> Result<Self, String> {
        let script: Value =
            serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
        let name = script
            .get("name")
            .and_then(Value::as_str)
            .ok_or("`name` must be a text")?
            .to_owned();
        let pools = list(&script, "pools")?;
        // The errors of pools that did not open are reported by handle.
        if let Some(index) = pools.iter().position(|pool| !pool["handle"].is_string()) {
            return Err(format!("`pools[{index}].handle` must be a text"));
        }
        let operations = list(&script, "ops")?;
        Ok(Self {
            name,
            pools,
            operations,
        })
    }
}

fn list(script: &Value, field: &str) -> Result<Vec<Value>, String> {
    script
        .get(field)
        .and_then(Value::as_array)
        .cloned()
        .ok_or_else(|| format!("`{field}` must be a list"))
}
