//! The page in `www/`. It is built as a user's page is: from the packed package, which a bundler finds by its name.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::arguments::Misuse;
use crate::{build, pack, workspace};

/// `cargo xtask play`: builds the page and serves it on this machine, until the command is ended.
///
/// Without a port it takes the first free one, from vite's default on. A port that was asked for must be free.
pub fn play(port: Option<u16>) -> Result<ExitCode> {
    let shell = workspace::shell()?;
    build::run(&build::Options::default())?;
    build(&shell)?;
    let port = port.map(|port| {
        vec![
            "--port".to_owned(),
            port.to_string(),
            "--strictPort".to_owned(),
        ]
    });
    let port = port.unwrap_or_default();
    println!("\nThe playground is at the address below: open it in a browser. Ctrl-C ends it.");
    let serve = cmd!(shell, "pkg/node_modules/.bin/vite preview www {port...}");
    let status = Command::from(serve).status().context("running vite")?;
    Ok(workspace::exit_code(status))
}

/// The port among the arguments of `play`.
pub fn port(arguments: &[String]) -> Result<Option<u16>, Misuse> {
    match arguments {
        [] => Ok(None),
        [flag, port] if flag == "--port" => {
            let port = port.parse().ok().filter(|&port| port != 0);
            let what = "a port is a number from 1 to 65535";
            port.map(Some).ok_or_else(|| Misuse(what.to_owned()))
        }
        _ => {
            let what = "`play` takes `--port PORT` and nothing else";
            Err(Misuse(what.to_owned()))
        }
    }
}

/// Builds the page from the package as it is in `pkg/dist`, into `www/dist`.
pub fn build(shell: &Shell) -> Result<()> {
    install_package(shell)?;
    let to = ["--base", "./", "--emptyOutDir", "--logLevel", "warn"];
    cmd!(shell, "pkg/node_modules/.bin/vite build www {to...}").run()?;
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

#[cfg(test)]
mod tests {
    use super::port;

    #[test]
    fn a_port_is_given_or_left_to_the_server_and_nothing_else_is() {
        let arguments = |given: &[&str]| {
            given
                .iter()
                .map(|&text| text.to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(port(&[]).unwrap(), None);
        assert_eq!(port(&arguments(&["--port", "8080"])).unwrap(), Some(8080));
        for refused in [
            &["--port"][..],
            &["--port", "0"],
            &["--port", "70000"],
            &["8080"],
        ] {
            assert!(port(&arguments(refused)).is_err());
        }
    }
}
