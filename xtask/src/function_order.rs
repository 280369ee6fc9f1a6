//! The order of a module's functions.
//!
//! What compresses best is to have those side by side that do the same to different things. wasm-opt has functions in the
//! order of their names, which begin with the thing, so names get before them what is done.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::wasm_sections::{Bytes, CUSTOM, change_sections, put_bytes, put_number};

/// What functions do, by what their names contain: the first that fits, in this order, which was found by trying. Together
/// they are 2 % of the module.
const DONE: [&str; 8] = [
    "drop_in_place",
    "drop_slow",
    "serialize",
    "fill",
    "clone",
    "fmt",
    "core",
    "{{closure}}",
];

/// The name of the section of names, and the number of its part about functions.
const NAMES: &[u8] = b"name";
const FUNCTIONS: u8 = 1;

/// Names the functions of a module by what they do first of all.
pub fn name_by_what_is_done(module: &Path) -> Result<()> {
    let named =
        named(&fs::read(module)?).with_context(|| format!("the names in {}", module.display()))?;
    fs::write(module, named)?;
    Ok(())
}

fn named(module: &[u8]) -> Result<Vec<u8>> {
    let mut is_found = false;
    let named = change_sections(module, |kind, section| {
        let mut rest = Bytes(section);
        if kind != CUSTOM || rest.bytes()? != NAMES {
            return Ok(None);
        }
        is_found = true;
        let mut named = Vec::new();
        put_bytes(NAMES, &mut named);
        while !rest.is_empty() {
            let part = rest.byte()?;
            let names = rest.bytes()?;
            named.push(part);
            match part {
                FUNCTIONS => put_bytes(&named_functions(names)?, &mut named),
                _ => put_bytes(names, &mut named),
            }
        }
        Ok(Some(named))
    })?;
    ensure!(is_found, "there are none");
    Ok(named)
}

fn named_functions(names: &[u8]) -> Result<Vec<u8>> {
    let mut rest = Bytes(names);
    let count = rest.number()?;
    let mut named = Vec::new();
    put_number(count, &mut named);
    for _ in 0..count {
        put_number(rest.number()?, &mut named);
        let name = std::str::from_utf8(rest.bytes()?)?;
        let done = DONE.iter().position(|done| name.contains(done));
        let done = done.unwrap_or(DONE.len());
        put_bytes(format!("{done} {name}").as_bytes(), &mut named);
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm_sections::module_of;

    /// A section of names: of the module, and of functions that are numbered from 5 on.
    fn names(functions: &[&str]) -> Vec<u8> {
        let mut list = Vec::new();
        put_number(functions.len(), &mut list);
        for (number, name) in (5..).zip(functions) {
            put_number(number, &mut list);
            put_bytes(name.as_bytes(), &mut list);
        }
        let mut section = Vec::new();
        put_bytes(NAMES, &mut section);
        section.extend([0, 2, 1, b'm', FUNCTIONS]);
        put_bytes(&list, &mut section);
        section
    }

    #[test]
    fn functions_that_do_the_same_come_together() {
        let before = names(&["<a as Write>::fmt", "b", "core::drop_in_place<c>"]);
        let after = names(&["5 <a as Write>::fmt", "8 b", "0 core::drop_in_place<c>"]);
        let other = [4, b'o', b't', b'h', b'r', 9];
        let sections = |names| module_of([(1, &[0][..]), (CUSTOM, &other), (CUSTOM, names)]);
        assert_eq!(named(&sections(&before)).unwrap(), sections(&after));
    }

    #[test]
    fn a_module_without_names_is_an_error() {
        assert!(named(&module_of([(1, &[0][..])])).is_err());
    }
}
