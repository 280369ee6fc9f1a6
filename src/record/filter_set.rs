//! One field of a filter: any value, or one of a list.

use serde::Serialize;

use crate::json::{self, FromJson, Json, deserialize, value};

/// The values that a filter accepts for one field: `"any"`, or `{"include": [...]}`.
///
/// On input a plain array stands for `include` (DESIGN 4). Order and repetitions are kept: both are part of the filter's
/// fingerprint (REFERENCE 31).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventFilterSet<T> {
    /// Any value matches, and so does no value at all.
    #[default]
    Any,
    /// One of these; an empty list matches nothing.
    Include(Vec<T>),
}

impl<T> EventFilterSet<T> {
    /// Whether any value matches.
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

impl<T: FromJson> FromJson for EventFilterSet<T> {
    fn blank() -> Self {
        Self::Any
    }

    fn fill(&mut self, json: &Json<'_>) -> json::Result<()> {
        *self = match included(json)? {
            None => Self::Any,
            Some(list) => Self::Include(value(list)?),
        };
        Ok(())
    }
}

deserialize!(EventFilterSet<T> where T);

/// The list of a set; `None` for `any`.
fn included<'a>(json: &'a Json<'a>) -> json::Result<Option<&'a Json<'a>>> {
    const EXPECTED: &str = r#""any", a list, or {"include": a list}"#;
    match json {
        Json::Text(text) if text == "any" => Ok(None),
        Json::List(_) => Ok(Some(json)),
        _ => match json.fields(EXPECTED)?.single(EXPECTED)? {
            ("include", list) => Ok(Some(list)),
            _ => Err(json.unexpected(EXPECTED)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RunId;

    fn read(json: &str) -> Result<EventFilterSet<RunId>, String> {
        crate::json::read(json).map_err(|error| error.path)
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
            (r#""Any""#, ""),
            ("null", ""),
            ("5", ""),
            ("{}", ""),
            (r#"{"exclude":[]}"#, ""),
            (r#"{"include":[],"exclude":[]}"#, ""),
            (r#"{"include":"r1"}"#, "include"),
            (r#"{"include":["r1",""]}"#, "include[1]"),
            (r#"["r1",5]"#, "[1]"),
        ] {
            assert_eq!(read(json), Err(path.to_owned()), "{json}");
        }
    }

    /// The scoped filter of a wake names every member of its pool.
    #[test]
    fn a_set_of_however_many_is_read_again() {
        let many: Vec<_> = (0..100_000).map(|number| format!("r{number}")).collect();
        let json = serde_json::json!({ "include": many }).to_string();
        let set = read(&json).unwrap();
        assert_eq!(serde_json::to_string(&set).unwrap(), json);
    }
}
