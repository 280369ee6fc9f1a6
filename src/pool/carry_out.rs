//! Having a plan happen through the ports, and what is left if one of them fails.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::domain::{AgentError, JournalCursor};
use crate::pool::plan::{self, Transition};
use crate::pool::shared_store::OpenPool;
use crate::pool::shell::Handle;
use crate::port::Journal;
use crate::record::JournalRecord;

impl Handle {
    /// Has the transitions happen one by one: journal, store, event bus. The first that the journal or
    /// the store rejects ends it; those before it stay, and what they bring about is owed.
    pub(crate) async fn carry_out(&self, transitions: Vec<Transition>) -> Result<(), AgentError> {
        self.carry_on(transitions, false).await
    }

    /// As [`Self::carry_out`], of an operation that has `begun`, or not, to happen before.
    async fn carry_on(&self, transitions: Vec<Transition>, begun: bool) -> Result<(), AgentError> {
        if transitions.is_empty() {
            return Ok(());
        }
        let mut undone = Undone {
            open: &self.open,
            transitions: transitions.into(),
            begun,
        };
        let journal = self.journal()?;
        self.event_bus()?;
        self.outbox.require_room(undone.transitions.len())?;
        while let Some(transition) = undone.transitions.front() {
            let cursor = self.append(&*journal, &transition.record).await?;
            // Only a record that the journal took uses up its number (D6).
            self.journal_seq.set(self.journal_seq.get() + 1);
            self.open.record(transition.stored(&cursor)).await?;
            if let Some(transition) = undone.transitions.pop_front() {
                undone.begun = true;
                self.outbox.push(transition.published(cursor));
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
            Ok(transitions) => self.carry_on(transitions, true).await,
            Err(error) => {
                self.open.owed.replace(owed);
                Err(error)
            }
        }
    }

    async fn append(
        &self,
        journal: &dyn Journal,
        record: &Arc<JournalRecord>,
    ) -> Result<JournalCursor, AgentError> {
        let answer = self.calling(|| journal.append(record));
        answer
            .await
            .map_err(|error| error.with_record(record.record_id.clone()))
    }
}

/// The transitions of a plan that did not happen yet. However the operation ends, by an error or by
/// being dropped, what is owed of them is noted.
struct Undone<'a> {
    open: &'a OpenPool,
    transitions: VecDeque<Transition>,
    /// Whether anything happened. An operation that failed before owes nothing.
    begun: bool,
}

impl Drop for Undone<'_> {
    fn drop(&mut self) {
        if self.begun && !self.transitions.is_empty() {
            let undone = self.transitions.iter();
            let owed = self.open.read(|state| plan::owed(state, undone));
            self.open.owed.borrow_mut().extend(owed);
        }
    }
}
