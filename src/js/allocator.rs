//! The allocator: half the size of the standard one, and in constant time however the memory is cut up.

use std::arch::wasm32::memory_size;
use std::cell::Cell;
use std::hint::black_box;

use rlsf::SmallGlobalTlsf;

#[global_allocator]
static ALLOCATOR: SmallGlobalTlsf = SmallGlobalTlsf::new();

const PAGE: usize = 1 << 16;

thread_local! {
    /// How many pages there were when it was last seen to.
    static PAGES: Cell<usize> = const { Cell::new(0) };
}

/// If the memory has grown, has it grow by an eighth more.
///
/// The allocator asks for a page when it needs one, and to JavaScript every growth is a new buffer, and a reason to
/// collect garbage: with a pool that fills up that took a third of all time.
pub(super) fn grow_ahead() {
    let pages = memory_size::<0>();
    if PAGES.get() != pages {
        // If there is not so much any more, what is there will do.
        let _ = black_box(Vec::<u8>::new()).try_reserve_exact(pages / 8 * PAGE);
        PAGES.set(memory_size::<0>());
    }
}
