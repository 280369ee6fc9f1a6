//! Sections of a WebAssembly module: reading names, and rewriting sections.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use wasm_encoder::{Module, RawSection};
use wasmparser::{KnownCustom, Name, Parser, Payload};

/// The module with its sections changed. For each section, `change` may append something in its place; if `change`
/// returns `false`, the section stays as it is.
pub fn change_sections(
    module: &[u8],
    mut change: impl FnMut(Payload<'_>, &mut Module) -> Result<bool>,
) -> Result<Vec<u8>> {
    let mut changed = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        let Some((id, range)) = payload.as_section() else {
            continue;
        };
        if !change(payload, &mut changed)? {
            let data = &module[range];
            changed.section(&RawSection { id, data });
        }
    }
    Ok(changed.finish())
}

/// The names of a module's functions, by number. It is an error if there are none.
pub fn function_names(module: &[u8]) -> Result<BTreeMap<u32, &str>> {
    let mut functions = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CustomSection(section) = payload? else {
            continue;
        };
        let KnownCustom::Name(names) = section.as_known() else {
            continue;
        };
        for part in names {
            let Name::Function(names) = part? else {
                continue;
            };
            for naming in names {
                let naming = naming?;
                functions.insert(naming.index, naming.name);
            }
        }
    }
    ensure!(!functions.is_empty(), "its functions have no names");
    Ok(functions)
}
