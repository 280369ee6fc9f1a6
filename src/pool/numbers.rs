//! The numbers of a handle's journal records (REFERENCE 40, D6).

use std::cell::Cell;

/// Numbers of records on their way to the journal. If the journal does not take them they are given back,
/// unless later ones were handed out in the meantime: only then they stay unused.
pub(crate) struct Numbers<'a> {
    /// The last number that was handed out.
    last: &'a Cell<u64>,
    before: u64,
    count: u64,
}

impl<'a> Numbers<'a> {
    /// The next numbers.
    pub(crate) fn take(last: &'a Cell<u64>, count: u64) -> Self {
        let before = last.replace(last.get() + count);
        Self {
            last,
            before,
            count,
        }
    }

    /// The number of the first record.
    pub(crate) fn first(&self) -> u64 {
        self.before + 1
    }

    /// The journal took the records.
    pub(crate) fn keep(mut self) {
        self.count = 0;
    }
}

impl Drop for Numbers<'_> {
    fn drop(&mut self) {
        if self.last.get() == self.before + self.count {
            self.last.set(self.before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_given_back_unless_later_ones_were_handed_out() {
        let last = Cell::new(4);
        drop(Numbers::take(&last, 2));
        assert_eq!(last.get(), 4);
        let (first, second) = (Numbers::take(&last, 2), Numbers::take(&last, 1));
        assert_eq!((first.first(), second.first()), (5, 7));
        drop(first);
        assert_eq!(last.get(), 7, "5 and 6 stay unused");
        drop(second);
        assert_eq!(last.get(), 6);
        let (first, second) = (Numbers::take(&last, 1), Numbers::take(&last, 1));
        drop(second);
        first.keep();
        assert_eq!(last.get(), 7);
    }
}
