//! Short names for what the module imports.
//!
//! wasm-bindgen names an import after what it calls, with a digest behind it, and both the module and its JavaScript say
//! so. Digests do not compress: of either file these names are more than half a kilobyte of what is sent.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::wasm_sections::{Bytes, IMPORTS, change_sections, put_bytes, put_number};

/// What is imported: a function.
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
    let mut names = Names::new();
    let shortened = change_sections(module, |kind, section| match kind {
        IMPORTS => shorten_section(section, &mut names).map(Some),
        _ => Ok(None),
    })?;
    Ok((shortened, names))
}

fn shorten_section(section: &[u8], names: &mut Names) -> Result<Vec<u8>> {
    let mut rest = Bytes(section);
    let count = rest.number()?;
    let mut shortened = Vec::new();
    put_number(count, &mut shortened);
    for place in 0..count {
        put_bytes(rest.bytes()?, &mut shortened);
        let name = String::from_utf8(rest.bytes()?.to_vec())?;
        let short = format!("i{place}");
        put_bytes(short.as_bytes(), &mut shortened);
        names.insert(name, short);
        ensure!(
            rest.byte()? == FUNCTION,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm_sections::{CUSTOM, module_of};

    /// A module of one type that imports a function of that name, with 200 bytes of something else behind.
    fn module(name: &str) -> Vec<u8> {
        let mut imports = vec![1];
        put_bytes(b"./module.js", &mut imports);
        put_bytes(name.as_bytes(), &mut imports);
        imports.extend([FUNCTION, 0]);
        module_of([
            (1, &[1, 0x60, 0, 0][..]),
            (IMPORTS, &imports),
            (CUSTOM, &[7; 200]),
        ])
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
