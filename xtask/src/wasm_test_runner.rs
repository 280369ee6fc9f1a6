//! `cargo xtask wasm-test-runner`: what cargo runs a wasm32 test binary with.

use std::iter;

use anyhow::Result;
use wasm_bindgen_cli::wasm_bindgen_test_runner;

/// Runs on Node, or where the environment says so (`WASM_BINDGEN_USE_BROWSER=1`) in headless Chromium, as
/// `webdriver.json` describes it.
pub fn run(arguments: &[String]) -> Result<()> {
    let program = "wasm-bindgen-test-runner".to_owned();
    wasm_bindgen_test_runner::run_cli_with_args(
        iter::once(program).chain(arguments.iter().cloned()),
    )
}
