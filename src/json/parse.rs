//! From text to tree.
//!
//! serde_json can do this as well, but only together with its fractional numbers and its errors. These take 12 kB
//! (compressed) of the WebAssembly, half of it tables. The wire has no such numbers.

use std::borrow::Cow;

use super::Json;

/// How deeply lists and objects may be nested, as in serde_json.
const MAX_DEPTH: usize = 127;

/// Where a text stops being JSON: before that byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) usize);

/// Parses a text that is one JSON value and nothing more.
pub(super) fn parse(text: &str) -> Result<Json<'_>, Malformed> {
    let mut parser = Parser { text, at: 0 };
    let json = parser.value(MAX_DEPTH)?;
    match parser.peek() {
        None => Ok(json),
        Some(_) => Err(parser.malformed()),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn malformed(&self) -> Malformed {
        Malformed(self.at)
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips white space, and returns the byte that comes next.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// Takes this byte if it comes next; returns whether it did.
    fn takes(&mut self, byte: u8) -> bool {
        let next = self.peek() == Some(byte);
        self.at += usize::from(next);
        next
    }

    fn take(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.takes(byte) {
            Ok(())
        } else {
            Err(self.malformed())
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json<'a>, Malformed> {
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", Json::Bool(true)),
            Some(b'f') => self.literal("false", Json::Bool(false)),
            Some(b'n') => self.literal("null", Json::Null),
            _ => Err(self.malformed()),
        }
    }

    fn literal(&mut self, word: &str, json: Json<'a>) -> Result<Json<'a>, Malformed> {
        for byte in word.bytes() {
            if self.byte() != Some(byte) {
                return Err(self.malformed());
            }
            self.at += 1;
        }
        Ok(json)
    }

    fn deeper(&self, depth: usize) -> Result<usize, Malformed> {
        depth.checked_sub(1).ok_or(self.malformed())
    }

    fn list(&mut self, depth: usize) -> Result<Json<'a>, Malformed> {
        let depth = self.deeper(depth)?;
        let mut entries = Vec::new();
        self.take(b'[')?;
        if !self.takes(b']') {
            loop {
                entries.push(self.value(depth)?);
                if !self.takes(b',') {
                    break;
                }
            }
            self.take(b']')?;
        }
        Ok(Json::List(entries))
    }

    fn object(&mut self, depth: usize) -> Result<Json<'a>, Malformed> {
        let depth = self.deeper(depth)?;
        let mut fields = Vec::new();
        self.take(b'{')?;
        if !self.takes(b'}') {
            loop {
                self.peek();
                let name = self.string()?;
                self.take(b':')?;
                fields.push((name, self.value(depth)?));
                if !self.takes(b',') {
                    break;
                }
            }
            self.take(b'}')?;
        }
        Ok(Json::Object(fields))
    }

    /// Skips digits and returns their number; `None` if there are none, or if it is greater than `u64::MAX`.
    fn digits(&mut self) -> Option<u64> {
        let mut number = None;
        let mut fits = true;
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            self.at += 1;
            let grown = number.unwrap_or(0_u64).checked_mul(10);
            let grown = grown.and_then(|number| number.checked_add(u64::from(digit - b'0')));
            fits &= grown.is_some();
            number = Some(grown.unwrap_or(0));
        }
        number.filter(|_| fits)
    }

    /// Skips digits, at least one.
    fn some_digits(&mut self) -> Result<(), Malformed> {
        if !matches!(self.byte(), Some(b'0'..=b'9')) {
            return Err(self.malformed());
        }
        self.digits();
        Ok(())
    }

    fn number(&mut self) -> Result<Json<'a>, Malformed> {
        let negative = self.byte() == Some(b'-');
        self.at += usize::from(negative);
        let start = self.at;
        let leads_with_zero = self.byte() == Some(b'0');
        let whole = self.digits().filter(|_| !negative);
        if self.at == start || (leads_with_zero && self.at > start + 1) {
            return Err(Malformed(start));
        }
        let mut json = whole.map_or(Json::Number, Json::Whole);
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.some_digits()?;
            json = Json::Number;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.some_digits()?;
            json = Json::Number;
        }
        Ok(json)
    }

    /// A string, borrowed unless something in it is escaped.
    fn string(&mut self) -> Result<Cow<'a, str>, Malformed> {
        if self.byte() != Some(b'"') {
            return Err(self.malformed());
        }
        self.at += 1;
        let mut unescaped = String::new();
        let mut start = self.at;
        loop {
            match self.byte() {
                Some(b'"') => break,
                Some(b'\\') => {
                    unescaped.push_str(self.since(start)?);
                    self.at += 1;
                    unescaped.push(self.escaped()?);
                    start = self.at;
                }
                Some(b' '..) => self.at += 1,
                _ => return Err(self.malformed()),
            }
        }
        let rest = self.since(start)?;
        self.at += 1;
        if unescaped.is_empty() {
            return Ok(Cow::Borrowed(rest));
        }
        unescaped.push_str(rest);
        Ok(Cow::Owned(unescaped))
    }

    fn since(&self, start: usize) -> Result<&'a str, Malformed> {
        self.text.get(start..self.at).ok_or(self.malformed())
    }

    /// The character that is meant by what follows a backslash.
    fn escaped(&mut self) -> Result<char, Malformed> {
        let malformed = self.malformed();
        let letter = self.byte().ok_or(malformed)?;
        self.at += 1;
        Ok(match letter {
            b'"' | b'\\' | b'/' => letter.into(),
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.code_unit()?;
                char::from_u32(unit)
                    .or_else(|| self.second_half(unit))
                    .ok_or(malformed)?
            }
            _ => return Err(malformed),
        })
    }

    /// The character whose first surrogate is `first`.
    fn second_half(&mut self, first: u32) -> Option<char> {
        let begins = self.text.as_bytes().get(self.at..self.at + 2) == Some(b"\\u".as_slice());
        if !begins || first > 0xdbff {
            return None;
        }
        self.at += 2;
        let second = self.code_unit().ok()?.checked_sub(0xdc00)?;
        if second > 0x3ff {
            return None;
        }
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)
    }

    fn code_unit(&mut self) -> Result<u32, Malformed> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            unit = unit * 16 + digit.ok_or(self.malformed())?;
            self.at += 1;
        }
        Ok(unit)
    }
}
