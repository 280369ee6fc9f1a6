//! Appending: what the journal takes is stored, is known, and has happened.

use crate::domain::{AgentError, ErrorCode};
use crate::pool::numbers::Numbers;
use crate::pool::plan::{PlanContext, event_number_of_record};
use crate::pool::shell::Handle;
use crate::record::{JournalEntry, PoolEvent, RecordStamp, Transition};

impl Handle {
    /// Has transitions happen together: the journal holds all of them or none. `happened` is told of each as
    /// soon as it has.
    ///
    /// It calls no port that waits, so events leave in the order in which it is told of them: that in which the
    /// journal answered.
    pub(crate) async fn append(
        &self,
        transitions: Vec<(Transition, PlanContext)>,
        happened: &mut dyn FnMut(PoolEvent),
    ) -> Result<(), AgentError> {
        let journal = self.journal()?;
        let mut numbers = Numbers::new(&self.journal_seq);
        let mut entries = Vec::with_capacity(transitions.len());
        for (transition, context) in transitions {
            let stamp = RecordStamp {
                journal_seq: numbers.next(),
                clock: context.clock,
            };
            entries.push(JournalEntry::new(self.pool_id.clone(), transition, stamp));
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
