//! `cargo xtask profile`: has the package do what it should do fast, and writes to xtask/profile/agent_pool.profdata
//! how often each part of its functions ran. By these counts `cargo xtask build` has LLVM inline functions in the
//! places that every send comes through, and in few others.
//!
//! The counts are for functions as they were, and for the version of rustc that counted. A function that its counts no
//! longer fit is compiled without them, and is slower and smaller. rustc warns of functions whose control flow has
//! changed (`hash mismatch`), and [`look_at_names`] warns if all functions have other names. So this has to be run
//! again after a change of the core.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

use crate::build::{self, Options};
use crate::rustc_flags::{self, TARGET};
use crate::workspace;

/// Where the counts are kept, seen from the repository's top folder.
const COUNTS: &str = "xtask/profile/agent_pool.profdata";

/// The version of LLVM that wrote the counts. Later versions can read them; earlier ones may not.
const WRITTEN_BY: u32 = 22;

/// The name of the crate that counts.
const NAME: &str = "instrumented";

/// Counts again.
pub fn run() -> Result<()> {
    let shell = workspace::shell()?;
    let llvm = llvm_version(&shell)?;
    ensure!(
        llvm == WRITTEN_BY,
        "rustc has LLVM {llvm}: set `WRITTEN_BY` in xtask/src/profile.rs to that version"
    );
    let profdata = tool(&shell, "llvm-profdata", llvm)?;
    tool(&shell, "clang", llvm)?;
    let tree = lay_out(&shell)?;
    let module = compile(&shell, llvm, &tree)?;
    let options = Options {
        counting: Some(module),
        ..Options::default()
    };
    build::run(&options)?;
    let (dist, raw) = (options.dist(), tree.with_extension("profraw"));
    workspace::step("counting what its functions do");
    cmd!(shell, "node benches/train.mjs {dist} {raw}")
        .quiet()
        .run()?;
    // Functions that never ran have no counts worth keeping.
    cmd!(shell, "{profdata} merge --sparse --output {COUNTS} {raw}")
        .quiet()
        .run()?;
    workspace::step(&format!("the counts are in {COUNTS}"));
    Ok(())
}

/// The counts, if rustc can read them.
pub fn counts(shell: &Shell) -> Result<Option<PathBuf>> {
    let version = llvm_version(shell)?;
    if version < WRITTEN_BY {
        eprintln!(
            "rustc's LLVM {version} cannot read {COUNTS}, which LLVM {WRITTEN_BY} wrote: the package will be smaller and slower than documented"
        );
        return Ok(None);
    }
    Ok(Some(workspace::root().join(COUNTS)))
}

/// Prints a warning if the counts are of functions with other names than those of the library that was built with them.
/// That happens with another version of rustc, or with other features of a dependency. LLVM does not warn then.
pub fn look_at_names(library: &Path) -> Result<()> {
    let counts = workspace::root().join(COUNTS);
    let [built, counted] = [library, &counts].map(std::fs::read);
    if crate_in_names(&built?) != crate_in_names(&counted?) {
        eprintln!(
            "the functions in {COUNTS} have other names than rustc gives them: the package will be smaller and slower than documented"
        );
    }
    Ok(())
}

/// The digest that identifies this crate in the names of its functions, `…Cs<digest>_10agent_pool…`.
fn crate_in_names(symbols: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"_10agent_pool";
    let mut places = symbols.windows(NAME.len()).enumerate();
    places.find_map(|(end, name)| {
        if name != NAME {
            return None;
        }
        let before = &symbols[..end];
        let is_digit = |byte: &&u8| byte.is_ascii_alphanumeric();
        let digits = before.iter().rev().take_while(is_digit).count();
        let path = &before[end - digits..];
        let start = path.windows(2).rposition(|mark| mark == b"Cs")?;
        Some(&path[start + 2..])
    })
}

/// The major version of rustc's LLVM. The LLVM tools that are used for counting have to be of the same version.
fn llvm_version(shell: &Shell) -> Result<u32> {
    let rustc = cmd!(shell, "rustc -vV").quiet().read()?;
    major_version(&rustc).context("rustc does not say which LLVM it has")
}

fn major_version(rustc: &str) -> Option<u32> {
    let line = |line: &str| line.strip_prefix("LLVM version: ").map(str::to_owned);
    let version = rustc.lines().find_map(line)?;
    version.split('.').next()?.parse().ok()
}

