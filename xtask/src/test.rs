//! `cargo xtask test`: runs all tests, and adds up the results.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};
use xshell::{Cmd, Shell, cmd};

use crate::rustc_flags::TARGET;
use crate::tally::Tally;
use crate::{build, chromium, npm, pack, page, workspace};

/// The tests to run, by where they run.
#[derive(clap::Args)]
pub struct Parts {
    /// The tests that run natively.
    #[arg(long)]
    native: bool,
    /// The tests that run on Node.
    #[arg(long)]
    node: bool,
    /// The tests that run in Chromium.
    #[arg(long)]
    browser: bool,
    /// The tests of the tarball.
    #[arg(long)]
    packaging: bool,
}

impl Parts {
    /// The chosen parts, or all of them if none is chosen.
    pub fn or_all(self) -> Self {
        let all = !(self.native || self.node || self.browser || self.packaging);
        Self {
            native: self.native || all,
            node: self.node || all,
            browser: self.browser || all,
            packaging: self.packaging || all,
        }
    }
}

/// Runs the chosen parts one after the other. If one fails, the next still runs.
pub fn run(parts: &Parts) -> Result<ExitCode> {
    let shell = workspace::shell()?;
    let mut report = Report::default();
    if parts.native {
        report.part("native", || native(&shell));
    }
    // Tests in wasm need the package, and tests in a browser need a browser. If one is missing, that is reported once.
    let wasm = (parts.node || parts.browser || parts.packaging)
        && report.step("building the package", build_packages);
    let chromium = (parts.browser || parts.packaging)
        && wasm
        && report.step("finding Chromium", || chromium::require(&shell));
    if wasm && parts.node {
        report.part("wasm on Node", || wasm_tests(&shell, Host::Node));
        report.part("package on Node", || vitest(&shell, "node"));
    }
    if chromium && parts.browser {
        report.part("wasm in Chromium", || wasm_tests(&shell, Host::Chromium));
        report.part("package in Chromium", || vitest(&shell, "chromium"));
        report.part("page in Chromium", || {
            page::build(&shell)?;
            vitest(&shell, "page")
        });
    }
    if chromium && parts.packaging {
        report.part("packed package", || packaging_tests(&shell));
        report.step("weighing the package", || pack::check_sizes(&shell));
    }
    Ok(report.close())
}

#[derive(Clone, Copy)]
enum Host {
    Node,
    Chromium,
}

/// Rust's tests on this machine, with the examples of the documentation.
///
/// The tests of xtask run separately: otherwise cargo would build the wasm-bindgen tools a second time, with the
/// features of the other packages.
fn native(shell: &Shell) -> Result<Tally> {
    let mut tally = Tally::default();
    for packages in [["--workspace", "--exclude=xtask"], ["--package", "xtask"]] {
        tally += cargo_test(cmd!(shell, "cargo test --no-fail-fast {packages...}"))?;
    }
    Ok(tally)
}

/// Rust's tests in wasm: the test targets whose names begin with `wasm`.
fn wasm_tests(shell: &Shell, host: Host) -> Result<Tally> {
    let command = cmd!(
        shell,
        "cargo test --no-fail-fast --package agent-pool --target {TARGET} --test wasm*"
    );
    cargo_test(match host {
        Host::Node => command,
        // The seconds for a whole test binary, instead of 20: a first start of Chromium on a busy machine is slow.
        Host::Chromium => command
            .env("WASM_BINDGEN_USE_BROWSER", "1")
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120"),
    })
}

/// The tests of the tarball, as users install it: `tests/packaging`.
fn packaging_tests(shell: &Shell) -> Result<Tally> {
    npm::install_project(shell, "tests/packaging")?;
    let tarball = pack::write(shell)?;
    let _for_the_tests = shell.push_env("AGENT_POOL_TARBALL", tarball);
    vitest(shell, "packaging")
}

/// The tests of one of the projects in pkg/vitest.config.ts.
fn vitest(shell: &Shell, project: &str) -> Result<Tally> {
    let report = workspace::target_directory().join(format!("vitest-{project}.json"));
    shell.remove_path(&report)?;
    let _in_package = shell.push_dir("pkg");
    let reporters = ["--reporter=default", "--reporter=json", "--outputFile.json"];
    let command = cmd!(
        shell,
        "node_modules/.bin/vitest run --project {project} {reporters...} {report}"
    );
    println!("$ {command}");
    let succeeded = Command::from(command)
        .status()
        .context("starting vitest")?
        .success();
    let counted = fs::read_to_string(&report)
        .ok()
        .and_then(|report| Tally::of_vitest_report(&report));
    Ok(counted.unwrap_or_default().closed(succeeded))
}

/// Runs a `cargo test`, shows what it prints, and adds up the closing lines of its harnesses.
fn cargo_test(command: Cmd<'_>) -> Result<Tally> {
    println!("$ {command}");
    let mut child = Command::from(command)
        .stdout(Stdio::piped())
        .spawn()
        .context("starting cargo")?;
    let mut tally = Tally::default();
    for line in BufReader::new(child.stdout.take().context("cargo's output")?).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        if let Some(counted) = Tally::of_line(&line) {
            tally += counted;
        }
    }
    Ok(tally.closed(child.wait()?.success()))
}

fn build_packages() -> Result<()> {
    build::run(&build::Options::default())?;
    build::run(&build::Options {
        panic_probe: true,
        ..build::Options::default()
    })
}

/// The parts that ran, and their results.
#[derive(Default)]
struct Report {
    lines: Vec<(String, Tally)>,
}

impl Report {
    fn part(&mut self, name: &str, run: impl FnOnce() -> Result<Tally>) {
        workspace::heading(name);
        let tally = run().unwrap_or_else(|error| {
            println!("error: {error:#}");
            Tally::FAILURE
        });
        self.lines.push((name.to_owned(), tally));
    }

    /// Runs a step that tests need. The summary shows it only if it fails; that counts as one failure.
    fn step(&mut self, name: &str, run: impl FnOnce() -> Result<()>) -> bool {
        workspace::heading(name);
        let Err(error) = run() else { return true };
        println!("error: {error:#}");
        self.lines.push((name.to_owned(), Tally::FAILURE));
        false
    }

    fn close(self) -> ExitCode {
        workspace::heading("summary");
        let mut sum = Tally::default();
        for (name, tally) in self.lines {
            println!("{name:24}{tally}");
            sum += tally;
        }
        println!("\n{sum}");
        if sum.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
