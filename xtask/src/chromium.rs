//! The browser that the tests run in, and its driver.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};
use xshell::{Shell, cmd};

/// Makes sure that Chromium and ChromeDriver are there. Installs Debian's packages if it may.
pub fn require(shell: &Shell) -> Result<()> {
    if installed() {
        return Ok(());
    }
    let root = cmd!(shell, "id -u")
        .quiet()
        .ignore_stderr()
        .read()
        .is_ok_and(|user| user == "0");
    if root && on_path("apt-get").is_some() {
        cmd!(shell, "apt-get update --quiet").run()?;
        cmd!(
            shell,
            "apt-get install --quiet --yes --no-install-recommends chromium chromium-driver"
        )
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()?;
    }
    if !installed() {
        bail!(
            "`chromium` or `chromedriver` is missing from the PATH: `apt-get install chromium chromium-driver` installs both"
        );
    }
    Ok(())
}

fn installed() -> bool {
    on_path("chromium").is_some() && on_path("chromedriver").is_some()
}

fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
