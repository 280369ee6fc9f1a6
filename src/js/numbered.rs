//! Things that JavaScript, or a waker, knows by a number.

use slab::Slab;

/// Things by number, from 1 on. A number is used again only after four billion others, so a late use of it finds
/// nothing.
pub(super) struct Numbered<T> {
    things: Slab<(u32, T)>,
    last: u32,
}

/// The index of the thing with that number. No two things have the same index at once.
pub(super) fn index(number: u64) -> u32 {
    (number >> 32) as u32
}

impl<T> Numbered<T> {
    /// Nothing yet.
    pub(super) const fn new() -> Self {
        Self {
            things: Slab::new(),
            last: 0,
        }
    }

    /// Adds a thing and returns its number. A JavaScript number can hold it as long as there are not two million things
    /// at once.
    pub(super) fn add(&mut self, thing: T) -> u64 {
        self.last = self.last.wrapping_add(1).max(1);
        let place = self.things.insert((self.last, thing));
        (place as u64) << 32 | u64::from(self.last)
    }

    pub(super) fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let (given, thing) = self.things.get_mut(index(number) as usize)?;
        (*given == number as u32).then_some(thing)
    }

    pub(super) fn remove(&mut self, number: u64) -> Option<T> {
        self.get_mut(number)?;
        Some(self.things.remove(index(number) as usize).1)
    }
}
