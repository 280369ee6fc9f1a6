//! `cargo xtask bench`: builds the package and measures it against hand-written JavaScript.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::{build, chromium, workspace};

/// What to measure, and where.
#[derive(clap::Args)]
pub struct Options {
    /// In Chromium instead of on Node.
    #[arg(long)]
    browser: bool,
    /// At the smallest size, which shows that the benchmark works, not how fast anything is.
    #[arg(long)]
    quick: bool,
    /// Only these workloads, given by letter or id: `a,b.10k`.
    #[arg(long, value_name = "LIST")]
    only: Option<String>,
    /// Also writes all figures to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Instead of the workloads, the time and memory of a send with up to a million messages stored, which are also
    /// drawn to www/growth.svg.
    #[arg(long, conflicts_with_all = ["browser", "only"])]
    growth: bool,
    /// Draws to this file instead.
    #[arg(long, value_name = "FILE", requires = "growth")]
    svg: Option<PathBuf>,
}

impl Options {
    /// The program that measures, seen from the repository's top folder.
    fn program(&self) -> &'static str {
        match self.growth {
            true => "benches/growth/run.mjs",
            false => "benches/run.mjs",
        }
    }

    /// The program's arguments.
    fn arguments(&self) -> Vec<OsString> {
        let flags = [("--browser", self.browser), ("--quick", self.quick)];
        let chosen = flags.into_iter().filter(|&(_, is_given)| is_given);
        let mut arguments: Vec<OsString> = chosen.map(|(flag, _)| flag.into()).collect();
        let values = [
            ("--only", self.only.as_ref().map(OsString::from)),
            ("--json", self.json.as_ref().map(OsString::from)),
            ("--svg", self.svg.as_ref().map(OsString::from)),
        ];
        for (option, value) in values {
            arguments.extend(value.into_iter().flat_map(|value| [option.into(), value]));
        }
        arguments
    }
}

/// Measures, and returns the exit code of the program that does.
pub fn run(options: &Options) -> Result<ExitCode> {
    build::run(&build::Options::default())?;
    if options.browser {
        chromium::require(&workspace::shell()?)?;
    }
    let status = Command::new("node")
        .arg("--expose-gc")
        .arg(workspace::root().join(options.program()))
        .args(options.arguments())
        .status()
        .context("running node")?;
    Ok(workspace::exit_code(status))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::Options;

    #[derive(Parser)]
    struct Given {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn what_is_asked_for_reaches_the_program_that_measures() {
        let given = ["bench", "--quick", "--only", "a,b.10k", "--json", "f"];
        let Given { options } = Given::parse_from(given);
        assert_eq!(options.program(), "benches/run.mjs");
        assert_eq!(options.arguments(), given[1..]);
        let given = ["bench", "--growth", "--svg", "curve.svg"];
        let Given { options } = Given::parse_from(given);
        assert_eq!(options.program(), "benches/growth/run.mjs");
        assert_eq!(options.arguments(), given[2..]);
    }
}
