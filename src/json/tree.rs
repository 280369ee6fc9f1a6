//! JSON as a tree.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Fault, Fields, Result};
use crate::json::concat::concat;

/// A JSON value, which borrows its texts where it can.
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number that may be a count: whole, not negative, and not above `u64::MAX`.
    Whole(u64),
    /// Any other number. The wire has none.
    Number,
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Json<'a>>),
    /// An object, with its fields as they were written.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// A string.
    ///
    /// # Errors
    ///
    /// The value is something other than was `expected`.
    pub fn text(&self, expected: &str) -> Result<&str> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(self.unexpected(expected)),
        }
    }

    /// The entries of a list.
    ///
    /// # Errors
    ///
    /// The value is something other than was `expected`.
    pub fn list(&self, expected: &str) -> Result<&[Self]> {
        match self {
            Self::List(entries) => Ok(entries),
            _ => Err(self.unexpected(expected)),
        }
    }

    /// Calls `take` with each entry of a list.
    ///
    /// # Errors
    ///
    /// The value is no list; the error of `take`.
    pub fn each(&self, take: &mut dyn FnMut(&Self) -> Result<()>) -> Result<()> {
        self.list("a list")?.iter().try_for_each(take)
    }

    /// The fields of an object.
    ///
    /// # Errors
    ///
    /// The value is something other than was `expected`.
    pub fn fields(&'a self, expected: &str) -> Result<Fields<'a>> {
        match self {
            Self::Object(fields) => Ok(Fields {
                object: self,
                fields,
            }),
            _ => Err(self.unexpected(expected)),
        }
    }

    /// The fault that the value is something other than was `expected`.
    #[cold]
    pub fn unexpected(&self, expected: &str) -> Fault {
        let found = match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Whole(_) | Self::Number => "number",
            Self::Text(_) => "string",
            Self::List(_) => "list",
            Self::Object(_) => "object",
        };
        Fault::new(
            self,
            concat(&["invalid type: ", found, ", expected ", expected]),
        )
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree)
    }
}

struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Json<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Json::Whole(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(u64::try_from(number).map_or(Json::Number, Json::Whole))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Json::Number)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = sequence.next_element()? {
            entries.push(entry);
        }
        Ok(Json::List(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        // A key needs no reader of its own, so it is read as any value is.
        while let Some(key) = map.next_key()? {
            let Json::Text(key) = key else {
                return Err(A::Error::custom("a key is a string"));
            };
            fields.push((key, map.next_value()?));
        }
        Ok(Json::Object(fields))
    }
}
