//! The allocator: half the size of the standard one, and in constant time however fragmented the memory is.

use std::arch::wasm32::memory_size;
use std::cell::Cell;
use std::hint::black_box;

use rlsf::SmallGlobalTlsf;

#[global_allocator]
static ALLOCATOR: SmallGlobalTlsf = SmallGlobalTlsf::new();

const PAGE: usize = 1 << 16;

thread_local! {
    /// How many pages the memory had when [`grow_ahead`] last looked.
    static PAGES: Cell<usize> = const { Cell::new(0) };
}

/// If the memory has grown, grows it by an eighth more.
///
/// The allocator asks for a page whenever it needs one. To JavaScript every growth is a new buffer, and a reason to
/// collect garbage. With a pool that fills up, this took a third of all time.
pub(super) fn grow_ahead() {
    let pages = memory_size::<0>();
    if PAGES.get() != pages {
        // If there is not that much memory left, what is there will do.
        let _ = black_box(Vec::<u8>::new()).try_reserve_exact(pages / 8 * PAGE);
        PAGES.set(memory_size::<0>());
    }
}
