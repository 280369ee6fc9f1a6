//! Short names for the imports of the module.
//!
//! wasm-bindgen names an import after the function that it calls, and adds a digest. The names are in the module and in
//! its JavaScript. Digests do not compress: in each of the two files, the names are more than half a kilobyte of what
//! is sent.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use wasm_encoder::{EntityType, ImportSection};
use wasmparser::{ImportSectionReader, Payload, TypeRef};

use crate::wasm_sections::change_sections;

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

/// The short names by the long ones.
type Names = BTreeMap<String, String>;

/// The module with short names, and the names.
fn shorten_module(module: &[u8]) -> Result<(Vec<u8>, Names)> {
    let mut names = Names::new();
    let shortened = change_sections(module, |payload, changed| {
        let Payload::ImportSection(imports) = payload else {
            return Ok(false);
        };
        changed.section(&shorten_imports(imports, &mut names)?);
        Ok(true)
    })?;
    Ok((shortened, names))
}

fn shorten_imports(imports: ImportSectionReader<'_>, names: &mut Names) -> Result<ImportSection> {
    let mut shortened = ImportSection::new();
    for (place, import) in imports.into_imports().enumerate() {
        let import = import?;
        let TypeRef::Func(signature) = import.ty else {
            bail!("something other than functions is imported");
        };
        let short = format!("i{place}");
        shortened.import(import.module, &short, EntityType::Function(signature));
        names.insert(import.name.to_owned(), short);
    }
    Ok(shortened)
}

/// The JavaScript with these names. Each name is in it once, as a member of what the module is given.
fn shorten_script(code: &str, names: &Names) -> Result<String> {
    let mut code = code.to_owned();
    for (name, short) in names {
        let key = format!(" {name}: ");
        ensure!(
            code.matches(name.as_str()).count() == 1 && code.contains(&key),
            "{name} does not occur exactly once, as a member"
        );
        code = code.replace(&key, &format!(" {short}: "));
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{CustomSection, Module, TypeSection};

    use super::*;

    /// A module of one type that imports a function of that name, and with 200 bytes of something else behind.
    fn module(name: &str) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("./module.js", name, EntityType::Function(0));
        let other = CustomSection {
            name: "other".into(),
            data: [7; 200].as_slice().into(),
        };
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&other);
        module.finish()
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
