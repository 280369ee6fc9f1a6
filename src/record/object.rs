//! Reading what is made of an object's fields.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// Reads an object, and nothing but an object, as `Fields` and makes of it what it stands for.
///
/// `make` is called while the object is being read, so that an error of its own is one at the object's
/// place and not at that of what the object is in.
pub(super) fn from_object<'de, D: Deserializer<'de>, Fields: Deserialize<'de>, T>(
    deserializer: D,
    expected: &'static str,
    make: fn(Fields) -> Result<T, &'static str>,
) -> Result<T, D::Error> {
    deserializer.deserialize_map(Object {
        expected,
        make,
        fields: PhantomData,
    })
}

struct Object<Fields, T> {
    expected: &'static str,
    make: fn(Fields) -> Result<T, &'static str>,
    fields: PhantomData<Fields>,
}

impl<'de, Fields: Deserialize<'de>, T> Visitor<'de> for Object<Fields, T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.expected)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let fields = Fields::deserialize(MapAccessDeserializer::new(map))?;
        (self.make)(fields).map_err(A::Error::custom)
    }
}
