//! One table for an enumeration and its names on the wire, so that the two cannot drift apart.

/// Declares an enumeration whose variants are plain texts in JSON.
///
/// Besides the enumeration itself this declares `as_str` (the wire name), `ALL` (every variant, in declaration order),
/// `Display` (the wire name) and serde both ways. An unknown text is an error that lists the known ones, or the first of
/// many.
macro_rules! wire_enum {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $visibility enum $name {
            $( $(#[$variant_meta])* $variant, )+
        }

        impl $name {
            /// Every variant, in declaration order.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];

            /// The names on the wire, in declaration order.
            const NAMES: &'static [&'static str] = &[$( $text, )+];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                Self::NAMES[self as usize]
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::json::FromJson for $name {
            fn blank() -> Self {
                Self::ALL[0]
            }

            fn fill(&mut self, json: &$crate::json::Json<'_>) -> $crate::json::Result<()> {
                *self = Self::ALL[$crate::json::read_name(json, Self::NAMES)?];
                Ok(())
            }
        }

        $crate::json::deserialize!($name);

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use wire_enum;
