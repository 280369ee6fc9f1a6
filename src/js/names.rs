//! The ids of runs and agents that JavaScript keeps as strings of its own, so that they cross as numbers.

use std::cell::RefCell;
use std::sync::Arc;

use crate::domain::Id;
use crate::port::MAX_BATCH_IDS;

/// How many names are known at most: as many as the records of one append may have. Beyond that all of them are
/// forgotten, since pools may come and go.
const MOST: usize = MAX_BATCH_IDS;

/// Names by the address of their text. As long as a text is known here, no other text can have its address.
struct Names {
    /// A hash table that is at most half full. Empty until the first name.
    places: Vec<Option<(Arc<str>, u32)>>,
    known: usize,
}

thread_local! {
    static NAMES: RefCell<Names> = const { RefCell::new(Names::new()) };
}

/// Adds the numbers by which JavaScript knows these `count` ids to `numbers`. `learn` tells it the ids that it does not
/// know.
pub(super) fn number<'a>(
    count: usize,
    ids: impl Iterator<Item = &'a dyn Id>,
    numbers: &mut Vec<u32>,
    learn: &dyn Fn(u32, &str),
) {
    NAMES.with_borrow_mut(|names| {
        // Before the first of them: if names were forgotten in between, the numbers so far would mean other names.
        names.make_room(count);
        numbers.extend(ids.map(|id| names.number(id, learn)));
    });
}

/// Makes room for `count` names, so that none of their numbers comes to mean another name while they are numbered one
/// after the other. Returns whether there is that much room at all.
pub(super) fn make_room(count: usize) -> bool {
    NAMES.with_borrow_mut(|names| names.make_room(count));
    count <= MOST
}

impl Names {
    const fn new() -> Self {
        let places = Vec::new();
        Self { places, known: 0 }
    }

    /// Forgets all names if there would be too many.
    fn make_room(&mut self, count: usize) {
        if self.known + count > MOST {
            *self = Self::new();
        }
    }

    fn number(&mut self, id: &dyn Id, learn: &dyn Fn(u32, &str)) -> u32 {
        if self.known * 2 >= self.places.len() {
            self.grow();
        }
        let place = self.place(id.as_text());
        if let Some((_, number)) = &self.places[place] {
            return *number;
        }
        let number = self.known as u32;
        learn(number, id.as_text());
        self.places[place] = Some((id.to_text(), number));
        self.known += 1;
        number
    }

    /// The place where a text is, or has to go.
    fn place(&self, text: &str) -> usize {
        let last = self.places.len() - 1;
        let address = text.as_ptr().addr();
        // Memory is allocated in steps of eight bytes or more, so the lowest bits of an address say nothing.
        let mut place = (address >> 3).wrapping_mul(0x9E37_79B1) >> 7 & last;
        while let Some((known, _)) = &self.places[place]
            && known.as_ptr().addr() != address
        {
            place = (place + 1) & last;
        }
        place
    }

    fn grow(&mut self) {
        let size = (self.places.len() * 2).max(64);
        let before = std::mem::replace(&mut self.places, vec![None; size]);
        for entry in before.into_iter().flatten() {
            let place = self.place(&entry.0);
            self.places[place] = Some(entry);
        }
    }
}
