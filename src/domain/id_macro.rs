//! What every id has in common: the rule for valid ids, the newtype, and derived ids.

use std::sync::Arc;

use super::sha256_hex;
use crate::json::{self, Fault, Json};

/// The longest id there is, in bytes of UTF-8 (REFERENCE, "Errors").
pub const MAX_ID_BYTES: usize = 512;

/// Why a text is not an id (REFERENCE, "Errors": not empty, at most 512 bytes of UTF-8, no control characters).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// There is no text at all.
    #[error("identifier is empty")]
    Empty,
    /// The text is longer than [`MAX_ID_BYTES`].
    #[error("identifier length {length} exceeds max {MAX_ID_BYTES}")]
    TooLong {
        /// The length of the text in bytes of UTF-8.
        length: usize,
    },
    /// The text holds a control character: C0, DEL or C1.
    #[error("identifier contains control character at byte {at}")]
    ControlCharacter {
        /// Where the first one starts, in bytes of UTF-8.
        at: usize,
    },
}

/// Whether `text` may be an id.
pub(super) fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > MAX_ID_BYTES {
        return Err(IdError::TooLong { length: text.len() });
    }
    // Most texts are of printable ASCII, which needs no decoding.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Ok(());
    }
    match text.char_indices().find(|(_, letter)| letter.is_control()) {
        Some((at, _)) => Err(IdError::ControlCharacter { at }),
        None => Ok(()),
    }
}

/// The text of an id that is made from another id: `prefix`, `part`, `suffix`.
///
/// The reference joins the three and panics when the result is longer than 512 bytes (REFERENCE 19). Here (DESIGN D5)
/// `sha256:` and the hexadecimal SHA-256 of its bytes stand for a `part` that does not fit. So every id of up to 512
/// bytes has derived ids, and those that fit are the reference's. Two ids have the same derived id only if one is
/// spelled as the digest of the other.
///
/// The result is a valid id if `part` is one and `prefix` and `suffix` hold no control characters and at most 441 bytes
/// together. All affixes in this crate do.
pub fn derived_id(prefix: &str, part: &str, suffix: &str) -> Arc<str> {
    let mut text = String::with_capacity(prefix.len() + part.len() + suffix.len());
    text.push_str(prefix);
    if prefix.len() + part.len() + suffix.len() <= MAX_ID_BYTES {
        text.push_str(part);
    } else {
        text.push_str("sha256:");
        text.push_str(&sha256_hex(part.as_bytes()));
    }
    text.push_str(suffix);
    debug_assert_eq!(check(&text), Ok(()), "the affixes leave room for a digest");
    text.into()
}

/// Reads the text of an id, of whatever type.
pub(super) fn fill_id(id: &mut Arc<str>, json: &Json<'_>) -> json::Result<()> {
    let text = json.text("a string")?;
    check(text).map_err(|error| Fault::new(json, error.to_string()))?;
    *id = text.into();
    Ok(())
}

/// Declares an id: a checked text that is cheap to clone, ordered by its bytes, and redacted when formatted.
macro_rules! id_type {
    ($( $(#[$meta:meta])* $name:ident; )+) => {$(
        $(#[$meta])*
        ///
        /// 1 to 512 bytes of UTF-8 without control characters. Ordered by bytes. `Debug` and `Display` never show the
        /// text: ids may name persons or customers, and formatted values end in logs.
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(::std::sync::Arc<str>);

        impl $name {
            #[doc = concat!("Checks `text` and makes it a `", stringify!($name), "`.")]
            ///
            /// # Errors
            /// An [`IdError`](crate::domain::IdError), which says what is wrong with the text.
            pub fn new(text: impl AsRef<str>) -> Result<Self, $crate::domain::IdError> {
                let text = text.as_ref();
                $crate::domain::id_macro::check(text)?;
                Ok(Self(text.into()))
            }

            /// An id made from another id, always valid: see [`derived_id`](crate::domain::derived_id) (DESIGN D5).
            pub fn derived(prefix: &str, part: &str, suffix: &str) -> Self {
                Self($crate::domain::derived_id(prefix, part, suffix))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $crate::domain::Id for $name {
            fn as_text(&self) -> &str {
                &self.0
            }

            fn to_text(&self) -> ::std::sync::Arc<str> {
                self.0.clone()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl $crate::json::FromJson for $name {
            fn blank() -> Self {
                Self($crate::json::blank_text())
            }

            fn fill(&mut self, json: &$crate::json::Json<'_>) -> $crate::json::Result<()> {
                $crate::domain::id_macro::fill_id(&mut self.0, json)
            }
        }

        $crate::json::deserialize!($name);
    )+};
}

/// Declares that ids of some types can be turned into ids of another type, sharing the text.
macro_rules! id_conversions {
    ($target:ident: $($source:ident)+) => {$(
        impl From<&$source> for $target {
            fn from(id: &$source) -> Self {
                Self(id.0.clone())
            }
        }

        impl From<$source> for $target {
            fn from(id: $source) -> Self {
                Self(id.0)
            }
        }
    )+};
}

pub(super) use {id_conversions, id_type};
