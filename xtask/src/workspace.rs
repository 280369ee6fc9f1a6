//! Folders, the shell, and what the commands print.

use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};

use anyhow::{Context, Result};
use xshell::Shell;

/// The repository's top folder.
///
/// It is looked up when the command runs, so that a target directory that two clones share does not mix them up.
pub fn root() -> PathBuf {
    let manifest = std::env::var("CARGO_MANIFEST_DIR")
        .unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    let xtask = PathBuf::from(manifest);
    xtask.parent().map_or(xtask.clone(), Path::to_path_buf)
}

/// A shell whose commands run in the repository's top folder.
pub fn shell() -> Result<Shell> {
    let shell = Shell::new().context("a shell to run commands with")?;
    shell.change_dir(root());
    Ok(shell)
}

/// Where cargo puts what it builds.
pub fn target_directory() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}

/// The exit code of a program that ran, as the exit code of this program. No code means that a signal ended the
/// program.
pub fn exit_code(status: ExitStatus) -> ExitCode {
    status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Prints the heading of a part.
pub fn heading(title: &str) {
    println!("\n== {title}");
}

/// Says in a sentence what is being done. The command that does it is run quietly, since it may be long and says little
/// to most people; if it fails, it is in the error.
pub fn step(sentence: &str) {
    eprintln!("{sentence}");
}
