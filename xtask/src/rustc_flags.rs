//! What rustc is told when it compiles the package, and when it compiles what counts.

use std::path::PathBuf;

use anyhow::{Context, Result};
use xshell::Shell;

use crate::profile;

/// What the package is compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// What LLVM is told. By the counts of [`profile`] it puts functions in the places where they are called, if those are
/// where nineteen of twenty things happen, and hardly anywhere else (what that is worth: `[profile.small]` in Cargo.toml).
/// What LLVM does by default, without counts, makes the module a fifth larger.
const LLVM_OPTIONS: [&str; 9] = [
    // How large such functions may be, in LLVM's measure: those of places that are seldom reached, those among them that bear
    // `#[inline]`, and those of places that much is done in. At 900 a send takes a hundredth less, for 0.8 kB; at 1,500 a
    // thirtieth, for three.
    "-inline-threshold=5",
    "-inlinehint-threshold=20",
    "-hot-callsite-threshold=520",
    "-profile-summary-cutoff-hot=950000",
    // What may be larger if it saves enough time: 18 kB, for a twentieth.
    "-inline-enable-cost-benefit-analysis=false",
    // Where nothing much is done, small is better than quick.
    "-pgso-lwss-only=false",
    "-unroll-threshold=0",
    "-unroll-partial-threshold=0",
    "-unroll-runtime=0",
];

/// What both those who count and those who read the counts have to do alike: nothing is inlined before it is counted, or it
/// would be everywhere; and the receivers of dynamic calls are not counted.
const LLVM_COUNTING: [&str; 2] = ["-disable-preinline", "-disable-vp"];

/// What cargo is told of rustc's flags.
///
/// The places of panics in dependencies are named without this machine's path to them: the module shall not tell where
/// it was built, nor differ for it.
pub fn of_package(shell: &Shell) -> Result<Vec<String>> {
    let home = match std::env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => std::env::home_dir()
            .context("no home directory")?
            .join(".cargo"),
    };
    let mut flags = vec![
        format!("--remap-path-prefix={}=cargo", home.display()),
        // As functions are named that are counted.
        "-Csymbol-mangling-version=v0".to_owned(),
    ];
    if let Some(counts) = profile::counts(shell)? {
        flags.push(format!("-Cprofile-use={}", counts.display()));
    }
    flags.extend(llvm_arguments(&LLVM_OPTIONS));
    flags.extend(llvm_arguments(&LLVM_COUNTING));
    Ok(as_configuration(&flags))
}

/// The same for a module that counts.
pub fn of_counting() -> Vec<String> {
    let mut flags = vec![
        // Which file it names does not matter: there are none.
        "-Cprofile-generate=counts".to_owned(),
        "-Zno-profiler-runtime".to_owned(),
    ];
    flags.extend(llvm_arguments(&LLVM_COUNTING));
    as_configuration(&flags)
}

fn llvm_arguments(options: &[&str]) -> impl Iterator<Item = String> {
    options.iter().map(|option| format!("-Cllvm-args={option}"))
}

fn as_configuration(flags: &[String]) -> Vec<String> {
    let quoted: Vec<_> = flags.iter().map(|flag| format!("'{flag}'")).collect();
    vec![
        "--config".to_owned(),
        format!("target.{TARGET}.rustflags=[{}]", quoted.join(",")),
    ]
}
