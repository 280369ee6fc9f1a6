//! The package's crate with a way out for what its functions were counted doing. Built by `cargo xtask profile` only.

pub use agent_pool::*;

use std::sync::OnceLock;

/// The counts as LLVM's tools read them.
static COUNTS: OnceLock<Vec<u8>> = OnceLock::new();

/// Where the counts so far are.
#[unsafe(no_mangle)]
pub extern "C" fn counts() -> *const u8 {
    let counts = COUNTS.get_or_init(|| {
        let mut counts = Vec::new();
        // One thread, and nothing else reads or resets them.
        unsafe { minicov::capture_coverage(&mut counts) }.expect("a vector takes what is written");
        counts
    });
    counts.as_ptr()
}

/// How many bytes they are.
#[unsafe(no_mangle)]
pub extern "C" fn counts_length() -> usize {
    COUNTS.get().map_or(0, Vec::len)
}
