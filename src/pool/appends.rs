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
use crate::pool::flights::Flying;
use crate::pool::numbers::Numbers;
use crate::pool::plan::PlanContext;
use crate::pool::shell::Handle;
use crate::record::Transition;

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
struct Group {
    handle: Rc<Handle>,
    /// In flight as long as they may still get there, even if the operation is given up.
    _flying: Rc<Flying>,
    transitions: RefCell<Vec<Transition>>,
    context: PlanContext,
    outcome: RefCell<Option<Result<(), AgentError>>>,
}

impl Appends {
    /// Has the transitions of an operation happen together, after those that came before in the lane, as soon
    /// as they are waited for.
    pub(crate) fn add(
        self: &Rc<Self>,
        handle: &Rc<Handle>,
        flying: &Rc<Flying>,
        transitions: Vec<Transition>,
        context: PlanContext,
    ) -> Queued {
        let group = Rc::new(Group {
            handle: Rc::clone(handle),
            _flying: Rc::clone(flying),
            transitions: RefCell::new(transitions),
            context,
            outcome: RefCell::default(),
        });
        self.waiting.borrow_mut().push_back(Rc::clone(&group));
        let appends = Rc::clone(self);
        Queued { appends, group }
    }

    /// Waits until what was added is settled, or everything is.
    pub(crate) async fn settled(&self, added: Option<&Queued>) {
        while added.is_none_or(|added| added.group.outcome.borrow().is_none()) {
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
        let mut groups = Vec::new();
        while let Some(group) = waiting.front()
            && Rc::ptr_eq(&group.handle, &handle)
        {
            groups.extend(waiting.pop_front());
        }
        Some((handle, groups))
    }
}

/// A group in the queue, where it loses its place when its operation is given up.
pub(crate) struct Queued {
    appends: Rc<Appends>,
    group: Rc<Group>,
}

impl Queued {
    /// What it came to, once it is settled.
    pub(crate) fn outcome(&self) -> Result<(), AgentError> {
        let outcome = self.group.outcome.take();
        outcome.expect("a group in the queue is appended")
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        let mut waiting = self.appends.waiting.borrow_mut();
        waiting.retain(|other| !Rc::ptr_eq(other, &self.group));
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
        let mut numbers = Numbers::new(&self.journal_seq);
        let mut entries = Vec::new();
        // Whose record is the last of its group.
        let mut ends = VecDeque::new();
        for group in groups {
            for transition in group.transitions.take() {
                entries.push(self.entry(transition, numbers.next(), group.context));
            }
            ends.push_back(entries.len());
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
        let mut groups = groups.iter();
        for (number, (entry, cursor)) in (1..).zip(entries.into_iter().zip(cursors)) {
            let happened = self.record(entry, cursor).await?;
            self.publish(happened);
            if ends.front() == Some(&number) {
                ends.pop_front();
                let group = groups.next();
                group.map(|group| group.outcome.replace(Some(Ok(()))));
            }
        }
        Ok(())
    }
}
