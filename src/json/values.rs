//! How each kind of value is read from a tree.

use std::borrow::Cow;
use std::num::NonZeroU64;
use std::sync::Arc;

use super::{Fault, FromJson, Json, Result, value};

/// Null is `None`.
impl<T: FromJson> FromJson for Option<T> {
    fn blank() -> Self {
        None
    }

    fn fill(&mut self, json: &Json<'_>) -> Result<()> {
        *self = match json {
            Json::Null => None,
            json => Some(value(json)?),
        };
        Ok(())
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn fill(&mut self, json: &Json<'_>) -> Result<()> {
        (**self).fill(json)
    }
}

impl<T: FromJson> FromJson for Arc<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn fill(&mut self, json: &Json<'_>) -> Result<()> {
        let value = Self::get_mut(self);
        value.expect("a blank value is not shared").fill(json)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn fill(&mut self, json: &Json<'_>) -> Result<()> {
        json.each(&mut |entry| {
            self.push(value(entry)?);
            Ok(())
        })
    }
}

impl<T: FromJson> FromJson for Arc<[T]> {
    fn blank() -> Self {
        Self::default()
    }

    fn fill(&mut self, json: &Json<'_>) -> Result<()> {
        *self = value::<Vec<T>>(json)?.into();
        Ok(())
    }
}

impl FromJson for Cow<'static, str> {
    fn blank() -> Self {
        Self::Borrowed("")
    }

    fn fill(&mut self, json: &Json<'_>) -> Result<()> {
        *self = Self::Owned(json.text("a string")?.to_owned());
        Ok(())
    }
}

impl FromJson for bool {
    fn blank() -> Self {
        false
    }

    fn fill(&mut self, json: &Json<'_>) -> Result<()> {
        match json {
            Json::Bool(value) => *self = *value,
            json => return Err(json.unexpected("true or false")),
        }
        Ok(())
    }
}

impl FromJson for u64 {
    fn blank() -> Self {
        0
    }

    fn fill(&mut self, json: &Json<'_>) -> Result<()> {
        match json {
            Json::Whole(number) => *self = *number,
            json => return Err(json.unexpected("a whole number")),
        }
        Ok(())
    }
}

impl FromJson for u32 {
    fn blank() -> Self {
        0
    }

    fn fill(&mut self, json: &Json<'_>) -> Result<()> {
        let number = Self::try_from(value::<u64>(json)?);
        *self = number.map_err(|_| json.unexpected("a whole number of 32 bits"))?;
        Ok(())
    }
}

impl FromJson for u16 {
    fn blank() -> Self {
        0
    }

    fn fill(&mut self, json: &Json<'_>) -> Result<()> {
        let number = Self::try_from(value::<u64>(json)?);
        *self = number.map_err(|_| json.unexpected("a whole number of 16 bits"))?;
        Ok(())
    }
}

impl FromJson for NonZeroU64 {
    fn blank() -> Self {
        Self::MIN
    }

    fn fill(&mut self, json: &Json<'_>) -> Result<()> {
        let number = Self::new(value::<u64>(json)?);
        *self = number.ok_or_else(|| json.unexpected("a whole number greater than 0"))?;
        Ok(())
    }
}

/// The text of every blank id. It is shared, so that a blank id costs no allocation.
#[inline(never)]
pub(crate) fn blank_text() -> Arc<str> {
    Arc::default()
}

/// How many names of an enumeration an error lists. Nobody would read more.
const MOST_NAMES: usize = 16;

/// Reads one of the names of an enumeration; returns its index among them.
pub(crate) fn read_name(json: &Json<'_>, names: &'static [&'static str]) -> Result<usize> {
    let text = json.text("a name")?;
    let place = names.iter().position(|name| *name == text);
    place.ok_or_else(|| {
        let mut reason = "unknown variant, expected one of ".to_owned();
        for (place, name) in names.iter().take(MOST_NAMES).enumerate() {
            reason.push_str(if place > 0 { ", `" } else { "`" });
            reason.push_str(name);
            reason.push('`');
        }
        if names.len() > MOST_NAMES {
            reason.push_str(", …");
        }
        Fault::new(json, reason)
    })
}
