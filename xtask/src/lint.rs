//! `cargo xtask lint`: what must hold before anything is tested. Every warning is an error here.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::rustc_flags::TARGET;
use crate::{build, npm, page, workspace};

pub fn run() -> Result<()> {
    let shell = workspace::shell()?;
    // The declarations that TypeScript is checked against are part of the built package.
    workspace::heading("building the package");
    build::run(&build::Options::default())?;
    workspace::heading("formatting");
    cmd!(shell, "cargo fmt --all --check").run()?;
    workspace::heading("clippy");
    clippy(&shell)?;
    workspace::heading("documentation");
    documentation(&shell)?;
    workspace::heading("TypeScript");
    // The tests are checked too, against the types of the bundlers that they run.
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

/// xtask is apart for the reason given in `test.rs`; for wasm32 only what is built for it: the library and its tests.
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

/// Links of the documentation, natively and, since `src/js` is only there for wasm32, for that too. Its examples are
/// tests: see `test.rs`.
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
