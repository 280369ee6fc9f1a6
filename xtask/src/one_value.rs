//! A module whose exports have at most one result each.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Writes a copy of the module next to it. The copy says that it uses no functions of several results, although Rust's
/// standard library says that it does. wasm-bindgen then passes `Result`s in memory.
///
/// V8 compiles a wrapper for every signature of an export with several results while it compiles the module. These
/// wrappers take a third of that time. For all other signatures it has a wrapper ready.
pub fn answering_one_value(module: &Path) -> Result<PathBuf> {
    let bytes = fs::read(module).with_context(|| format!("reading {}", module.display()))?;
    let bytes = without_multivalue(bytes).with_context(|| module.display().to_string())?;
    let copy = module.with_extension("one-value.wasm");
    fs::write(&copy, bytes).with_context(|| format!("writing {}", copy.display()))?;
    Ok(copy)
}

/// The module, changed to say that it uses no functions of several results.
fn without_multivalue(mut module: Vec<u8>) -> Result<Vec<u8>> {
    /// An entry of the section `target_features`: a sign, and a name with its length before it.
    const FEATURE: &[u8] = b"+\x0amultivalue";
    let places = module.windows(FEATURE.len()).enumerate();
    let mut places = places.filter_map(|(place, found)| (found == FEATURE).then_some(place));
    let (place, other) = (places.next(), places.next());
    let place = place.filter(|_| other.is_none()).context(
        "the module does not declare exactly once that it has functions with several results",
    )?;
    module[place] = b'-';
    Ok(module)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{CustomSection, Module};

    use super::*;

    /// A module with this in its section of features.
    fn module(features: &'static [u8]) -> Vec<u8> {
        let mut module = Module::new();
        module.section(&CustomSection {
            name: "target_features".into(),
            data: features.into(),
        });
        module.finish()
    }

    #[test]
    fn only_the_sign_of_the_feature_is_changed() {
        let with = module(b"\x02+\x0amultivalue+\x08sign-ext");
        let without = module(b"\x02-\x0amultivalue+\x08sign-ext");
        assert_eq!(without_multivalue(with).unwrap(), without);
    }

    #[test]
    fn a_module_without_the_feature_or_in_which_it_is_found_twice_is_an_error() {
        assert!(without_multivalue(module(b"\x01+\x08sign-ext")).is_err());
        assert!(without_multivalue(module(b"\x02+\x0amultivalue+\x0amultivalue")).is_err());
    }
}
