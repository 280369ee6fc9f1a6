//! A module whose exports answer one value each.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Lays a copy beside the module that says that it does without functions of several results, as Rust's standard library
/// says it does not: wasm-bindgen then has `Result`s cross in memory.
///
/// V8 compiles a wrapper for every signature of an export with several results while the module is compiled, all in all a
/// third of that time. It has one ready for all the others.
pub fn answering_one_value(module: &Path) -> Result<PathBuf> {
    /// An entry of the section `target_features`: a sign, and a name with its length before it.
    const FEATURE: &[u8] = b"+\x0amultivalue";
    let mut bytes = fs::read(module).with_context(|| format!("reading {}", module.display()))?;
    let places = bytes.windows(FEATURE.len()).enumerate();
    let mut places = places.filter_map(|(place, found)| (found == FEATURE).then_some(place));
    let (place, other) = (places.next(), places.next());
    let place = place.filter(|_| other.is_none()).context(
        "the module does not say, once, that it has functions of several results: see `answering_one_value`",
    )?;
    bytes[place] = b'-';
    let copy = module.with_extension("one-value.wasm");
    fs::write(&copy, bytes).with_context(|| format!("writing {}", copy.display()))?;
    Ok(copy)
}
