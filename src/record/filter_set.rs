//! One field of a filter: anything, or one of a list.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

/// The longest list a filter may hold.
pub const MAX_FILTER_ENTRIES: usize = 65_536;

/// What a filter says about one field: `"any"`, or `{"include": [...]}`.
///
/// On input a plain array stands for `include` (DESIGN 4). A list of more than [`MAX_FILTER_ENTRIES`] is an error.
/// Order and repetitions are kept: both are part of the filter's fingerprint (REFERENCE 31).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventFilterSet<T> {
    /// Anything will do, also nothing at all.
    #[default]
    Any,
    /// One of these; an empty list matches nothing.
    Include(Vec<T>),
}

impl<T> EventFilterSet<T> {
    /// Whether anything will do.
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }

    /// The list, if there is one.
    pub fn included(&self) -> Option<&[T]> {
        match self {
            Self::Any => None,
            Self::Include(values) => Some(values),
        }
    }
}

impl<T> FromIterator<T> for EventFilterSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::Include(values.into_iter().collect())
    }
}

/// Reads the list itself; as a visitor so that what is wrong with an entry is told with its index.
struct Entries<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a list of at most {MAX_FILTER_ENTRIES} entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<T>, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element()? {
            if values.len() == MAX_FILTER_ENTRIES {
                return Err(A::Error::custom(format_args!(
                    "a filter lists at most {MAX_FILTER_ENTRIES} entries"
                )));
            }
            values.push(value);
        }
        Ok(values)
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Entries<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

struct SetVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SetVisitor<T> {
    type Value = EventFilterSet<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(r#""any", a list, or {"include": a list}"#)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "any" => Ok(EventFilterSet::Any),
            other => Err(E::unknown_variant(other, &["any", "include"])),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Self::Value, A::Error> {
        Entries(PhantomData)
            .visit_seq(sequence)
            .map(EventFilterSet::Include)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut included = None;
        // The key is read as a text: a key that is read as an enumeration has no place in an error's path.
        while let Some(key) = map.next_key::<String>()? {
            if key != "include" {
                return Err(A::Error::unknown_variant(&key, &["include"]));
            }
            if included.is_some() {
                return Err(A::Error::duplicate_field("include"));
            }
            included = Some(map.next_value_seed(Entries(PhantomData))?);
        }
        included
            .map(EventFilterSet::Include)
            .ok_or_else(|| A::Error::missing_field("include"))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for EventFilterSet<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SetVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RunId;

    fn read(json: &str) -> Result<EventFilterSet<RunId>, String> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        serde_path_to_error::deserialize(&mut deserializer)
            .map_err(|error| error.path().to_string())
    }

    #[test]
    fn a_set_is_any_a_list_or_an_include_and_comes_out_in_full() {
        assert_eq!(read(r#""any""#), Ok(EventFilterSet::Any));
        assert_eq!(read(r#"["r1","r1"]"#), read(r#"{"include":["r1","r1"]}"#));
        assert_eq!(
            serde_json::to_string(&read(r#"["r1","r1"]"#).unwrap()).unwrap(),
            r#"{"include":["r1","r1"]}"#
        );
        assert_eq!(read("[]"), Ok(EventFilterSet::Include(Vec::new())));
        assert_eq!(
            serde_json::to_string(&EventFilterSet::<RunId>::Any).unwrap(),
            r#""any""#
        );
    }

    #[test]
    fn anything_else_is_rejected_where_it_is_wrong() {
        for (json, path) in [
            (r#""Any""#, "."),
            ("null", "."),
            ("5", "."),
            ("{}", "."),
            (r#"{"exclude":[]}"#, "."),
            (r#"{"include":[],"exclude":[]}"#, "."),
            (r#"{"include":"r1"}"#, "include"),
            (r#"{"include":["r1",""]}"#, "include[1]"),
            (r#"["r1",5]"#, "[1]"),
        ] {
            assert_eq!(read(json), Err(path.to_owned()), "{json}");
        }
    }

    #[test]
    fn a_list_of_more_than_65536_entries_is_rejected() {
        let list = |length: usize| serde_json::to_string(&vec!["r"; length]).unwrap();
        assert!(read(&list(MAX_FILTER_ENTRIES)).is_ok());
        let error = serde_json::from_str::<EventFilterSet<RunId>>(&list(MAX_FILTER_ENTRIES + 1));
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("at most 65536 entries")
        );
    }
}
