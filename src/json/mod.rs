//! Reading and writing JSON: a text becomes a tree, a tree becomes a value, and an error names the place.
//!
//! Every type that the WebAssembly reads is read here, and serde's `Deserialize` of these types uses the same reader,
//! so that no two readers can disagree. The readers that serde derives are written out for each field of each type,
//! some 300 bytes a field. With what they bring along, they were half of the WebAssembly. Here a field costs a tenth of
//! that, because a value is filled in where it is (see [`FromJson`]) and an error does not carry a path (see
//! [`Fault`]).

mod concat;
mod decimal;
mod error;
mod fields;
mod parse;
mod tree;
mod values;
mod write;

pub(crate) use decimal::{decimal, push_decimal};
pub use error::{Fault, ReadError, Result};
pub use fields::Fields;
use parse::Malformed;
pub use tree::Json;
pub(crate) use values::{blank_text, read_name};
pub use write::{WIDE, write, write_marking_wide};

use serde::Deserializer;
use serde::de::{Deserialize, Error};

/// A type that can be read from JSON.
///
/// A value is blank at first and is then filled in. If something turns out to be wrong, everything that was read so far
/// is dropped in one place. A reader that returned its value would have to drop other things after every field.
pub trait FromJson {
    /// A value to be filled in. Nobody sees it: a reading that fails returns no value.
    fn blank() -> Self
    where
        Self: Sized;

    /// Fills a blank value in.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, and the value that it is wrong with.
    fn fill(&mut self, json: &Json<'_>) -> Result<()>;
}

/// Reads a value.
///
/// # Errors
///
/// The first thing that is wrong, and its place.
pub fn read<T: FromJson>(text: &str) -> Result<T, ReadError> {
    let mut value = T::blank();
    read_into(text, &mut value)?;
    Ok(value)
}

/// Fills a blank value in.
///
/// # Errors
///
/// The errors of [`read`].
pub fn read_into(text: &str, value: &mut dyn FromJson) -> Result<(), ReadError> {
    let json = tree(text)?;
    value.fill(&json).map_err(|fault| fault.located(&json))
}

fn tree(text: &str) -> Result<Json<'_>, ReadError> {
    parse::parse(text).map_err(|Malformed(at)| ReadError {
        path: String::new(),
        reason: format!("not JSON from byte {at} on").into(),
    })
}

/// Reads a value from a tree.
///
/// # Errors
///
/// The first thing that is wrong, and the value that it is wrong with.
pub fn value<T: FromJson>(json: &Json<'_>) -> Result<T> {
    let mut value = T::blank();
    value.fill(json)?;
    Ok(value)
}

/// Reads a value for serde.
pub(crate) fn for_serde<'de, T: FromJson, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let json = Json::deserialize(deserializer)?;
    value(&json).map_err(|fault| D::Error::custom(fault.located(&json)))
}

/// Implements serde's `Deserialize` for types that are [`FromJson`].
macro_rules! deserialize {
    ($( $type:ty $(where $parameter:ident)? ),+ $(,)?) => {$(
        impl<'de $(, $parameter: $crate::json::FromJson)?> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::json::for_serde(deserializer)
            }
        }
    )+};
}

/// Makes a struct readable from an object with the listed fields. A field with a default may be missing. The compiler
/// checks that no field is forgotten.
macro_rules! from_json {
    ($type:ident, $expected:literal, { $( $field:ident $(= $default:expr)? ),+ $(,)? }) => {
        impl $crate::json::FromJson for $type {
            fn blank() -> Self {
                Self {
                    $( $field: $crate::json::from_json!(@blank $($default)?), )+
                }
            }

            fn fill(&mut self, json: &$crate::json::Json<'_>) -> $crate::json::Result<()> {
                let fields = json.fields($expected)?;
                $( $crate::json::from_json!(@fill fields, self.$field $(, $default)?); )+
                Ok(())
            }
        }

        $crate::json::deserialize!($type);
    };
    (@blank) => { $crate::json::FromJson::blank() };
    (@blank $default:expr) => { $default };
    (@fill $fields:ident, $self:ident.$field:ident) => {
        $fields.required(stringify!($field), &mut $self.$field)?
    };
    (@fill $fields:ident, $self:ident.$field:ident, $default:expr) => {
        $fields.optional(stringify!($field), &mut $self.$field)?
    };
}

pub(crate) use {deserialize, from_json};

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
