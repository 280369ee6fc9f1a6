//! Short names for what the module imports and exports.
//!
//! wasm-bindgen names an import after the function that it calls, and adds a digest; it names an export after its class
//! and method. The names are in the module and in its JavaScript. In each of the two files, they are a kilobyte of what
//! is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use wasm_encoder::{EntityType, ExportKind, ExportSection, ImportSection};
use wasmparser::{ExportSectionReader, ExternalKind, ImportSectionReader, Payload, TypeRef};

use crate::wasm_sections::change_sections;

/// Where the module imports from, as wasm-bindgen names it.
const IMPORTED_FROM: &str = "./agent_pool_bg.js";
/// How the name begins that is given to it instead. pkg/src/instance.ts knows the package's module by it.
const OWN: &str = "agent-pool-";
/// What the JavaScript calls the module's exports.
const EXPORTS: &str = "wasm.";
/// The export that also pkg/src uses.
const MEMORY: &str = "memory";

/// Gives imports and exports short names, in the module and in its JavaScript. Exports that the JavaScript does not use
/// are left out, unless `keeps_unused`.
///
/// Short names mean something else in another build. So where the module imports from is named after the module: one
/// that is loaded by the JavaScript of another build, from a cache perhaps, finds nothing to import.
pub fn shorten(module: &Path, script: &Path, keeps_unused: bool) -> Result<()> {
    let code = fs::read_to_string(script)?;
    let bytes = fs::read(module)?;
    let shortened = |from: &str| {
        shorten_module(&bytes, from, &code, keeps_unused)
            .with_context(|| format!("the names in {}", module.display()))
    };
    let mut digest = DefaultHasher::new();
    digest.write(&shortened(OWN)?.0);
    let from = format!("{OWN}{:08x}", digest.finish() as u32);
    let (bytes, names) = shortened(&from)?;
    let code = shorten_script(&code, &from, &names)
        .with_context(|| format!("the names in {}", script.display()))?;
    fs::write(module, bytes)?;
    fs::write(script, code)?;
    Ok(())
}

/// The short names by the long ones.
#[derive(Default)]
struct Names {
    imports: BTreeMap<String, String>,
    exports: BTreeMap<String, String>,
}

/// The module with short names, and the names.
fn shorten_module(
    module: &[u8],
    from: &str,
    code: &str,
    keeps_unused: bool,
) -> Result<(Vec<u8>, Names)> {
    let mut names = Names::default();
    let shortened = change_sections(module, |payload, changed| {
        match payload {
            Payload::ImportSection(imports) => {
                changed.section(&shorten_imports(imports, from, &mut names.imports)?)
            }
            Payload::ExportSection(exports) => {
                let names = &mut names.exports;
                changed.section(&shorten_exports(exports, code, keeps_unused, names)?)
            }
            _ => return Ok(false),
        };
        Ok(true)
    })?;
    Ok((shortened, names))
}

fn shorten_imports(
    imports: ImportSectionReader<'_>,
    from: &str,
    names: &mut BTreeMap<String, String>,
) -> Result<ImportSection> {
    let mut shortened = ImportSection::new();
    for (place, import) in imports.into_imports().enumerate() {
        let import = import?;
        let TypeRef::Func(signature) = import.ty else {
            bail!("something other than functions is imported");
        };
        let function = EntityType::Function(signature);
        // A module that counts also imports what only wasm-bindgen's tool knows.
        if import.module != IMPORTED_FROM {
            shortened.import(import.module, import.name, function);
            continue;
        }
        let short = short_name(place);
        shortened.import(from, &short, function);
        names.insert(import.name.to_owned(), short);
    }
    Ok(shortened)
}

fn shorten_exports(
    exports: ExportSectionReader<'_>,
    code: &str,
    keeps_unused: bool,
    names: &mut BTreeMap<String, String>,
) -> Result<ExportSection> {
    let used = used_exports(code);
    let mut shortened = ExportSection::new();
    for export in exports {
        let export = export?;
        let kind = kind(export.kind)?;
        if export.name == MEMORY {
            shortened.export(MEMORY, kind, export.index);
        } else if used.contains(export.name) {
            let short = short_name(names.len());
            shortened.export(&short, kind, export.index);
            names.insert(export.name.to_owned(), short);
        } else if keeps_unused {
            shortened.export(export.name, kind, export.index);
        } else {
            ensure!(
                !code.contains(export.name),
                "{} is used otherwise than as a member of `wasm`",
                export.name
            );
        }
    }
    Ok(shortened)
}

fn kind(kind: ExternalKind) -> Result<ExportKind> {
    Ok(match kind {
        ExternalKind::Func => ExportKind::Func,
        ExternalKind::Global => ExportKind::Global,
        ExternalKind::Memory => ExportKind::Memory,
        ExternalKind::Table => ExportKind::Table,
        _ => bail!("something is exported that this does not know: {kind:?}"),
    })
}

