//! The journal port: where every transition is written before anyone hears of it.

use crate::domain::{AgentError, ErrorCode, JournalCursor};
use crate::port::Answer;
use crate::record::JournalEntry;

/// An append-only journal.
///
/// It is called again before it has answered: for message operations of different senders, which run side by
/// side. It may answer in another order than it was called in, and the order in which it answers is that of
/// the pool's events.
pub trait Journal {
    /// Appends the record of one entry and answers where it stands.
    ///
    /// The pool must not be called and awaited from within: what others depend on waits until the journal has
    /// answered.
    ///
    /// # Errors
    /// An error says that the journal does not hold the record, and the transition did not happen: the pool forgets it,
    /// publishes nothing and uses the record's sequence number again, unless it has given the journal later ones since
    /// (DESIGN D6). The operation fails with the error, which then names the record. What it recorded before stays, and
    /// the same call again does the rest (DESIGN 3).
    ///
    /// An answer that is dropped before it is there counts as an error, so the journal should not hold the record then
    /// either. That happens only if the host drops the operation's future or abandons its handle
    /// ([`AgentPool::abandon`](crate::pool::AgentPool::abandon)).
    fn append<'a>(&'a self, entry: &'a JournalEntry) -> Answer<'a, JournalCursor>;

    /// Whether it takes several records at once. Then sends of one run that nobody's wake depends on no longer
    /// wait for each other: what comes while one is under way goes together, and once it has answered later, what comes
    /// before the executor's next turn.
    fn takes_batches(&self) -> bool {
        false
    }

    /// Appends the records of several entries, in their order, and answers where each of them stands: all of
    /// them, or none. As [`Self::append`] otherwise. Called only if [`Self::takes_batches`] says so.
    ///
    /// # Errors
    /// As of [`Self::append`], for all of the records: the journal holds none of them, no transition happened, and
    /// every operation that has a record among them fails with the error, which names none of the records. Another
    /// number of cursors than of records is taken for the error `invalid_port_answer`.
    fn append_batch<'a>(&'a self, entries: &'a [JournalEntry]) -> Answer<'a, Vec<JournalCursor>> {
        let _ = entries;
        Answer::failed(AgentError::from(ErrorCode::JournalRejected))
    }
}
