//! One field of a filter: any value, or one of a list.

use serde::Serialize;

use crate::json::{self, Fault, FromJson, Json, deserialize, value};

/// The longest list a filter may hold.
pub const MAX_FILTER_ENTRIES: usize = 65_536;

/// The values that a filter accepts for one field: `"any"`, or `{"include": [...]}`.
///
/// On input a plain array stands for `include` (DESIGN 4). A list of more than [`MAX_FILTER_ENTRIES`] is an error.
/// Order and repetitions are kept: both are part of the filter's fingerprint (REFERENCE 31).
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
    let list = match json {
        Json::Text(text) if text == "any" => return Ok(None),
        Json::List(_) => json,
        _ => match json.fields(EXPECTED)?.single(EXPECTED)? {
            ("include", list) => list,
            _ => return Err(json.unexpected(EXPECTED)),
        },
    };
    if list.list("a list")?.len() > MAX_FILTER_ENTRIES {
        let reason = format!("a filter lists at most {MAX_FILTER_ENTRIES} entries");
        return Err(Fault::new(list, reason));
    }
    Ok(Some(list))
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
