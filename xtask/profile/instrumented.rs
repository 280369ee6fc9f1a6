//! The package's crate, with exports for the counts of how often its functions ran. Built by `cargo xtask profile`
//! only.

pub use agent_pool::*;

use std::sync::OnceLock;

/// The counts in the format that LLVM's tools read.
static COUNTS: OnceLock<Vec<u8>> = OnceLock::new();

/// The address of the counts so far.
#[unsafe(no_mangle)]
pub extern "C" fn counts() -> *const u8 {
    let counts = COUNTS.get_or_init(|| {
        let mut counts = Vec::new();
        // There is one thread, and nothing else reads or resets the counts.
        unsafe { minicov::capture_coverage(&mut counts) }.expect("a vector takes what is written");
        counts
    });
    counts.as_ptr()
}

/// The length of the counts in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn counts_length() -> usize {
    COUNTS.get().map_or(0, Vec::len)
}
