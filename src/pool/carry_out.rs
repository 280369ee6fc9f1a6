//! Having a plan happen through the ports, and what is left if one of them fails.

use std::collections::VecDeque;

use crate::domain::{AgentError, JournalCursor};
use crate::pool::plan::{self, Step};
use crate::pool::shared_store::OpenPool;
use crate::pool::shell::Handle;
use crate::port::Journal;
use crate::record::JournalEntry;

impl Handle {
    /// Has the steps happen one by one: journal, store, event bus. The first that the journal or
    /// the store rejects ends it; those before it stay, and what they bring about is owed.
    pub(crate) async fn carry_out(&self, steps: Vec<Step>) -> Result<(), AgentError> {
        self.carry_on(steps, false).await
    }

    /// As [`Self::carry_out`], of an operation that has `begun`, or not, to happen before.
    async fn carry_on(&self, steps: Vec<Step>, begun: bool) -> Result<(), AgentError> {
        if steps.is_empty() {
            return Ok(());
        }
        let mut undone = Undone {
            open: &self.open,
            steps: steps.into(),
            begun,
        };
        let journal = self.journal()?;
        self.event_bus()?;
        self.outbox.require_room(undone.steps.len())?;
        while let Some(step) = undone.steps.front() {
            let cursor = self.append(&*journal, &step.entry).await?;
            // Only a record that the journal took uses up its number (D6).
            self.journal_seq.set(self.journal_seq.get() + 1);
            let stored = step.entry.transition().stored(&cursor);
            self.open.record(stored).await?;
            if let Some(step) = undone.steps.pop_front() {
                undone.begun = true;
                self.outbox.push(step.happened(cursor));
            }
        }
        Ok(())
    }

    /// Finishes what an operation that failed half-way left.
    pub(crate) async fn settle_owed(&self) -> Result<(), AgentError> {
        let owed = self.open.owed.take();
        if owed.is_empty() {
            return Ok(());
        }
        let settle = |context| Ok(self.open.read(|state| plan::settle(state, context, &owed)));
        match self.plan_context().and_then(settle) {
            Ok(steps) => self.carry_on(steps, true).await,
            Err(error) => {
                self.open.owed.replace(owed);
                Err(error)
            }
        }
    }

    async fn append(
        &self,
        journal: &dyn Journal,
        entry: &JournalEntry,
    ) -> Result<JournalCursor, AgentError> {
        let answer = self.calling(|| journal.append(entry));
        answer
            .await
            .map_err(|error| error.with_record(entry.record_id()))
    }
}

/// The steps of a plan that did not happen yet. However the operation ends, by an error or by
/// being dropped, what is owed of them is noted.
struct Undone<'a> {
    open: &'a OpenPool,
    steps: VecDeque<Step>,
    /// Whether anything happened. An operation that failed before owes nothing.
    begun: bool,
}

impl Drop for Undone<'_> {
    fn drop(&mut self) {
        if self.begun && !self.steps.is_empty() {
            let undone = self.steps.iter();
            let owed = self.open.read(|state| plan::owed(state, undone));
            self.open.owed.borrow_mut().extend(owed);
        }
    }
}
