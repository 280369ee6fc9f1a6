//! The table of a module: the functions that are called by their address.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use wasm_encoder::{ConstExpr, ElementSection, Elements};
use wasmparser::{
    Element, ElementItems, ElementKind, ElementSectionReader, ExportSectionReader, ExternalKind,
    Operator, Payload,
};

use crate::wasm_sections::{change_sections, function_names};

/// Functions that nobody calls, by parts of their names. They stay in the table, where wasm-opt cannot know that nobody
/// calls them. They are half a per cent of the module.
const UNCALLED: [&[&str]; 2] = [
    // Through these JavaScript calls closures of Rust: js-sys has one for each of its functions that take closures.
    // Their addresses are only in data that wasm-bindgen's tool reads and then removes from the module. The tool exports
    // the functions that are needed.
    &["wasm_bindgen[", "]::convert::closures::_::invoke"],
    // The waker of js-sys's tasks that can be suspended. The tool removes what makes it.
    &["js_sys[", "]::futures::jspi::task_waker::"],
];

/// Takes the functions that nobody calls out of the table of a module that has names. Fails if it exports one of them.
pub fn leave_out_uncalled(module: &Path) -> Result<()> {
    let left = without_uncalled(&fs::read(module)?)
        .with_context(|| format!("the table of {}", module.display()))?;
    fs::write(module, left)?;
    Ok(())
}

fn without_uncalled(module: &[u8]) -> Result<Vec<u8>> {
    let unused = uncalled(module)?;
    change_sections(module, |payload, changed| {
        match payload {
            Payload::ExportSection(exports) => require_unused(&unused, exports)?,
            Payload::ElementSection(elements) => {
                changed.section(&without(&unused, elements)?);
                return Ok(true);
            }
            _ => {}
        }
        Ok(false)
    })
}

fn uncalled(module: &[u8]) -> Result<BTreeSet<u32>> {
    let names = function_names(module)?;
    let mut uncalled = BTreeSet::new();
    for parts in UNCALLED {
        let known = uncalled.len();
        let named = names
            .iter()
            .filter(|(_, name)| parts.iter().all(|part| name.contains(part)));
        uncalled.extend(named.map(|(function, _)| *function));
        ensure!(
            uncalled.len() > known,
            "no function is named {}: see `UNCALLED`",
            parts.join("…")
        );
    }
    Ok(uncalled)
}

fn require_unused(unused: &BTreeSet<u32>, exports: ExportSectionReader<'_>) -> Result<()> {
    for export in exports {
        let export = export?;
        ensure!(
            export.kind != ExternalKind::Func || !unused.contains(&export.index),
            "JavaScript calls {}: see `UNCALLED`",
            export.name
        );
    }
    Ok(())
}

/// The elements with a used function in the place of each unused one. That function is in the table more than once
/// then.
fn without(unused: &BTreeSet<u32>, elements: ElementSectionReader<'_>) -> Result<ElementSection> {
    let mut left = ElementSection::new();
    for element in elements {
        let (offset, functions) = read(element?)?;
        let used = functions.iter().find(|function| !unused.contains(function));
        let used = *used.context("nothing in the table is used")?;
        let functions: Vec<u32> = functions
            .iter()
            .map(|function| {
                if unused.contains(function) {
                    used
                } else {
                    *function
                }
            })
            .collect();
        let offset = ConstExpr::i32_const(offset);
        left.active(None, &offset, Elements::Functions(functions.into()));
    }
    Ok(left)
}

/// The offset of the functions in the table, and the functions.
fn read(element: Element<'_>) -> Result<(i32, Vec<u32>)> {
    let (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(functions)) =
        (element.kind, element.items)
    else {
        bail!("the table is filled with something other than functions");
    };
    let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
        bail!("the offset of the table's functions is not a constant");
    };
    let functions = functions.into_iter().collect::<Result<_, _>>()?;
    Ok((value, functions))
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, NameMap,
        NameSection, RefType, TableSection, TableType, TypeSection,
    };
    use wasmparser::Parser;

    use super::*;

    const CLOSURE: &str = "wasm_bindgen[0123456789abcdef]::convert::closures::_::invoke::<u32>";
    const WAKER: &str = "js_sys[0123456789abcdef]::futures::jspi::task_waker::raw_wake";

    /// A module with functions of these names, of which one is exported. All are in its table, from place 1 on.
    fn module(names: &[&str], exported: u32) -> Vec<u8> {
        let count = names.len() as u32;
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        let mut named = NameMap::new();
        for (index, name) in (0..).zip(names) {
            functions.function(0);
            let mut body = Function::new([]);
            body.instructions().end();
            code.function(&body);
            named.append(index, name);
        }
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: u64::from(count) + 1,
            maximum: None,
            shared: false,
        });
        let mut exports = ExportSection::new();
        exports.export("exported", ExportKind::Func, exported);
        let mut elements = ElementSection::new();
        let all: Vec<u32> = (0..count).collect();
        elements.active(
            None,
            &ConstExpr::i32_const(1),
            Elements::Functions(all.into()),
        );
        let mut names = NameSection::new();
        names.functions(&named);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&tables);
        module.section(&exports).section(&elements).section(&code);
        module.section(&names);
        module.finish()
    }

    fn in_table(module: &[u8]) -> (i32, Vec<u32>) {
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::ElementSection(elements) = payload.unwrap() {
                return read(elements.into_iter().next().unwrap().unwrap()).unwrap();
            }
        }
        panic!("there is no table");
    }

    #[test]
    fn what_nobody_calls_is_not_in_the_table_and_all_others_are_where_they_were() {
        let before = module(&[CLOSURE, "a", WAKER, "b", CLOSURE], 1);
        assert_eq!(in_table(&before), (1, vec![0, 1, 2, 3, 4]));
        let after = without_uncalled(&before).unwrap();
        assert_eq!(in_table(&after), (1, vec![1, 1, 1, 3, 1]));
    }

    #[test]
    fn what_javascript_calls_is_an_error_as_is_none_of_a_name() {
        assert!(without_uncalled(&module(&["a", CLOSURE, WAKER], 0)).is_ok());
        for exported in [1, 2] {
            assert!(without_uncalled(&module(&["a", CLOSURE, WAKER], exported)).is_err());
        }
        for one in [CLOSURE, WAKER] {
            assert!(without_uncalled(&module(&["a", one], 0)).is_err());
        }
        assert!(without_uncalled(&Module::new().finish()).is_err());
    }
}