/// `a` to `z`, and then `a1` to `z1`, and so on.
fn short_name(place: usize) -> String {
    let letters = "abcdefghijklmnopqrstuvwxyz";
    let letter = &letters[place % letters.len()..][..1];
    match place / letters.len() {
        0 => letter.to_owned(),
        round => format!("{letter}{round}"),
    }
}

/// The JavaScript with these names.
fn shorten_script(code: &str, from: &str, names: &Names) -> Result<String> {
    let mut code = renamed_exports(code, &names.exports);
    rename_member(
        &mut code,
        &format!("{IMPORTED_FROM:?}"),
        &format!("{from:?}"),
    )?;
    for (name, short) in &names.imports {
        rename_member(&mut code, name, short)?;
    }
    Ok(code)
}

/// What follows each use of an export: its name, and the code from there on to the next use.
fn export_uses(code: &str) -> impl Iterator<Item = (&str, &str)> {
    code.split(EXPORTS).skip(1).map(|rest| {
        let is_in_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        rest.split_at(
            rest.find(|letter| !is_in_name(letter))
                .unwrap_or(rest.len()),
        )
    })
}

fn used_exports(code: &str) -> BTreeSet<&str> {
    export_uses(code).map(|(name, _)| name).collect()
}

fn renamed_exports(code: &str, names: &BTreeMap<String, String>) -> String {
    let mut renamed = code.split(EXPORTS).next().unwrap_or_default().to_owned();
    for (name, rest) in export_uses(code) {
        let short = names.get(name).map_or(name, String::as_str);
        renamed.extend([EXPORTS, short, rest]);
    }
    renamed
}

/// Gives a member of an object another name. The old name is in the code once.
fn rename_member(code: &mut String, name: &str, short: &str) -> Result<()> {
    let key = format!(" {name}: ");
    ensure!(
        code.matches(name).count() == 1 && code.contains(&key),
        "{name} does not occur exactly once, as a member"
    );
    *code = code.replace(&key, &format!(" {short}: "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{CustomSection, Module, TypeSection};

    use super::*;

    /// A module that imports a function, and exports it under each of these names, with 200 bytes of something else
    /// behind.
    fn module((from, import): (&str, &str), exports: &[&str]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import(from, import, EntityType::Function(0));
        let mut exported = ExportSection::new();
        for export in exports {
            exported.export(export, ExportKind::Func, 0);
        }
        let other = CustomSection {
            name: "other".into(),
            data: [7; 200].as_slice().into(),
        };
        let mut module = Module::new();
        module.section(&types).section(&imports);
        module.section(&exported).section(&other);
        module.finish()
    }

    const LONG: (&str, &str) = (IMPORTED_FROM, "__wbg_append_1d490faebd77ef82");

    #[test]
    fn nothing_but_names_is_changed_and_what_nobody_uses_is_left_out_if_it_may() {
        let code = "const imports = { __wbg_append_1d490faebd77ef82: function(arg0) {} };\n\
            return { \"./agent_pool_bg.js\": imports };\n\
            wasm.pool_call(wasm.pool_free, wasm.memory.buffer);\n";
        let long = module(LONG, &["pool_call", "unused", "memory", "pool_free"]);
        let (shortened, names) = shorten_module(&long, "own", code, false).unwrap();
        assert_eq!(shortened, module(("own", "a"), &["a", "memory", "b"]));
        assert_eq!(
            shorten_script(code, "own", &names).unwrap(),
            "const imports = { a: function(arg0) {} };\n\
            return { \"own\": imports };\n\
            wasm.a(wasm.b, wasm.memory.buffer);\n"
        );
        let (kept, _) = shorten_module(&long, "own", code, true).unwrap();
        let names = ["a", "unused", "memory", "b"];
        assert_eq!(kept, module(("own", "a"), &names));
    }

    #[test]
    fn what_is_imported_from_elsewhere_keeps_its_name() {
        let elsewhere = module(("./other.js", LONG.1), &[]);
        let (same, names) = shorten_module(&elsewhere, "own", "", true).unwrap();
        assert_eq!((same, names.imports.len()), (elsewhere, 0));
    }

    #[test]
    fn names_differ_however_many_there_are() {
        let names: BTreeSet<_> = (0..200).map(short_name).collect();
        assert_eq!(names.len(), 200);
    }

    #[test]
    fn a_name_that_is_said_otherwise_is_an_error() {
        let names = Names {
            imports: BTreeMap::from([("called".to_owned(), "a".to_owned())]),
            ..Names::default()
        };
        for code in ["", "{ called: 1, other: called }", "called()"] {
            let code = format!("{{ \"./agent_pool_bg.js\": 1, {code} }}");
            assert!(shorten_script(&code, "own", &names).is_err(), "{code}");
        }
        let unused = module(LONG, &["called"]);
        assert!(shorten_module(&unused, "own", "wasm[\"called\"]()", false).is_err());
        assert!(shorten_module(&module(LONG, &[])[..30], "own", "", true).is_err());
    }
}
