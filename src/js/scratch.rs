//! A place in memory through which short texts cross: JavaScript writes them there and passes their lengths.
//!
//! A text that crosses as an argument costs an allocation and several calls back and forth. A message has five texts
//! and two cursors.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

/// The size in bytes: room for five ids of the greatest length.
const SIZE: usize = 5 * crate::domain::MAX_ID_BYTES;

thread_local! {
    static SCRATCH: RefCell<[u8; SIZE]> = const { RefCell::new([0; SIZE]) };
}

/// The address of the scratch in the memory of the instance. It never changes.
#[wasm_bindgen]
pub fn scratch() -> usize {
    SCRATCH.with_borrow(|scratch| scratch.as_ptr().addr())
}

/// Reads the first `length` bytes, which JavaScript wrote. If they are no text, reads an empty one. JavaScript must not
/// be called from within `read`.
pub(super) fn written<T>(length: i32, read: impl FnOnce(&str) -> T) -> T {
    SCRATCH.with_borrow(|scratch| {
        let bytes = usize::try_from(length).ok();
        let bytes = bytes.and_then(|length| scratch.get(..length));
        let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
        read(text.unwrap_or_default())
    })
}
