//! The wire is the reference's: what it writes we read, what we write it reads, and both say the same.
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

/// Reads `value` as our type, writes it again, and holds it to be the same; then takes what we wrote through the
/// reference's type, and holds that to be the same as well.
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
    // Not only the same fields, but in the same order: fingerprints hash the bytes.
    assert_eq!(serde_json::to_string(&theirs).unwrap(), text);
}

/// Reads `value` as our type, writes it again, and holds it to be the same.
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
    // What the package writes with is not serde_json.
    assert_eq!(
        agent_pool::json::write(&ours),
        serde_json::to_string(&ours).unwrap()
    );
    ours
}
