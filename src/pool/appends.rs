//! What a lane has to append to a journal that takes several records at once: what comes while an append is
//! under way waits, and then goes together.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{Either, Shared, WeakShared, select};

use crate::domain::{AgentError, ErrorCode};
use crate::pool::numbers::Numbers;
use crate::pool::plan::PlanContext;
use crate::pool::shell::Handle;
use crate::record::{JournalEntry, Transition};

/// An append under way, for all who wait for it: whoever of them is polled has it go on.
type Append = Shared<Appending>;
type Appending = Pin<Box<dyn Future<Output = Result<(), AgentError>>>>;

/// The groups of records of one lane, in order.
#[derive(Default)]
pub(crate) struct Appends {
    waiting: RefCell<VecDeque<Rc<Group>>>,
    /// Given up with the last who waits for it.
    under_way: RefCell<Option<WeakShared<Appending>>>,
}

/// The records of one operation: all of them are in the journal, or none.
pub(crate) struct Group {
    handle: Rc<Handle>,
    transitions: Vec<Transition>,
    context: PlanContext,
    outcome: RefCell<Option<Result<(), AgentError>>>,
}

impl Appends {
    /// Has the transitions of an operation happen together, after those that came before in the lane.
    pub(crate) async fn append(
        &self,
        handle: &Rc<Handle>,
        transitions: Vec<Transition>,
        context: PlanContext,
    ) -> Result<(), AgentError> {
        let group = Rc::new(Group {
            handle: Rc::clone(handle),
            transitions,
            context,
            outcome: RefCell::default(),
        });
        self.waiting.borrow_mut().push_back(Rc::clone(&group));
        let place = Place(self, group);
        self.settled(Some(&place.1)).await;
        let outcome = place.1.outcome.take();
        outcome.expect("a group in the queue is appended")
    }

    /// Waits until a group is settled, or all of them are.
    pub(crate) async fn settled(&self, group: Option<&Group>) {
        while group.is_none_or(|group| group.outcome.borrow().is_none()) {
            let Some(append) = self.under_way() else {
                return;
            };
            // How it ended, each group knows.
            let _ = append.await;
        }
    }

    /// The append under way, or the next one.
    fn under_way(&self) -> Option<Append> {
        let under_way = self
            .under_way
            .borrow()
            .as_ref()
            .and_then(WeakShared::upgrade);
        if let Some(append) = under_way.filter(|append| append.peek().is_none()) {
            return Some(append);
        }
        let (handle, groups) = self.next()?;
        let appending: Appending = Box::pin(append_groups(handle, groups));
        let append = appending.shared();
        self.under_way.replace(append.downgrade());
        Some(append)
    }

    /// The groups that go together: they have one journal.
    fn next(&self) -> Option<(Rc<Handle>, Vec<Rc<Group>>)> {
        let mut waiting = self.waiting.borrow_mut();
        let handle = Rc::clone(&waiting.front()?.handle);
        let others = waiting.iter();
        let count = others.take_while(|group| Rc::ptr_eq(&group.handle, &handle));
        let count = count.count();
        Some((handle, waiting.drain(..count).collect()))
    }
}

/// A group's place in the queue, which it loses when its operation is given up.
struct Place<'a>(&'a Appends, Rc<Group>);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting.borrow_mut();
        waiting.retain(|other| !Rc::ptr_eq(other, &self.1));
    }
}

async fn append_groups(handle: Rc<Handle>, groups: Vec<Rc<Group>>) -> Result<(), AgentError> {
    let appended = pin!(handle.append_groups(&groups));
    // First of all, so that nothing goes on in a handle that was abandoned.
    let outcome = match select(handle.abandoned.wait(), appended).await {
        Either::Left(_) => Err(handle.closed_error()),
        Either::Right((outcome, _)) => outcome,
    };
    for group in &groups {
        let mut of_group = group.outcome.borrow_mut();
        of_group.get_or_insert_with(|| outcome.clone());
    }
    outcome
}

impl Handle {
    /// Has the transitions of several operations happen: all of them, or those of none.
    async fn append_groups(&self, groups: &[Rc<Group>]) -> Result<(), AgentError> {
        let journal = self.journal()?;
        let transitions = groups.iter().flat_map(|group| {
            let transitions = group.transitions.iter();
            transitions.map(|transition| (transition.clone(), group.context))
        });
        let transitions: Vec<_> = transitions.collect();
        let numbers = Numbers::take(&self.journal_seq, transitions.len() as u64);
        let entries = (numbers.first()..).zip(transitions);
        let entries: Vec<JournalEntry> = entries
            .map(|(number, (transition, context))| self.entry(transition, number, context))
            .collect();
        let cursors = match &entries[..] {
            [entry] => {
                let answer = self.calling(|| journal.append(entry));
                answer.await.map(|cursor| vec![cursor])
            }
            entries => self.calling(|| journal.append_batch(entries)).await,
        };
        let cursors = cursors.and_then(|cursors| match cursors.len() == entries.len() {
            true => Ok(cursors),
            false => Err(AgentError::new(
                ErrorCode::InvalidPortAnswer,
                "journal.appendBatch: as many cursors as there are records",
            )),
        });
        let cursors = cursors.map_err(|error| error.with_record(entries[0].record_id()))?;
        numbers.keep();
        let mut order = self.open.recording.take();
        (&mut order).await;
        let mut taken = entries.into_iter().zip(cursors);
        for group in groups {
            for (entry, cursor) in taken.by_ref().take(group.transitions.len()) {
                let happened = self.record(entry, cursor).await?;
                self.publish(happened);
            }
            group.outcome.replace(Some(Ok(())));
        }
        Ok(())
    }
}
