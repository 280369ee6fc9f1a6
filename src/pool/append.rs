//! Appending: what the journal takes is stored, is known, and has happened.

use crate::domain::{AgentError, ErrorCode, JournalCursor};
use crate::pool::numbers::Numbers;
use crate::pool::plan::{PlanContext, event_number_of_record};
use crate::pool::shell::Handle;
use crate::pool::turns::Turn;
use crate::port::Answer;
use crate::record::{JournalEntry, PoolEvent, RecordStamp, Transition};

impl Handle {
    /// A transition on its way to the journal, still without its number.
    pub(crate) fn entry(&self, transition: Transition, context: PlanContext) -> JournalEntry {
        let stamp = RecordStamp {
            journal_seq: 0,
            clock: context.clock,
        };
        JournalEntry::new(self.pool_id.clone(), transition, stamp)
    }

    /// Has the transition of an entry happen. `happened` is told of it as soon as it has.
    ///
    /// It calls no port that waits, so events leave in the order in which it is told of them: that in which the
    /// journal answered.
    pub(crate) async fn append(
        &self,
        mut entry: JournalEntry,
        happened: &mut dyn FnMut(PoolEvent),
    ) -> Result<(), AgentError> {
        let journal = self.journal()?;
        let mut numbers = Numbers::new(&self.journal_seq);
        entry.number(numbers.next());
        let answer = self.calling(|| journal.append(&entry));
        self.note_waiting(&answer);
        let cursor = answer
            .await
            .map_err(|error| error.with_record(entry.record_id()))?;
        numbers.keep();
        let mut turn = self.open.recording.take();
        self.record(entry, cursor, &mut turn, happened).await
    }

    /// As [`Self::append`], of several that happen together: the journal holds all of their records or none.
    pub(crate) async fn append_together(
        &self,
        mut entries: Vec<JournalEntry>,
        happened: &mut dyn FnMut(PoolEvent),
    ) -> Result<(), AgentError> {
        let journal = self.journal()?;
        let mut numbers = Numbers::new(&self.journal_seq);
        for entry in entries.iter_mut() {
            entry.number(numbers.next());
        }
        // An error is told to the callers of all of them, about none of their records in particular.
        let answer = self.calling(|| journal.append_batch(&entries));
        self.note_waiting(&answer);
        let cursors = answer.await?;
        if cursors.len() != entries.len() {
            return Err(AgentError::new(
                ErrorCode::InvalidPortAnswer,
                "journal.appendBatch: as many cursors as there are records",
            ));
        }
        numbers.keep();
        let mut turn = self.open.recording.take();
        entries.reverse();
        for cursor in cursors {
            let Some(entry) = entries.pop() else { break };
            self.record(entry, cursor, &mut turn, happened).await?;
        }
        Ok(())
    }

    fn note_waiting<T>(&self, answer: &Answer<'_, T>) {
        if matches!(answer, Answer::Later(_)) {
            self.journal_waits.set(true);
        }
    }

    /// What the journal took is stored, is known, and has happened.
    async fn record(
        &self,
        entry: JournalEntry,
        cursor: JournalCursor,
        turn: &mut Turn<'_>,
        happened: &mut dyn FnMut(PoolEvent),
    ) -> Result<(), AgentError> {
        // Whoever waits for the store has the others wait for their turn to store.
        if self.open.recording.is_taken() {
            (&mut *turn).await;
        }
        let stored = entry.transition().stored(&cursor);
        let record = self.open.next_record(stored);
        let answer = self.open.store(&record);
        if matches!(answer, Answer::Later(_)) {
            turn.await;
        }
        answer.await?;
        self.open.learn(&record);
        let event_number = event_number_of_record(record.cursor.sequence);
        happened(entry.happened(event_number, cursor));
        Ok(())
    }
}
