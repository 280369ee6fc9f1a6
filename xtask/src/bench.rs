//! `cargo xtask bench`: builds the package and measures it against hand-written JavaScript.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::{build, chromium, workspace};

/// Passes the arguments on to the program that measures, and returns its exit code.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    if has("--help") || has("-h") {
        // Of the programs that measure, this one can be loaded before the package is built. It tells of both.
        return measure("benches/growth/run.mjs", &["--help".to_owned()]);
    }
    build::run(&build::Options::default())?;
    if has("--browser") {
        chromium::require(&workspace::shell()?)?;
    }
    let program = match has("--growth") {
        true => "benches/growth/run.mjs",
        false => "benches/run.mjs",
    };
    measure(program, arguments)
}

fn measure(program: &str, arguments: &[String]) -> Result<ExitCode> {
    let status = Command::new("node")
        .arg("--expose-gc")
        .arg(workspace::root().join(program))
        .args(arguments)
        .status()
        .context("running node")?;
    Ok(workspace::exit_code(status))
}
