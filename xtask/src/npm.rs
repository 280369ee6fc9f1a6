//! Node and the npm packages that the build and the tests use.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Result, bail};
use xshell::{Shell, cmd};

use crate::workspace;

/// The oldest Node that the package and its tools run on; `engines` in pkg/package.json says the same.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// Makes sure that Node is there, and that `pkg/node_modules` is as `pkg/package-lock.json` says.
pub fn install(shell: &Shell) -> Result<()> {
    require_node(shell)?;
    install_project(shell, "pkg")
}

/// Makes sure that a project's `node_modules` is as its lock file says. `folder` is seen from the repository's top
/// folder.
pub fn install_project(shell: &Shell, folder: &str) -> Result<()> {
    let project = workspace::root().join(folder);
    if modified(&project.join("node_modules/.package-lock.json"))
        > modified(&project.join("package-lock.json"))
    {
        return Ok(());
    }
    workspace::step(&format!("installing the npm packages of {folder}"));
    let _in_project = shell.push_dir(&project);
    cmd!(shell, "npm ci --no-audit --no-fund --loglevel=error")
        .quiet()
        .run()?;
    Ok(())
}

fn require_node(shell: &Shell) -> Result<()> {
    let (major, minor) = OLDEST_NODE;
    let how = format!("install Node {major}.{minor} or newer, which includes npm");
    let Ok(version) = cmd!(shell, "node --version").quiet().ignore_stderr().read() else {
        bail!("Node is missing: {how}");
    };
    if parse_version(&version) < Some(OLDEST_NODE) {
        bail!("Node {version} is too old: {how}");
    }
    if cmd!(shell, "npm --version")
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .run()
        .is_err()
    {
        bail!("npm is missing: {how}");
    }
    Ok(())
}

/// `v20.19.1` as `(20, 19)`.
fn parse_version(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim().trim_start_matches('v').split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// When the file was written; `None`, which is before any time, if it is not there.
fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file)
        .and_then(|metadata| metadata.modified())
        .ok()
}

#[cfg(test)]
mod tests {
    use super::{OLDEST_NODE, parse_version};

    #[test]
    fn node_versions_compare_as_numbers() {
        assert!(parse_version("v20.9.0\n") < Some(OLDEST_NODE));
        assert!(parse_version("v20.19.0") >= Some(OLDEST_NODE));
        assert!(parse_version("v22.1.0") >= Some(OLDEST_NODE));
        assert!(parse_version("not a version") < Some(OLDEST_NODE));
    }
}
