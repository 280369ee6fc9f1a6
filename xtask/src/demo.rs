//! `cargo xtask demo`: builds the package and shows it at work.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::{build, workspace};

/// Answers with the demonstration's own exit code.
pub fn run() -> Result<ExitCode> {
    build::run(&build::Options::default())?;
    let status = Command::new("node")
        .arg("demo/demo.mjs")
        .current_dir(workspace::root().join("pkg"))
        .status();
    Ok(workspace::exit_code(status.context("running node")?))
}
