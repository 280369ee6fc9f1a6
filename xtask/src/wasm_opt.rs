//! How wasm-opt makes the module smaller.

use std::path::Path;

use anyhow::Result;
use xshell::{Shell, cmd};

/// Optimises the module in place, for size.
///
/// The control flow that rustc leaves is flattened and built anew. Addresses are added to the constants of loads and
/// stores, as the first kilobyte holds nothing but the end of the stack. Together this saves a hundredth of the module.
///
/// A function is inlined for being small, not for having one caller. Compressed, the module is then a twentieth
/// smaller. And V8, which compiles a function as a whole when it is first called, has an eighth less to compile for a
/// first send.
pub fn optimise(shell: &Shell, module: &Path) -> Result<()> {
    run(shell, module, &["--flatten", "--rereloop", "-Os"])
}

/// Optimises the module once more: what the first round has made possible saves half a per cent. After this its
/// functions are in the order of their names, and have no names.
pub fn finish(shell: &Shell, module: &Path) -> Result<()> {
    run(
        shell,
        module,
        &["-Os", "--reorder-functions-by-name", "--strip-producers"],
    )
}

/// Has wasm-opt change the module in place. It may use the features that rustc's wasm32 target has, except for
/// functions of several results.
fn run(shell: &Shell, module: &Path, passes: &[&str]) -> Result<()> {
    let features = [
        "--enable-bulk-memory",
        "--enable-mutable-globals",
        "--enable-nontrapping-float-to-int",
        "--enable-reference-types",
        "--enable-sign-ext",
    ];
    cmd!(
        shell,
        "pkg/node_modules/.bin/wasm-opt --low-memory-unused --one-caller-inline-max-function-size=15 {passes...} {features...} {module} --output {module}"
    )
    .quiet()
    .run()?;
    Ok(())
}
