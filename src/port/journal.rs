//! The journal port: where every transition is written before it is published.

use crate::domain::{AgentError, ErrorCode, JournalCursor};
use crate::port::Answer;
use crate::record::JournalEntry;

/// How many ids of agents and receivers the records of one [`Journal::append_batch`] have at most, unless a single
/// operation has more: the ids are what makes records large.
pub const MAX_BATCH_IDS: usize = 65_536;

/// An append-only journal.
///
/// The journal is called again before it has answered, for message operations of different senders, which run side by
/// side. It may answer in another order than it was called in. The order of its answers is the order of the pool's
/// events.
pub trait Journal {
    /// Appends the record of one entry and answers the record's cursor.
    ///
    /// The pool must not be called and awaited from within: operations that others depend on wait until the journal has
    /// answered.
    ///
    /// # Errors
    /// An error says that the journal does not hold the record, and that the transition did not happen. The pool
    /// forgets the transition, publishes nothing and uses the record's sequence number again, unless it has given the
    /// journal later ones since (DESIGN D6). The operation fails with the error, which then names the record. What the
    /// operation recorded before stays, and the same call again does the rest (DESIGN 3).
    ///
    /// An answer that is dropped before it is there counts as an error, so the journal should not hold the record then
    /// either. That happens only if the host drops the operation's future or abandons its handle
    /// ([`AgentPool::abandon`](crate::pool::AgentPool::abandon)).
    fn append<'a>(&'a self, entry: &'a JournalEntry) -> Answer<'a, JournalCursor>;

    /// Whether the journal takes several records at once. Then those sends of one run that nobody's wake depends on no
    /// longer wait for each other. The sends that come while an append is under way go together. Once the journal has
    /// answered later, so do the sends that come before the executor's next turn.
    fn takes_batches(&self) -> bool {
        false
    }

    /// Appends the records of several entries, in their order, and answers the cursor of each: all of them, or none.
    /// The records have [`MAX_BATCH_IDS`] ids of agents and receivers at most, unless a single operation has more.
    /// Otherwise as [`Self::append`]. Called only if [`Self::takes_batches`] says so.
    ///
    /// # Errors
    /// As those of [`Self::append`], for all of the records: the journal holds none of them, no transition happened,
    /// and every operation that has a record among them fails with the error, which names none of the records. If the
    /// number of cursors is not the number of records, that counts as the error `invalid_port_answer`.
    fn append_batch<'a>(&'a self, entries: &'a [JournalEntry]) -> Answer<'a, Vec<JournalCursor>> {
        let _ = entries;
        Answer::failed(AgentError::from(ErrorCode::JournalRejected))
    }
}