/// The name of the LLVM tool of that version.
fn tool(shell: &Shell, name: &str, version: u32) -> Result<String> {
    let name = format!("{name}-{version}");
    let found = cmd!(shell, "{name} --version").quiet().ignore_stdout();
    found.run().with_context(|| {
        format!("{name} is missing: it is in Debian's packages clang-{version} and llvm-{version}")
    })?;
    Ok(name)
}

/// Makes a copy of the repository with one more crate, the one that counts. Counts are found by the names of functions,
/// and a name depends on the place of the crate in its workspace and on what the crate is built of.
fn lay_out(shell: &Shell) -> Result<PathBuf> {
    let tree = workspace::target_directory().join("profile/tree");
    shell.remove_path(&tree)?;
    let files = cmd!(
        shell,
        "git ls-files --cached --others --exclude-standard -- Cargo.toml Cargo.lock src xtask benches examples"
    );
    for file in files.quiet().read()?.lines() {
        let copy = tree.join(file);
        shell.create_dir(copy.parent().unwrap_or(&tree))?;
        shell.copy_file(file, copy)?;
    }
    let manifest = tree.join("Cargo.toml");
    let workspace = shell.read_file(&manifest)?;
    let members = workspace.replace(r#"["xtask"]"#, &format!(r#"["xtask", "{NAME}"]"#));
    ensure!(
        members != workspace,
        "Cargo.toml names other members than xtask: see `lay_out`"
    );
    shell.write_file(&manifest, members)?;
    let counted = tree.join(NAME);
    shell.create_dir(counted.join("src"))?;
    shell.copy_file("xtask/profile/instrumented.rs", counted.join("src/lib.rs"))?;
    shell.copy_file(
        "xtask/profile/instrumented.toml",
        counted.join("Cargo.toml"),
    )?;
    Ok(tree)
}

/// Compiles the crate that counts; returns the path of its module.
fn compile(shell: &Shell, llvm: u32, tree: &Path) -> Result<PathBuf> {
    let target = workspace::target_directory().join("profile");
    let flags = rustc_flags::of_counting();
    let path = std::env::var("PATH").unwrap_or_default();
    let tools = tools(shell, llvm, &target)?;
    let _tree = shell.push_dir(tree);
    workspace::step("compiling the module that counts");
    cmd!(
        shell,
        "cargo build {flags...} --package {NAME} --lib --target {TARGET} --profile small"
    )
    .env("CARGO_TARGET_DIR", &target)
    .env("PATH", format!("{}:{path}", tools.display()))
    .env(
        "RUSTC_WRAPPER",
        workspace::root().join("xtask/profile/rustc.sh"),
    )
    // For `-Zno-profiler-runtime`: minicov takes the place of the profiler runtime.
    .env("RUSTC_BOOTSTRAP", "1")
    .quiet()
    .run()?;
    Ok(target.join(format!("{TARGET}/small/{NAME}.wasm")))
}

/// A folder with LLVM's tools of that version, under the names by which the build of minicov calls them.
fn tools(shell: &Shell, llvm: u32, target: &Path) -> Result<PathBuf> {
    let tools = target.join("tools");
    shell.create_dir(&tools)?;
    for name in ["clang", "llvm-ar"] {
        let tool = tools.join(name);
        shell.write_file(&tool, format!("#!/bin/sh\nexec {name}-{llvm} \"$@\"\n"))?;
        cmd!(shell, "chmod +x {tool}").quiet().run()?;
    }
    Ok(tools)
}

#[cfg(test)]
mod tests {
    use super::{crate_in_names, major_version};

    #[test]
    fn the_version_of_llvm_is_found_in_what_rustc_says() {
        let rustc = "rustc 1.95.0\nhost: x86_64-unknown-linux-gnu\nLLVM version: 22.1.2\n";
        assert_eq!(major_version(rustc), Some(22));
        assert_eq!(major_version("rustc 1.95.0\nLLVM version: unknown\n"), None);
    }

    #[test]
    fn a_crate_is_told_from_others_by_the_names_of_its_functions() {
        let symbols =
            b"/src_10agent_pool\0_RNvCs9jn1_4core3fmt\0_RNvMNtNtCseicr5_10agent_pool4pool\0";
        assert_eq!(crate_in_names(symbols), Some(&b"eicr5"[..]));
        assert_eq!(crate_in_names(b"_RNvCs9jn1_4core3fmt"), None);
    }
}
