//! `cargo xtask <command>`: the commands of this repository, one in each file.

mod arguments;
mod bench;
mod build;
mod chromium;
mod demo;
mod docs;
mod function_order;
mod help;
mod imports;
mod lint;
mod npm;
mod one_value;
mod pack;
mod page;
mod port;
mod profile;
mod rustc_flags;
mod table;
mod tally;
mod test;
mod wasm_sections;
mod wasm_test_runner;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::{Misuse, ask_for_help, flags};

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
            if error.is::<Misuse>() {
                ExitCode::from(2)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

fn dispatch(command: &str, arguments: &[String]) -> Result<ExitCode> {
    if ask_for_help(arguments) {
        if command == "bench" {
            return bench::help();
        }
        if let Some(text) = help::of(command) {
            println!("{text}");
            return Ok(ExitCode::SUCCESS);
        }
    }
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
        "play" => return page::play(port::asked(arguments)?),
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
        "help" | "--help" | "-h" => println!("{}", help::overall()),
        unknown => {
            let what = format!("no command `{unknown}`; `cargo xtask help` lists them");
            return Err(Misuse(what).into());
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use crate::arguments::Misuse;
    use crate::{dispatch, help};

    #[test]
    fn no_command_takes_what_its_help_does_not_name() {
        // What `bench` takes is checked by the program that measures.
        for name in help::names().filter(|&name| name != "bench") {
            let refused = dispatch(name, &["--nothing".to_owned()]).unwrap_err();
            assert!(refused.is::<Misuse>(), "{name}");
            assert!(!refused.to_string().starts_with("no command"), "{name}");
        }
        assert!(dispatch("nothing", &[]).unwrap_err().is::<Misuse>());
    }
}
