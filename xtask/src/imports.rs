//! Short names for what the module imports.
//!
//! wasm-bindgen names an import after what it calls, with a digest behind it, and both the module and its JavaScript say
//! so. Digests do not compress: of either file these names are more than half a kilobyte of what is sent.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// The place of a section's kind among the bytes, and the kind of the one that lists imports.
const HEADER: usize = 8;
const IMPORTS: u8 = 2;
const FUNCTION: u8 = 0;

/// Gives imports short names, in the module and in its JavaScript.
pub fn shorten(module: &Path, script: &Path) -> Result<()> {
    let (bytes, names) = shorten_module(&fs::read(module)?)
        .with_context(|| format!("the imports of {}", module.display()))?;
    let code = shorten_script(&fs::read_to_string(script)?, &names)
        .with_context(|| format!("the imports in {}", script.display()))?;
    fs::write(module, bytes)?;
    fs::write(script, code)?;
    Ok(())
}

/// Short names by the long ones.
type Names = BTreeMap<String, String>;

/// The module with short names, and these.
fn shorten_module(module: &[u8]) -> Result<(Vec<u8>, Names)> {
    let mut rest = Bytes(module);
    let mut shortened = rest.take(HEADER)?.to_vec();
    let mut names = Names::new();
    while !rest.0.is_empty() {
        let kind = rest.take(1)?[0];
        let length = rest.number()?;
        let section = rest.take(length)?;
        let section = match kind {
            IMPORTS => shorten_section(section, &mut names)?,
            _ => section.to_vec(),
        };
        shortened.push(kind);
        put_bytes(&section, &mut shortened);
    }
    Ok((shortened, names))
}

fn shorten_section(section: &[u8], names: &mut Names) -> Result<Vec<u8>> {
    let mut rest = Bytes(section);
    let count = rest.number()?;
    let mut shortened = Vec::new();
    put_number(count, &mut shortened);
    for place in 0..count {
        let length = rest.number()?;
        put_bytes(rest.take(length)?, &mut shortened);
        let length = rest.number()?;
        let name = String::from_utf8(rest.take(length)?.to_vec())?;
        let short = format!("i{place}");
        put_bytes(short.as_bytes(), &mut shortened);
        names.insert(name, short);
        ensure!(
            rest.take(1)?[0] == FUNCTION,
            "something else than functions is imported"
        );
        shortened.push(FUNCTION);
        put_number(rest.number()?, &mut shortened);
    }
    Ok(shortened)
}

/// The JavaScript with these names. It has each of them once: as what the module is given.
fn shorten_script(code: &str, names: &Names) -> Result<String> {
    let mut code = code.to_owned();
    for (name, short) in names {
        let key = format!(" {name}: ");
        ensure!(
            code.matches(name.as_str()).count() == 1 && code.contains(&key),
            "{name} is not named once, as a member"
        );
        code = code.replace(&key, &format!(" {short}: "));
    }
    Ok(code)
}

/// What is still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).context("it ends early")?;
        self.0 = rest;
        Ok(taken)
    }

    /// An unsigned number: seven bits a byte, the lowest first, and in all but the last the eighth bit set.
    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..32).step_by(7) {
            let byte = usize::from(self.take(1)?[0]);
            number |= (byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        anyhow::bail!("a number without an end")
    }
}

fn put_number(mut number: usize, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn put_bytes(these: &[u8], bytes: &mut Vec<u8>) {
    put_number(these.len(), bytes);
    bytes.extend(these);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module of one type that imports a function of that name, with 200 bytes of something else behind.
    fn module(name: &str) -> Vec<u8> {
        let mut imports = vec![1];
        put_bytes(b"./module.js", &mut imports);
        put_bytes(name.as_bytes(), &mut imports);
        imports.extend([FUNCTION, 0]);
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        for (kind, section) in [
            (1, vec![1, 0x60, 0, 0]),
            (IMPORTS, imports),
            (0, vec![7; 200]),
        ] {
            module.push(kind);
            put_bytes(&section, &mut module);
        }
        module
    }

    #[test]
    fn nothing_but_the_name_of_an_import_is_changed() {
        let long = "__wbg_append_1d490faebd77ef82";
        let (shortened, names) = shorten_module(&module(long)).unwrap();
        assert_eq!(shortened, module("i0"));
        let code = format!("const imports = {{ {long}: function(arg0) {{}} }};");
        let code = shorten_script(&code, &names).unwrap();
        assert_eq!(code, "const imports = { i0: function(arg0) {} };");
    }

    #[test]
    fn a_name_that_is_said_otherwise_is_an_error() {
        let names = Names::from([("called".to_owned(), "i0".to_owned())]);
        for code in ["", "{ called: 1, other: called }", "called()"] {
            assert!(shorten_script(code, &names).is_err(), "{code}");
        }
        assert!(shorten_module(&module("called")[..30]).is_err());
    }
}
