//! The sequence numbers of a handle's journal records (REFERENCE 40, D6).

use std::cell::Cell;

/// Numbers of records on their way to the journal. If the journal does not take the records, the numbers are given
/// back. If later numbers were handed out meanwhile, they stay unused instead.
pub(crate) struct JournalSequence<'a> {
    /// The last number that was handed out.
    last: &'a Cell<u64>,
    before: u64,
    count: u64,
}

impl<'a> JournalSequence<'a> {
    /// No numbers yet. The first will follow the last that was handed out.
    pub(crate) fn new(last: &'a Cell<u64>) -> Self {
        Self {
            last,
            before: last.get(),
            count: 0,
        }
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.count += 1;
        self.last.set(self.before + self.count);
        self.last.get()
    }

    /// Keeps the numbers, as the journal took the records.
    pub(crate) fn keep(mut self) {
        self.count = 0;
    }
}

impl Drop for JournalSequence<'_> {
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
        let take = |count: usize| {
            let mut numbers = JournalSequence::new(&last);
            let taken: Vec<u64> = (0..count).map(|_| numbers.next()).collect();
            (numbers, taken)
        };
        drop(take(2));
        assert_eq!(last.get(), 4);
        let ((first, of_first), (second, of_second)) = (take(2), take(1));
        assert_eq!((&of_first[..], &of_second[..]), (&[5, 6][..], &[7][..]));
        drop(first);
        assert_eq!(last.get(), 7, "5 and 6 stay unused");
        drop(second);
        assert_eq!(last.get(), 6);
        let ((first, _), (second, _)) = (take(1), take(1));
        drop(second);
        first.keep();
        assert_eq!(last.get(), 7);
    }
}
