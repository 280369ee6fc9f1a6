//! `cargo xtask demo`: builds the package and runs its demonstration.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::{build, workspace};

/// Returns the exit code of the demonstration.
pub fn run() -> Result<ExitCode> {
    build::run(&build::Options::default())?;
    let status = Command::new("node")
        .arg("demo/demo.mjs")
        .current_dir(workspace::root().join("pkg"))
        .status();
    Ok(workspace::exit_code(status.context("running node")?))
}
