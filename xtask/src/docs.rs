//! `cargo xtask docs`: the reference of the npm package's API, made from its declarations.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::{build, npm, workspace};

/// Builds the package and its reference, and prints where the reference is.
pub fn run() -> Result<()> {
    build::run(&build::Options::default())?;
    reference(&workspace::shell()?)?;
    let index = workspace::target_directory().join("docs/index.html");
    println!("the API reference: {}", index.display());
    Ok(())
}

/// Makes the reference of the package as it is built. Anything without documentation, and any broken link, is an error.
pub fn reference(shell: &Shell) -> Result<()> {
    npm::install_project(shell, "pkg/docs")?;
    let out = workspace::target_directory().join("docs");
    workspace::step("making the API reference");
    let _in_docs = shell.push_dir("pkg/docs");
    cmd!(
        shell,
        "node_modules/.bin/typedoc --logLevel Warn --out {out}"
    )
    .quiet()
    .run()?;
    Ok(())
}
