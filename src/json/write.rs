//! Writing JSON: what serde derives, as text.
//!
//! The result is what serde_json writes, to the byte. But this writer writes only what the wire has, is generic only
//! where it must be, and cannot fail, so that the code that serde derives has no errors to handle. In WebAssembly that
//! is optimised for size, it takes half the code and half the time.

use std::fmt::{self, Display, Write};

use serde::ser::{self, Impossible, Serialize, Serializer};

use super::decimal::push_decimal;

/// The first number that JavaScript cannot tell from the next one.
pub const WIDE: u64 = 1 << 53;

/// Writes a value as JSON.
pub fn write<T: Serialize + ?Sized>(value: &T) -> String {
    written(value, usize::MAX, false)
}

/// Writes a value as JSON, with a space at its end if it has a wide number: one that JavaScript, whose numbers are exact
/// up to 2^53-1, cannot represent. The text has at most that many bytes. If there would be more, it is longer, and it
/// may be no JSON.
pub fn write_marking_wide<T: Serialize + ?Sized>(value: &T, most: usize) -> String {
    written(value, most, true)
}

fn written<T: Serialize + ?Sized>(value: &T, most: usize, marks_wide: bool) -> String {
    let mut writer = Writer {
        // Most records and frames are between one and three kilobytes.
        text: String::with_capacity(2048),
        most,
        has_wide: false,
    };
    match value.serialize(&mut writer) {
        Ok(()) => writer.finish(marks_wide),
        Err(never) => match never {},
    }
}

struct Writer {
    text: String,
    /// Beyond so many bytes no names and no strings are written, which are nearly all of a text.
    most: usize,
    /// Whether a number was too great for JavaScript.
    has_wide: bool,
}

impl Writer {
    fn finish(mut self, marks_wide: bool) -> String {
        if marks_wide && self.has_wide {
            self.text.push(' ');
        }
        self.text
    }

    /// Writes a comma, unless the list or object has just begun.
    fn separate(&mut self) {
        if !matches!(self.text.as_bytes().last(), Some(b'[' | b'{')) {
            self.text.push(',');
        }
    }

    /// Writes the name of a field, which needs no escaping.
    fn name(&mut self, name: &str) {
        self.separate();
        if self.text.len() > self.most {
            return;
        }
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
    }

    fn string(&mut self, text: &str) {
        if self.text.len() > self.most {
            return;
        }
        self.text.push('"');
        let mut written = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte < b' ' || byte == b'"' || byte == b'\\' {
                // Every escaped byte is a character of its own, so this never cuts a character in two.
                self.text
                    .push_str(text.get(written..at).unwrap_or_default());
                self.escape(byte);
                written = at + 1;
            }
        }
        self.text.push_str(text.get(written..).unwrap_or_default());
        self.text.push('"');
    }

    #[cold]
    fn escape(&mut self, byte: u8) {
        let letter = match byte {
            b'"' | b'\\' => char::from(byte),
            b'\x08' => 'b',
            b'\t' => 't',
            b'\n' => 'n',
            b'\x0c' => 'f',
            b'\r' => 'r',
            _ => {
                self.put(format_args!("\\u{byte:04x}"));
                return;
            }
        };
        self.text.push('\\');
        self.text.push(letter);
    }

    fn put(&mut self, what: fmt::Arguments<'_>) {
        // Writing to a text does not fail.
        let _ = self.text.write_fmt(what);
    }
}

/// The error of the writer, which cannot occur.
#[derive(Debug)]
enum Never {}

impl Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: Display>(_: T) -> Self {
        unreachable!("no type of the wire refuses to be written")
    }
}

type Written = Result<(), Never>;

/// A list or an object that has begun, and the text that ends it.
struct Open<'a> {
    writer: &'a mut Writer,
    end: &'static str,
}

impl<'a> Open<'a> {
    fn new(writer: &'a mut Writer, begin: &str, end: &'static str) -> Self {
        writer.text.push_str(begin);
        Self { writer, end }
    }

    fn close(self) -> Written {
        self.writer.text.push_str(self.end);
        Ok(())
    }
}

impl ser::SerializeSeq for Open<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        self.writer.separate();
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl ser::SerializeTuple for Open<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl ser::SerializeStruct for Open<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Written {
        self.writer.name(name);
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl ser::SerializeStructVariant for Open<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Written {
        ser::SerializeStruct::serialize_field(self, name, value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

/// Refuses what the wire does not have.
macro_rules! not_on_the_wire {
    ($( $method:ident($( $argument:ty ),*) $(<$parameter:ident>)? -> $ok:ty; )+) => {$(
        fn $method $(<$parameter: ?Sized + Serialize>)? (self, $( _: $argument ),*) -> Result<$ok, Never> {
            unreachable!("the wire has no such values")
        }
    )+};
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Open<'a>;
    type SerializeTuple = Open<'a>;
    type SerializeTupleStruct = Impossible<(), Never>;
    type SerializeTupleVariant = Impossible<(), Never>;
    type SerializeMap = Impossible<(), Never>;
    type SerializeStruct = Open<'a>;
    type SerializeStructVariant = Open<'a>;

    not_on_the_wire! {
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
    }

    fn serialize_bool(self, value: bool) -> Written {
        self.text.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_u8(self, number: u8) -> Written {
        self.serialize_u64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Written {
        self.serialize_u64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Written {
        self.serialize_u64(number.into())
    }

    fn serialize_u64(self, number: u64) -> Written {
        self.has_wide |= number >= WIDE;
        push_decimal(&mut self.text, number, 1);
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Written {
        self.string(text);
        Ok(())
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.text.push_str("null");
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        let object = Open::new(self, "{", "}");
        object.writer.name(variant);
        value.serialize(&mut *object.writer)?;
        object.close()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'a>, Never> {
        Ok(Open::new(self, "[", "]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Open<'a>, Never> {
        self.serialize_seq(None)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'a>, Never> {
        Ok(Open::new(self, "{", "}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'a>, Never> {
        let outer = Open::new(self, "{", "}");
        outer.writer.name(variant);
        Ok(Open::new(outer.writer, "{", "}}"))
    }
}
