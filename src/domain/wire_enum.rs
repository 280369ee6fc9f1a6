//! One table for an enumeration and its names on the wire, so that the two cannot drift apart.

/// Declares an enumeration whose variants are plain texts in JSON.
///
/// Beside the enumeration itself this gives `as_str` (the wire name), `ALL` (every variant, in declaration order),
/// `Display` (the wire name) and serde both ways. An unknown text is an error that lists the known ones.
macro_rules! wire_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
        }

        impl $name {
            /// Every variant, in declaration order.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $text, )+
                }
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                const NAMES: &[&str] = &[$( $text, )+];
                let index = deserializer.deserialize_str($crate::domain::NameVisitor(NAMES))?;
                Ok(Self::ALL[index])
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use wire_enum;

/// Reads one of the names and answers its place in the list. One for all enumerations: a derived reader
/// for each would be a quarter of the WebAssembly.
pub(crate) struct NameVisitor(pub(crate) &'static [&'static str]);

impl serde::de::Visitor<'_> for NameVisitor {
    type Value = usize;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<usize, E> {
        let place = self.0.iter().position(|name| *name == text);
        place.ok_or_else(|| E::unknown_variant(text, self.0))
    }
}
