//! Objects whose fields may all be missing.

/// Makes a type, which derives serde's traits with `remote = "Self"`, readable from an object and nothing but an object.
///
/// serde's own reading of a struct also takes an array, as the fields in their order. Where every field may be missing,
/// that would make `[]` a filter that everything satisfies.
macro_rules! map_only {
    ($type:ident, $expected:literal) => {
        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                // `remote = "Self"` makes what serde derives inherent, which goes before the trait's.
                $type::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                struct MapOnly;

                impl<'de> ::serde::de::Visitor<'de> for MapOnly {
                    type Value = $type;

                    fn expecting(
                        &self,
                        formatter: &mut ::std::fmt::Formatter<'_>,
                    ) -> ::std::fmt::Result {
                        formatter.write_str($expected)
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        map: A,
                    ) -> Result<$type, A::Error> {
                        $type::deserialize(::serde::de::value::MapAccessDeserializer::new(map))
                    }
                }

                deserializer.deserialize_map(MapOnly)
            }
        }
    };
}

pub(super) use map_only;
