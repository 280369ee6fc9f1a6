//! The journal port: where every transition is written before anyone hears of it.

use crate::domain::JournalCursor;
use crate::port::Answer;
use crate::record::JournalEntry;

/// An append-only journal.
pub trait Journal {
    /// Appends the record of one entry and answers where it stands.
    ///
    /// An error means that the transition did not happen: the pool forgets it, publishes nothing and
    /// uses the record's sequence number again. The journal must then not hold the record. The same goes for an answer that is dropped
    /// before it is there, which happens only if the host drops the operation's future.
    ///
    /// The pool must not be called and awaited from within: an operation holds its turn until the
    /// journal has answered.
    fn append<'a>(&'a self, entry: &'a JournalEntry) -> Answer<'a, JournalCursor>;
}
