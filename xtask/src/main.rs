//! `cargo xtask <command>`: the commands of this repository, one in each file.

mod bench;
mod build;
mod chromium;
mod demo;
mod docs;
mod function_order;
mod lint;
mod npm;
mod one_value;
mod pack;
mod page;
mod port;
mod profile;
mod rustc_flags;
mod short_names;
mod table;
mod tally;
mod test;
mod wasm_opt;
mod wasm_sections;
mod wasm_test_runner;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The commands of this repository.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds the npm package into pkg/dist, from Rust and TypeScript.
    Build {
        /// Without optimisation, which is quicker.
        #[arg(long)]
        dev: bool,
        /// With the cargo feature `panic-probe`, into pkg/dist-panic-probe.
        #[arg(long)]
        panic_probe: bool,
    },
    /// Measures the package against hand-written JavaScript. (`cargo bench` measures the core natively against the
    /// reference crate.)
    Bench(bench::Options),
    /// Builds the package and its API reference, in target/docs.
    Docs,
    /// Builds the package and runs pkg/demo/demo.mjs.
    Demo,
    /// Builds the package's tarball into target/package and checks its size.
    Pack,
    /// Builds the page in www/ on the packed package and serves it until Ctrl-C.
    Play {
        /// The port to serve it on; by default the first free one from 4173 on.
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
        port: Option<u16>,
    },
    /// Records in xtask/profile how often each part of the package's code runs, by which the build optimises it (PGO).
    /// Needs clang and llvm-profdata of the same LLVM version as rustc.
    Profile,
    /// Runs every test, or only some.
    Test(test::Parts),
    /// Checks formatting, clippy, documentation, TypeScript and the API reference; warnings are errors.
    Lint,
    /// The runner of wasm32 tests that .cargo/config.toml names.
    #[command(hide = true, disable_help_flag = true)]
    WasmTestRunner {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    run(Arguments::parse().command).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Build { dev, panic_probe } => build::run(&build::Options {
            dev,
            panic_probe,
            counting: None,
        })?,
        Command::Bench(options) => return bench::run(&options),
        Command::Docs => docs::run()?,
        Command::Demo => return demo::run(),
        Command::Pack => pack::run()?,
        Command::Play { port } => return page::play(port),
        Command::Profile => profile::run()?,
        Command::Test(parts) => return test::run(&parts.or_all()),
        Command::Lint => lint::run()?,
        Command::WasmTestRunner { arguments } => wasm_test_runner::run(&arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use crate::{Arguments, Command};

    #[test]
    fn the_commands_are_declared_without_contradiction() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn what_is_passed_on_to_other_programs_is_not_read_here() {
        let given = ["cargo xtask", "wasm-test-runner", "--help", "module.wasm"];
        let Command::WasmTestRunner { arguments } = Arguments::parse_from(given).command else {
            panic!("it is the command that was given");
        };
        assert_eq!(arguments, given[2..]);
    }
}
