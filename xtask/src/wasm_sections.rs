//! The sections of a WebAssembly module, as they lie in its file.

use anyhow::{Context, Result};

/// The place of a section's kind among the bytes.
const HEADER: usize = 8;

/// The kind of the sections that bear a name.
pub const CUSTOM: u8 = 0;
/// The kind of the one that lists imports.
pub const IMPORTS: u8 = 2;

/// The module, with what `change` makes of its sections; it is given their kinds and what is in them, and answers `None`
/// for those that stay as they are.
pub fn change_sections(
    module: &[u8],
    mut change: impl FnMut(u8, &[u8]) -> Result<Option<Vec<u8>>>,
) -> Result<Vec<u8>> {
    let mut rest = Bytes(module);
    let mut changed = rest.take(HEADER)?.to_vec();
    while !rest.is_empty() {
        let kind = rest.byte()?;
        let section = rest.bytes()?;
        let anew = change(kind, section)?;
        changed.push(kind);
        put_bytes(anew.as_deref().unwrap_or(section), &mut changed);
    }
    Ok(changed)
}

/// What is still to be read.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).context("it ends early")?;
        self.0 = rest;
        Ok(taken)
    }

    pub fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    /// So many bytes as the number before them says.
    pub fn bytes(&mut self) -> Result<&'a [u8]> {
        let length = self.number()?;
        self.take(length)
    }

    /// An unsigned number: seven bits a byte, the lowest first, and in all but the last the eighth bit set.
    pub fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..32).step_by(7) {
            let byte = usize::from(self.byte()?);
            number |= (byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        anyhow::bail!("a number without an end")
    }
}

/// Writes a number as [`Bytes::number`] reads it.
pub fn put_number(mut number: usize, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Writes bytes, with their number before them.
pub fn put_bytes(these: &[u8], bytes: &mut Vec<u8>) {
    put_number(these.len(), bytes);
    bytes.extend(these);
}

/// A module of these sections.
#[cfg(test)]
pub fn module_of<'a>(sections: impl IntoIterator<Item = (u8, &'a [u8])>) -> Vec<u8> {
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    for (kind, section) in sections {
        module.push(kind);
        put_bytes(section, &mut module);
    }
    module
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_changed_and_the_others_stay() {
        let long = [7; 300];
        let module = module_of([(1, &[1, 2][..]), (CUSTOM, &long), (IMPORTS, &[])]);
        let changed = change_sections(&module, |kind, section| {
            assert_eq!(section.len(), [300, 2, 0][usize::from(kind)]);
            Ok((kind == 1).then(|| long.to_vec()))
        });
        let expected = module_of([(1, &long[..]), (CUSTOM, &long), (IMPORTS, &[])]);
        assert_eq!(changed.unwrap(), expected);
    }

    #[test]
    fn a_module_that_ends_early_is_an_error() {
        let module = module_of([(1, &[7; 200][..])]);
        for length in [4, 9, 10, 100] {
            assert!(change_sections(&module[..length], |_, _| Ok(None)).is_err());
        }
    }
}
