//! `cargo xtask <command>`: the commands of this repository, one in each file.

mod bench;
mod build;
mod chromium;
mod demo;
mod docs;
mod function_order;
mod imports;
mod lint;
mod npm;
mod one_value;
mod pack;
mod page;
mod profile;
mod rustc_flags;
mod table;
mod tally;
mod test;
mod wasm_sections;
mod wasm_test_runner;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask <command>

  build [--dev] [--panic-probe]        builds the npm package into pkg/dist: Rust to wasm, bindings, wasm-opt, TypeScript
                                         --dev          without optimisation, which is quicker
                                         --panic-probe  with the cargo feature of that name, into pkg/dist-panic-probe
  bench [--browser] [--growth] [...]   measures the package against hand-written JavaScript, on Node or in Chromium;
                                       `cargo xtask bench --help` lists its other options
  docs                                 makes the reference of the package's API, in target/docs
  demo                                 builds the package and runs pkg/demo/demo.mjs
  pack                                 builds the package's tarball into target/package and checks its size
  play [--port PORT]                   builds the page in www/ on the packed package and serves it until Ctrl-C
  profile                              makes anew the counts, in xtask/profile, by which the package is optimised; needs
                                       clang and llvm-profdata of the same LLVM version as rustc
  test [--native] [--node] [--browser] [--packaging]
                                       runs every test, or only the tests that run natively, on Node, in Chromium, or
                                         from the tarball
  lint                                 checks formatting, clippy, documentation, TypeScript and the API reference;
                                         warnings are errors
  help                                 prints this text

`wasm-test-runner` is called by cargo: .cargo/config.toml names it as the runner of wasm32 tests.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    match dispatch(command, rest) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, arguments: &[String]) -> Result<ExitCode> {
    match command {
        "build" => {
            let [dev, panic_probe] = flags(arguments, ["--dev", "--panic-probe"])?;
            build::run(&build::Options {
                dev,
                panic_probe,
                counting: None,
            })?;
        }
        "bench" => return bench::run(arguments),
        "demo" => {
            let [] = flags(arguments, [])?;
            return demo::run();
        }
        "pack" => {
            let [] = flags(arguments, [])?;
            pack::run()?;
        }
        "play" => return page::play(page::port(arguments)?),
        "profile" => {
            let [] = flags(arguments, [])?;
            profile::run()?;
        }
        "test" => {
            let chosen = flags(
                arguments,
                ["--native", "--node", "--browser", "--packaging"],
            )?;
            return test::run(&test::Parts::chosen(chosen));
        }
        "lint" => {
            let [] = flags(arguments, [])?;
            lint::run()?;
        }
        "docs" => {
            let [] = flags(arguments, [])?;
            docs::run()?;
        }
        "wasm-test-runner" => wasm_test_runner::run(arguments)?,
        "help" | "--help" | "-h" => println!("{HELP}"),
        unknown => bail!("no command `{unknown}`; `cargo xtask help` lists them"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Which of the `known` flags are among the arguments; anything else there is an error.
fn flags<const N: usize>(arguments: &[String], known: [&str; N]) -> Result<[bool; N]> {
    if let Some(unknown) = arguments
        .iter()
        .find(|argument| !known.contains(&argument.as_str()))
    {
        bail!("this command takes no argument `{unknown}`; `cargo xtask help` lists what it takes");
    }
    Ok(known.map(|flag| arguments.iter().any(|argument| argument == flag)))
}

#[cfg(test)]
mod tests {
    use super::flags;

    #[test]
    fn flags_are_found_in_any_order_and_others_are_refused() {
        let arguments = ["--b".to_owned()];
        assert_eq!(flags(&arguments, ["--a", "--b"]).unwrap(), [false, true]);
        assert!(flags(&arguments, ["--a"]).is_err());
    }
}
