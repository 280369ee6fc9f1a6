//! Appending: what the journal takes is stored, is known, and has happened.

use crate::domain::{AgentError, ErrorCode};
use crate::pool::numbers::Numbers;
use crate::pool::plan::{PlanContext, event_number_of_record};
use crate::pool::shell::Handle;
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

    /// Has transitions happen together: the journal holds all of them or none. `happened` is told of each as
    /// soon as it has.
    ///
    /// It calls no port that waits, so events leave in the order in which it is told of them: that in which the
    /// journal answered.
    pub(crate) async fn append(
        &self,
        mut entries: Vec<JournalEntry>,
        happened: &mut dyn FnMut(PoolEvent),
    ) -> Result<(), AgentError> {
        let journal = self.journal()?;
        let mut numbers = Numbers::new(&self.journal_seq);
        for entry in &mut entries {
            entry.number(numbers.next());
        }
        let cursors = match &entries[..] {
            [entry] => {
                let answer = self.calling(|| journal.append(entry));
                answer.await.map(|cursor| vec![cursor])
            }
            entries => self.calling(|| journal.append_batch(entries)).await,
        };
        let cursors = cursors.map_err(|error| error.with_record(entries[0].record_id()))?;
        if cursors.len() != entries.len() {
            return Err(AgentError::new(
                ErrorCode::InvalidPortAnswer,
                "journal.appendBatch: as many cursors as there are records",
            ));
        }
        numbers.keep();
        let mut order = self.open.recording.take();
        (&mut order).await;
        for (entry, cursor) in entries.into_iter().zip(cursors) {
            let stored = entry.transition().stored(&cursor);
            let sequence = self.open.record(stored).await?;
            happened(entry.happened(event_number_of_record(sequence), cursor));
        }
        Ok(())
    }
}
