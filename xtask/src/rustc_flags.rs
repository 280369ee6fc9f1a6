//! The flags of rustc for the package, and for the module that counts.

use std::path::PathBuf;

use anyhow::{Context, Result};
use xshell::Shell;

use crate::profile;

/// The target of the package.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// LLVM's options. By the counts of [`profile`] it inlines functions in the places where nineteen twentieths of
/// everything happens, and hardly anywhere else (for what that is worth, see `[profile.small]` in Cargo.toml). What
/// LLVM does by default, without counts, makes the module a fifth larger.
const LLVM_OPTIONS: [&str; 9] = [
    // How large inlined functions may be, in LLVM's measure: in places that are seldom reached; there, with
    // `#[inline]`; and in places where much happens. The last is as large as the module's budget lets it be: with 480 a
    // send takes a thirtieth less time and the module a kilobyte more.
    "-inline-threshold=5",
    "-inlinehint-threshold=20",
    "-hot-callsite-threshold=320",
    "-profile-summary-cutoff-hot=950000",
    // With this on, functions may be larger if that saves enough time: 18 kB, for a twentieth.
    "-inline-enable-cost-benefit-analysis=false",
    // In places where little happens, small code matters more than fast code.
    "-pgso-lwss-only=false",
    "-unroll-threshold=0",
    "-unroll-partial-threshold=0",
    "-unroll-runtime=0",
];

/// The options that have to be the same for counting and for using the counts. Nothing is inlined before it is counted:
/// otherwise functions would be inlined everywhere. And the receivers of dynamic calls are not counted.
const LLVM_COUNTING: [&str; 2] = ["-disable-preinline", "-disable-vp"];

/// The flags of rustc for the package, as arguments of cargo.
///
/// The places of panics in dependencies are named without the path of this machine. So the module does not tell where
/// it was built, and is the same wherever that was.
pub fn of_package(shell: &Shell) -> Result<Vec<String>> {
    let home = match std::env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => std::env::home_dir()
            .context("no home directory")?
            .join(".cargo"),
    };
    let mut flags = vec![
        format!("--remap-path-prefix={}=cargo", home.display()),
        // The functions that were counted are named in this way.
        "-Csymbol-mangling-version=v0".to_owned(),
    ];
    if let Some(counts) = profile::counts(shell)? {
        flags.push(format!("-Cprofile-use={}", counts.display()));
    }
    flags.extend(llvm_arguments(&LLVM_OPTIONS));
    flags.extend(llvm_arguments(&LLVM_COUNTING));
    Ok(as_configuration(&flags))
}

/// The flags of rustc for the module that counts, as arguments of cargo.
pub fn of_counting() -> Vec<String> {
    let mut flags = vec![
        // The name of the file does not matter, as no file is written.
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
