//! `cargo xtask <command>`: everything this repository does to itself, one command a file.

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

  build [--dev] [--panic-probe]        the npm package: Rust to wasm, bindings, wasm-opt, TypeScript; into pkg/dist
                                         --dev          unoptimised, and quicker
                                         --panic-probe  with the cargo feature of that name, into pkg/dist-panic-probe
  bench [--browser] [--growth] [...]   measures the package against hand-written JavaScript, on Node or in Chromium;
                                       `cargo xtask bench --help` lists what else it can be told
  docs                                 the reference of the package's API; into target/docs
  demo                                 builds the package and runs pkg/demo/demo.mjs
  pack                                 builds the package's tarball, into target/package, and checks what it weighs
  play [--port PORT]                   builds the page in www/ on the packed package and serves it, until Ctrl-C
  profile                              counts anew by what the package is optimised, into xtask/profile; needs clang and
                                       llvm-profdata of the LLVM that rustc has
  test [--native] [--node] [--browser] [--packaging]
                                       every test, or only those that run natively, on Node, in Chromium, or from the
                                         tarball
  lint                                 formatting, clippy, documentation, TypeScript, API reference; warnings are errors
  help                                 this text

`wasm-test-runner` is cargo's: .cargo/config.toml names it as what runs a wasm32 test.";

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
        bail!("this command takes no argument `{unknown}`; `cargo xtask help` says what it takes");
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
