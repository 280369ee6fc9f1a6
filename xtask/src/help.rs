//! `cargo xtask help`, and `--help` of every command: what the commands do and what they take.

/// A command of which the help tells.
struct Command {
    /// Its name and its options.
    usage: &'static str,
    /// What it does, in the lines in which that is printed.
    purpose: &'static [&'static str],
}

const COMMANDS: [Command; 9] = [
    Command {
        usage: "build [--dev] [--panic-probe]",
        purpose: &[
            "builds the npm package into pkg/dist, from Rust and TypeScript",
            "  --dev          without optimisation, which is quicker",
            "  --panic-probe  with the cargo feature of that name, into pkg/dist-panic-probe",
        ],
    },
    Command {
        usage: "bench [--browser] [--growth] [...]",
        purpose: &[
            "measures the package against hand-written JavaScript, on Node or in Chromium;",
            "`cargo xtask bench --help` lists its other options",
        ],
    },
    Command {
        usage: "docs",
        purpose: &["makes the reference of the package's API, in target/docs"],
    },
    Command {
        usage: "demo",
        purpose: &["builds the package and runs pkg/demo/demo.mjs"],
    },
    Command {
        usage: "pack",
        purpose: &["builds the package's tarball into target/package and checks its size"],
    },
    Command {
        usage: "play [--port PORT]",
        purpose: &[
            "builds the page in www/ on the packed package and serves it until Ctrl-C,",
            "on the first free port from 4173 on unless told otherwise",
        ],
    },
    Command {
        usage: "profile",
        purpose: &[
            "makes anew the counts, in xtask/profile, by which the package is optimised; needs",
            "clang and llvm-profdata of the same LLVM version as rustc",
        ],
    },
    Command {
        usage: "test [--native] [--node] [--browser] [--packaging]",
        purpose: &[
            "runs every test, or only the tests that run natively, on Node, in Chromium, or",
            "from the tarball",
        ],
    },
    Command {
        usage: "lint",
        purpose: &[
            "checks formatting, clippy, documentation, TypeScript and the API reference;",
            "warnings are errors",
        ],
    },
];

/// The column in which the purposes begin, in the list of all commands.
const COLUMN: usize = 39;

/// The list of all commands.
pub fn overall() -> String {
    let mut text = "cargo xtask COMMAND [--help]\n\n".to_owned();
    for Command { usage, purpose } in &COMMANDS {
        let mut beside = format!("  {usage}");
        if beside.len() >= COLUMN {
            text += &format!("{beside}\n");
            beside.clear();
        }
        for line in *purpose {
            text += &format!("{beside:COLUMN$}{line}\n");
            beside.clear();
        }
    }
    text + "
`wasm-test-runner` is called by cargo: .cargo/config.toml names it as the runner of wasm32 tests."
}

/// What one command does and takes, if it is one that people call.
pub fn of(name: &str) -> Option<String> {
    let is_named = |command: &&Command| command.usage.split(' ').next() == Some(name);
    let Command { usage, purpose } = COMMANDS.iter().find(is_named)?;
    Some(format!("cargo xtask {usage}\n\n{}", purpose.join("\n")))
}

/// The names of the commands.
#[cfg(test)]
pub fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS
        .iter()
        .filter_map(|command| command.usage.split(' ').next())
}

#[cfg(test)]
mod tests {
    use super::{names, of, overall};

    #[test]
    fn every_command_is_listed_and_has_a_help_of_its_own() {
        let lines: Vec<_> = overall().lines().map(str::to_owned).collect();
        assert!(lines.iter().all(|line| line.len() <= 120));
        for name in names() {
            let is_its_own = |line: &String| line.starts_with(&format!("  {name}"));
            assert_eq!(lines.iter().filter(|line| is_its_own(line)).count(), 1);
            assert!(
                of(name)
                    .unwrap()
                    .starts_with(&format!("cargo xtask {name}"))
            );
        }
        assert_eq!(of("nothing"), None);
    }
}
