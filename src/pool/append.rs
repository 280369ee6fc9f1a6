//! Appending: what the journal takes is stored, is known, and has happened.

use crate::domain::{AgentError, ErrorCode};
use crate::pool::numbers::Numbers;
use crate::pool::plan::{PlanContext, event_number_of_record};
use crate::pool::shell::Handle;
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

    /// Has the transitions of `entries` happen together: the journal holds all of them or none. `happened` is
    /// told of each as soon as it has, and the entries are gone.
    ///
    /// It calls no port that waits, so events leave in the order in which it is told of them: that in which the
    /// journal answered.
    pub(crate) async fn append(
        &self,
        entries: &mut Vec<JournalEntry>,
        happened: &mut dyn FnMut(PoolEvent),
    ) -> Result<(), AgentError> {
        let journal = self.journal()?;
        let mut numbers = Numbers::new(&self.journal_seq);
        for entry in entries.iter_mut() {
            entry.number(numbers.next());
        }
        let answer = match &entries[..] {
            [entry] => {
                let answer = self.calling(|| journal.append(entry)).await;
                answer.map(|cursor| (Some(cursor), Vec::new()))
            }
            entries => {
                let answer = self.calling(|| journal.append_batch(entries)).await;
                answer.map(|cursors| (None, cursors))
            }
        };
        let (single, cursors) = answer.map_err(|error| match &entries[..] {
            [entry] => error.with_record(entry.record_id()),
            // It is told to the callers of several, about none of them in particular.
            _ => error,
        })?;
        if single.is_none() && cursors.len() != entries.len() {
            return Err(AgentError::new(
                ErrorCode::InvalidPortAnswer,
                "journal.appendBatch: as many cursors as there are records",
            ));
        }
        numbers.keep();
        // Whoever waits for the store has the others wait for their turn to store.
        let mut order = self.open.recording.take();
        if self.open.recording.is_taken() {
            (&mut order).await;
        }
        entries.reverse();
        for cursor in single.into_iter().chain(cursors) {
            let Some(entry) = entries.pop() else { break };
            let stored = entry.transition().stored(&cursor);
            let record = self.open.next_record(stored);
            let answer = self.open.store(&record);
            if matches!(answer, Answer::Later(_)) {
                (&mut order).await;
            }
            answer.await?;
            self.open.learn(&record);
            let event_number = event_number_of_record(record.cursor.sequence);
            happened(entry.happened(event_number, cursor));
        }
        Ok(())
    }
}
