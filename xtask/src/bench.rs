//! `cargo xtask bench`: builds the package and measures it against hand-written JavaScript.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::{build, chromium, workspace};

/// Prints what `bench` takes. Of the programs that measure, this one can be loaded before the package is built; it tells
/// of both.
pub fn help() -> Result<ExitCode> {
    measure("benches/growth/run.mjs", &["--help".to_owned()])
}

/// Passes the arguments on to the program that measures, and returns its exit code.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    build::run(&build::Options::default())?;
    if arguments.iter().any(|argument| argument == "--browser") {
        chromium::require(&workspace::shell()?)?;
    }
    let program = if arguments.iter().any(|argument| argument == "--growth") {
        "benches/growth/run.mjs"
    } else {
        "benches/run.mjs"
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
