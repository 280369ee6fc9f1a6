//! Rewriting sections of a WebAssembly module.

use anyhow::Result;
use wasm_encoder::{Module, RawSection};
use wasmparser::{Parser, Payload};

/// The module, with what `change` appends in the place of a section; if that answers `false`, the section stays as it is.
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
