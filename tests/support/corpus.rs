//! The recorded scripts and traces under `tests/conformance`.

use std::{fs, path::Path};

use serde_json::Value;

use crate::trace::Script;

/// A script, and the trace that the reference left when it was recorded.
pub struct Case {
    /// The file's name without its ending.
    pub name: String,
    /// The script to run.
    pub script: Script,
    /// The expected trace.
    pub trace: Value,
}

/// The whole corpus, by name.
pub fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let mut names: Vec<String> = fs::read_dir(folder.join("scripts"))
        .expect("the corpus is part of the repository")
        .map(|entry| entry.expect("the corpus can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let read = |kind: &str| {
                let path = folder.join(kind).join(format!("{name}.json"));
                fs::read_to_string(&path)
                    .unwrap_or_else(|error| panic!("{kind}/{name}.json cannot be read: {error}"))
            };
            let script = Script::parse(&read("scripts"))
                .unwrap_or_else(|error| panic!("scripts/{name}.json: {error}"));
            let trace = serde_json::from_str(&read("traces"))
                .unwrap_or_else(|error| panic!("traces/{name}.json: {error}"));
            Case {
                name,
                script,
                trace,
            }
        })
        .collect()
}
