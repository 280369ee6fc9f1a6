//! The page in `www/`. It is built as a user's page is: from the packed package, which a bundler finds by its name.

use std::io;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::{build, pack, port, workspace};

/// `cargo xtask play`: builds the page and serves it on this machine, until the command is ended.
///
/// The port is found before anything is built, and is kept until vite takes it.
pub fn play(port: Option<u16>) -> Result<ExitCode> {
    let reserved = port::reserve(port)?;
    let shell = workspace::shell()?;
    build::run(&build::Options::default())?;
    build(&shell)?;
    let port = reserved.port.to_string();
    drop(reserved);
    println!("\nThe playground: http://localhost:{port}/");
    println!("Open it in a browser. Ctrl-C ends it.");
    // At this level vite does not print its own lines, which advise options that `play` does not have.
    let quiet = ["--logLevel", "warn"];
    let serve = cmd!(
        shell,
        "pkg/node_modules/.bin/vite preview www --strictPort --port {port} {quiet...}"
    );
    become_program(serve.into()).context("running vite")
}

/// Runs a program in place of this one, so that whatever ends this process ends the program: a signal to this process
/// alone would leave a child behind.
#[cfg(unix)]
fn become_program(mut program: Command) -> io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(program.exec())
}

/// Runs a program until it ends. Here no program can take the place of another.
#[cfg(not(unix))]
fn become_program(mut program: Command) -> io::Result<ExitCode> {
    program.status().map(workspace::exit_code)
}

/// Builds the page from the package as it is in `pkg/dist`, into `www/dist`.
pub fn build(shell: &Shell) -> Result<()> {
    install_package(shell)?;
    workspace::step("building the page");
    let to = ["--base", "./", "--emptyOutDir", "--logLevel", "warn"];
    cmd!(shell, "pkg/node_modules/.bin/vite build www {to...}")
        .quiet()
        .run()?;
    Ok(())
}

/// Checks the types of the page's sources against those of the packed package.
pub fn check(shell: &Shell) -> Result<()> {
    install_package(shell)?;
    cmd!(
        shell,
        "pkg/node_modules/.bin/tsc --project www/tsconfig.json"
    )
    .run()?;
    Ok(())
}

/// Packs the package and unpacks it into `www/node_modules`. That is the same as installing it, as it has no
/// dependencies.
fn install_package(shell: &Shell) -> Result<()> {
    let tarball = pack::write(shell)?;
    let installed = workspace::root().join("www/node_modules/agent-pool");
    shell.remove_path(&installed)?;
    shell.create_dir(&installed)?;
    cmd!(
        shell,
        "tar --extract --gzip --file {tarball} --strip-components 1 --directory {installed}"
    )
    .quiet()
    .run()?;
    Ok(())
}
