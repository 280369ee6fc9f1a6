//! `cargo xtask wasm-test-runner`: the program with which cargo runs a wasm32 test binary.

use std::iter;

use anyhow::Result;
use wasm_bindgen_cli::wasm_bindgen_test_runner;

/// Runs the tests on Node, or in headless Chromium if the environment says so (`WASM_BINDGEN_USE_BROWSER=1`), as
/// configured in `webdriver.json`.
pub fn run(arguments: &[String]) -> Result<()> {
    let program = "wasm-bindgen-test-runner".to_owned();
    wasm_bindgen_test_runner::run_cli_with_args(
        iter::once(program).chain(arguments.iter().cloned()),
    )
}
