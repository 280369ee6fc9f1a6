//! The fields of an object.

use std::borrow::Cow;

use super::{Fault, FromJson, Json, Result, value};
use crate::json::concat::concat;

/// The fields of an object. Fields that no reader asks for are ignored (REFERENCE 43).
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    pub(super) object: &'a Json<'a>,
    pub(super) fields: &'a [(Cow<'a, str>, Json<'a>)],
}

impl<'a> Fields<'a> {
    /// The name and value of the only field, for an object whose one field names one of several things.
    ///
    /// # Errors
    ///
    /// There is no field or more than one: the object is not what was `expected`.
    pub fn single(self, expected: &str) -> Result<(&'a str, &'a Json<'a>)> {
        match self.fields {
            [(name, json)] => Ok((name, json)),
            _ => Err(self.object.unexpected(expected)),
        }
    }

    /// Reads a field that has to be there.
    ///
    /// # Errors
    ///
    /// The field is missing, there twice, or not what it should be.
    pub fn required(self, name: &str, field: &mut dyn FromJson) -> Result<()> {
        field.fill(self.there(name)?)
    }

    /// Reads a field that may be missing. If it is, `field` stays as it is.
    ///
    /// # Errors
    ///
    /// The field is there twice, or not what it should be. Null does not count as missing, except for an [`Option`].
    pub fn optional(self, name: &str, field: &mut dyn FromJson) -> Result<()> {
        match self.find(name)? {
            Some(json) => field.fill(json),
            None => Ok(()),
        }
    }

    /// Reads a field that has to be there, and returns its value.
    ///
    /// # Errors
    ///
    /// The errors of [`Self::required`].
    pub fn get<T: FromJson>(self, name: &str) -> Result<T> {
        let mut value = T::blank();
        self.required(name, &mut value)?;
        Ok(value)
    }

    /// Reads a field that may be missing, and returns its value if it is there.
    ///
    /// # Errors
    ///
    /// The errors of [`Self::optional`].
    pub fn given<T: FromJson>(self, name: &str) -> Result<Option<T>> {
        self.find(name)?.map(value).transpose()
    }

    /// The value of a field that has to be there.
    pub(crate) fn there(self, name: &str) -> Result<&'a Json<'a>> {
        match self.find(name)? {
            Some(json) => Ok(json),
            None => Err(Fault::new(
                self.object,
                concat(&["missing field `", name, "`"]),
            )),
        }
    }

    /// The value of a field, if it is there.
    pub(crate) fn find(self, name: &str) -> Result<Option<&'a Json<'a>>> {
        let mut found = None;
        for (key, json) in self.fields {
            if key == name && found.replace(json).is_some() {
                return Err(Fault::new(
                    self.object,
                    concat(&["duplicate field `", name, "`"]),
                ));
            }
        }
        Ok(found)
    }
}
