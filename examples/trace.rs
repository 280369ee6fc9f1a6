//! Runs a conformance script and prints its trace.
//!
//! `cargo run --release --example trace -- SCRIPT` prints the trace that `tests/conformance/README.md` describes: one
//! line of JSON, with the keys of objects sorted. If the script cannot be read, it prints a sentence on standard error
//! and exits with the code 2.

#[path = "../tests/support/trace/mod.rs"]
mod trace;

use std::{
    env, fs,
    io::{self, Write},
    process::ExitCode,
};

use serde::{Serialize, Serializer};
use serde_json::Value;
use trace::{Core, Script};

fn main() -> ExitCode {
    match print_trace() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn print_trace() -> Result<(), String> {
    let mut arguments = env::args_os().skip(1);
    let (Some(path), None) = (arguments.next(), arguments.next()) else {
        return Err("usage: trace SCRIPT".to_owned());
    };
    let shown = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| format!("trace: {shown}: {error}"))?;
    let script = Script::parse(&text).map_err(|error| format!("trace: {shown}: {error}"))?;
    let trace = trace::run::<Core>(&script);
    let mut output = io::BufWriter::new(io::stdout().lock());
    serde_json::to_writer(&mut output, &Sorted(&trace))
        .map_err(io::Error::from)
        .and_then(|()| writeln!(output))
        .and_then(|()| output.flush())
        .map_err(|error| format!("trace: standard output: {error}"))
}

/// A value whose objects are written with sorted keys, whatever features serde_json was built with.
struct Sorted<'a>(&'a Value);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(fields) => {
                let mut fields: Vec<_> = fields.iter().collect();
                fields.sort_by_key(|(name, _)| *name);
                serializer.collect_map(
                    fields
                        .into_iter()
                        .map(|(name, value)| (name, Sorted(value))),
                )
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(Sorted)),
            other => other.serialize(serializer),
        }
    }
}
