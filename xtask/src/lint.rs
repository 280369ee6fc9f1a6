//! `cargo xtask lint`: checks without running any tests. Every warning is an error here.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::rustc_flags::TARGET;
use crate::{build, npm, page, workspace};

pub fn run() -> Result<()> {
    let shell = workspace::shell()?;
    // The built package has the declarations that TypeScript is checked against.
    workspace::heading("building the package");
    build::run(&build::Options::default())?;
    workspace::heading("formatting");
    cmd!(shell, "cargo fmt --all --check").run()?;
    workspace::heading("clippy");
    clippy(&shell)?;
    workspace::heading("documentation");
    documentation(&shell)?;
    workspace::heading("TypeScript");
    // The tests are checked too, against the types of the bundlers that they use.
    npm::install_project(&shell, "tests/packaging")?;
    cmd!(
        shell,
        "pkg/node_modules/.bin/tsc --project pkg/tsconfig.check.json"
    )
    .run()?;
    page::check(&shell)?;
    workspace::heading("the API reference");
    crate::docs::reference(&shell)
}

/// xtask is checked separately, for the reason given in `test.rs`. For wasm32 only what is built for it is checked: the
/// library and its tests.
fn clippy(shell: &Shell) -> Result<()> {
    let deny = ["--", "--deny", "warnings"];
    cmd!(
        shell,
        "cargo clippy --quiet --workspace --exclude xtask --all-targets {deny...}"
    )
    .run()?;
    cmd!(
        shell,
        "cargo clippy --quiet --package xtask --all-targets {deny...}"
    )
    .run()?;
    let wasm = ["--target", TARGET, "--lib", "--test", "wasm*"];
    cmd!(
        shell,
        "cargo clippy --quiet --package agent-pool {wasm...} {deny...}"
    )
    .run()?;
    Ok(())
}

/// Checks the links of the documentation, natively and for wasm32, since `src/js` exists only there. The examples of
/// the documentation are tests: see `test.rs`.
fn documentation(shell: &Shell) -> Result<()> {
    for target in [&[][..], &["--target", TARGET]] {
        cmd!(
            shell,
            "cargo doc --quiet --package agent-pool --no-deps {target...}"
        )
        .env("RUSTDOCFLAGS", "--deny warnings")
        .run()?;
    }
    Ok(())
}
