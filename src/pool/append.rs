//! Appending: a record that the journal took is stored and applied to the state. With that, its transition has
//! happened.

use std::rc::Rc;

use crate::domain::{AgentError, ErrorCode, JournalCursor};
use crate::pool::handle::Handle;
use crate::pool::journal_sequence::JournalSequence;
use crate::pool::plan::PlanContext;
use crate::pool::turns::Turn;
use crate::port::Answer;
use crate::record::{JournalEntry, PoolEvent, RecordStamp, Transition};

impl Handle {
    /// The journal entry of a transition.
    fn entry(
        &self,
        transition: Transition,
        context: PlanContext,
        numbers: &mut JournalSequence<'_>,
    ) -> JournalEntry {
        let stamp = RecordStamp {
            journal_seq: numbers.next(),
            clock: context.clock,
        };
        JournalEntry::new(self.pool_id.clone(), transition, stamp)
    }

    /// Makes a transition happen: its record goes to the journal, to the store and to the state.
    ///
    /// Events leave in the order in which the journal answered. A store that answers later is waited for in that order
    /// too (`recording`).
    pub(crate) async fn append(
        &self,
        transition: Transition,
        context: PlanContext,
    ) -> Result<Happened<'_>, AgentError> {
        let journal = self.journal()?;
        let mut numbers = JournalSequence::new(&self.journal_seq);
        let entry = self.entry(transition, context, &mut numbers);
        let answer = self.calling(|| journal.append(&entry));
        self.note_waiting(&answer);
        let cursor = answer
            .await
            .map_err(|error| error.with_record(entry.record_id()))?;
        numbers.keep();
        let mut turn = self.open.recording.take();
        let event_number = self.record(&entry, &cursor, &mut turn).await?;
        Ok(Happened {
            entry,
            event_number,
            cursor,
            _turn: turn,
        })
    }

    /// As [`Self::append`], for transitions that happen together: the journal takes all of their records or none.
    /// `happened` is called with each event as soon as its transition has happened.
    pub(crate) async fn append_together(
        &self,
        transitions: Vec<(Transition, PlanContext)>,
        happened: &mut dyn FnMut(Rc<PoolEvent>),
    ) -> Result<(), AgentError> {
        let journal = self.journal()?;
        let mut numbers = JournalSequence::new(&self.journal_seq);
        let mut entries = Vec::with_capacity(transitions.len());
        for (transition, context) in transitions {
            entries.push(self.entry(transition, context, &mut numbers));
        }
        // An error goes to the callers of all of these records, so it names none of them.
        let answer = self.calling(|| journal.append_batch(&entries));
        self.note_waiting(&answer);
        let cursors = answer.await?;
        if cursors.len() != entries.len() {
            return Err(AgentError::new(
                ErrorCode::InvalidPortAnswer,
                "journal: must answer a batch with one cursor for each record",
            ));
        }
        numbers.keep();
        let mut turn = self.open.recording.take();
        for (entry, cursor) in entries.into_iter().zip(cursors) {
            let event_number = self.record(&entry, &cursor, &mut turn).await?;
            happened(Rc::new(entry.happened(event_number, cursor)));
        }
        Ok(())
    }

    fn note_waiting<T>(&self, answer: &Answer<'_, T>) {
        if matches!(answer, Answer::Later(_)) {
            self.journal_waits.set(true);
        }
    }

    /// Stores a record that the journal took, and applies it to the state. Returns the number of its event.
    async fn record(
        &self,
        entry: &JournalEntry,
        cursor: &JournalCursor,
        turn: &mut Turn<'_>,
    ) -> Result<u64, AgentError> {
        // If the store answers later, the records behind wait for their turn, so that records are stored in journal
        // order.
        if self.open.recording.is_taken() {
            (&mut *turn).await;
        }
        let stored = entry.transition().stored(cursor);
        let record = self.open.next_record(stored);
        let answer = self.calling(|| self.open.store(&record));
        if matches!(answer, Answer::Later(_)) {
            turn.await;
        }
        answer.await?;
        self.open.learn(&record);
        Ok(event_number_of_record(record.cursor.sequence))
    }
}

/// A transition whose record was appended and stored. Until this is dropped, no other gets this far, so its event
/// leaves first.
pub(crate) struct Happened<'a> {
    entry: JournalEntry,
    event_number: u64,
    cursor: JournalCursor,
    _turn: Turn<'a>,
}

impl Happened<'_> {
    /// Passes the event of the transition to `happened`.
    pub(crate) fn tell(self, happened: impl FnOnce(Rc<PoolEvent>)) {
        let event = self.entry.happened(self.event_number, self.cursor);
        happened(Rc::new(event));
    }
}

/// The number of the event that goes with a store record. Every record but the first, which says that
/// the pool was opened, has an event, so an event's number is one less than its record's.
fn event_number_of_record(store_sequence: u64) -> u64 {
    store_sequence.saturating_sub(1)
}
