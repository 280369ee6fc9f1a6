//! The wire is the reference's: each side reads what the other writes, and both mean the same.
#![cfg(not(target_arch = "wasm32"))]

mod corpus;
mod examples;
mod filters;
mod mutations;
mod names;
mod optional_fields;
mod streams;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads `value` as our type, writes it again, and asserts that it is the same. Then passes the result through the
/// reference's type, and asserts the same of that.
fn assert_same_on_both_sides<Ours, Theirs>(value: &Value)
where
    Ours: Serialize + DeserializeOwned,
    Theirs: Serialize + DeserializeOwned,
{
    let ours = assert_same_on_our_side::<Ours>(value);
    let text = serde_json::to_string(&ours).unwrap();
    let theirs: Theirs = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("the reference cannot read {text}: {error}"));
    assert_eq!(serde_json::to_value(&theirs).unwrap(), *value);
    // The fields must also be in the same order, since fingerprints hash the bytes.
    assert_eq!(serde_json::to_string(&theirs).unwrap(), text);
}

/// Reads `value` as our type, writes it again, and asserts that it is the same.
fn assert_same_on_our_side<Ours>(value: &Value) -> Ours
where
    Ours: Serialize + DeserializeOwned,
{
    let ours: Ours = serde_json::from_str(&value.to_string())
        .unwrap_or_else(|error| panic!("we cannot read {value}: {error}"));
    assert_eq!(serde_json::to_value(&ours).unwrap(), *value);
    let from_value: Ours = serde_json::from_value(value.clone())
        .unwrap_or_else(|error| panic!("we cannot read {value} as a value: {error}"));
    assert_eq!(serde_json::to_value(&from_value).unwrap(), *value);
    // The package does not write with serde_json.
    assert_eq!(
        agent_pool::json::write(&ours),
        serde_json::to_string(&ours).unwrap()
    );
    ours
}
