//! Strategies for JSON values, from which operations are generated.

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};

use super::vocabulary::words;

/// A JSON value.
pub type Values = BoxedStrategy<Value>;

/// A field of an object: its name, and its value if the object has it.
pub type Field = (&'static str, BoxedStrategy<Option<Value>>);

/// A field that is always there.
pub fn always(name: &'static str, values: impl Strategy<Value = Value> + 'static) -> Field {
    (name, values.prop_map(Some).boxed())
}

/// A field that is there in one object out of `rarity`.
pub fn sometimes(
    name: &'static str,
    rarity: u32,
    values: impl Strategy<Value = Value> + 'static,
) -> Field {
    let probability = 1.0 / f64::from(rarity);
    (name, option::weighted(probability, values).boxed())
}

/// The same for a field whose absence may also be written as `null`.
pub fn nullable(
    name: &'static str,
    rarity: u32,
    values: impl Strategy<Value = Value> + 'static,
) -> Field {
    sometimes(
        name,
        rarity,
        prop_oneof![5 => values, 1 => constant(Value::Null)],
    )
}

/// An object of these fields.
pub fn object(fields: Vec<Field>) -> Values {
    let (names, values): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
    values
        .prop_map(move |values| {
            let present = names.iter().zip(values);
            let fields: Map<_, _> = present
                .filter_map(|(name, value)| Some(((*name).to_owned(), value?)))
                .collect();
            Value::Object(fields)
        })
        .boxed()
}

/// One of some values.
pub fn one_of(values: Vec<Value>) -> Values {
    select(values).boxed()
}

/// One of some texts.
pub fn text<T: Into<Value> + Clone>(texts: &[T]) -> Values {
    one_of(texts.iter().cloned().map(Into::into).collect())
}

/// Always the same value.
pub fn constant(value: impl Into<Value>) -> Values {
    Just(value.into()).boxed()
}

/// A list of up to `most` values.
pub fn list(values: impl Strategy<Value = Value> + 'static, most: usize) -> Values {
    vec(values, 0..=most).prop_map(Value::Array).boxed()
}

/// One of some whole numbers.
pub fn number(numbers: &[u64]) -> Values {
    text(numbers)
}

/// In most cases one of the usual words, and sometimes any of the list (a list of the vocabulary).
pub fn word(usual: &[&str], list: &'static str) -> Values {
    prop_oneof![4 => text(usual), 1 => one_of(words(list))].boxed()
}

/// A set of an event filter. It is `any` in `any_weight` cases for each case in which it lists members.
pub fn filter_set(any_weight: u32, members: Values) -> Values {
    prop_oneof![
        any_weight => constant("any"),
        1 => list(members, 3).prop_map(|members| json!({"include": members})),
    ]
    .boxed()
}

/// As [`filter_set`], for ids. Some of the lists are so long that the core hashes them; most of what these have is the
/// id of nothing.
pub fn id_filter_set(any_weight: u32, members: Values) -> Values {
    let long =
        (list(members.clone(), 2), vec(0..1_000_u32, 17..40)).prop_map(|(members, strange)| {
            let strange = strange
                .into_iter()
                .map(|number| json!(format!("x{number}")));
            let mut included: Vec<_> = strange.collect();
            let middle = included.len() / 2;
            included.splice(
                middle..middle,
                members.as_array().cloned().unwrap_or_default(),
            );
            json!({"include": included})
        });
    prop_oneof![4 * (any_weight + 1) => filter_set(any_weight, members), 1 => long].boxed()
}
