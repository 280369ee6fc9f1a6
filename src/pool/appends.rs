//! What a lane has to append to a journal that takes several records at once: what comes in one breath, or while an
//! append is under way, goes together.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::pin;
use std::rc::Rc;

use crate::domain::AgentError;
use crate::pool::flights::Flying;
use crate::pool::latch::Latch;
use crate::pool::race::unless;
use crate::pool::shared_work::{SharedWork, WeakWork};
use crate::pool::shell::Handle;
use crate::record::JournalEntry;

/// The groups of records of one lane, in order.
#[derive(Default)]
pub(crate) struct Appends {
    waiting: RefCell<VecDeque<Rc<Group>>>,
    /// Given up with the last who waits for it.
    under_way: RefCell<WeakWork>,
}

/// The records of one operation: all of them are in the journal, or none.
struct Group {
    handle: Rc<Handle>,
    /// In flight as long as they may still get there, even if the operation is given up.
    _flying: Flying,
    entries: RefCell<Vec<JournalEntry>>,
    /// The append that has these records, from when it took them out of the queue. It goes on for as long as the operation
    /// waits, which may not know of it yet: somebody behind it in the lane may have begun it, and may give up.
    append: RefCell<Option<SharedWork>>,
    outcome: RefCell<Option<Result<(), AgentError>>>,
}

impl Appends {
    /// The append under way, or the next one.
    fn under_way(self: &Rc<Self>) -> Option<SharedWork> {
        let under_way = SharedWork::join(&self.under_way.borrow());
        if under_way.is_some() {
            return under_way;
        }
        let handle = Rc::clone(&self.waiting.borrow().front()?.handle);
        let append = SharedWork::new(Box::pin(Rc::clone(self).append_next(handle)));
        self.under_way.replace(append.downgrade());
        Some(append)
    }

    /// Appends what goes together.
    async fn append_next(self: Rc<Self>, handle: Rc<Handle>) -> Result<(), AgentError> {
        handle.gather().await;
        match self.next() {
            Some((handle, groups)) => {
                for group in &groups {
                    let append = SharedWork::join(&self.under_way.borrow());
                    group.append.replace(append);
                }
                append_groups(handle, groups).await
            }
            // All of them were given up.
            None => Ok(()),
        }
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

/// An operation behind what its lane appends, with its records or without any.
pub(crate) struct Queued {
    appends: Rc<Appends>,
    group: Option<Rc<Group>>,
}

impl Queued {
    /// Comes after what is in the queue.
    pub(crate) fn behind(appends: Rc<Appends>) -> Self {
        let group = None;
        Self { appends, group }
    }

    /// Has what an operation appends wait in the queue, to happen together.
    pub(crate) fn add(&mut self, handle: &Rc<Handle>, flying: &Flying, entries: Vec<JournalEntry>) {
        let group = Rc::new(Group {
            handle: Rc::clone(handle),
            _flying: flying.clone(),
            entries: RefCell::new(entries),
            append: RefCell::default(),
            outcome: RefCell::default(),
        });
        let mut waiting = self.appends.waiting.borrow_mut();
        waiting.push_back(Rc::clone(&group));
        self.group = Some(group);
    }

    /// Waits until the queue is settled so far; answers what came of the operation's own records.
    pub(crate) async fn settled(&self) -> Option<Result<(), AgentError>> {
        loop {
            let group = self.group.as_ref();
            let outcome = group.and_then(|group| group.outcome.take());
            if outcome.is_some() {
                return outcome;
            }
            // How it ends, each group knows.
            let _ = self.appends.under_way()?.await;
        }
    }
}

impl Drop for Queued {
    /// Who gives up loses the place in the queue.
    fn drop(&mut self) {
        let Some(group) = &self.group else { return };
        let mut waiting = self.appends.waiting.borrow_mut();
        waiting.retain(|other| !Rc::ptr_eq(other, group));
        drop(waiting);
        // What ends with this may look at the queue.
        let append = group.append.take();
        drop(append);
    }
}

impl Handle {
    /// Waits for what is called in the same breath, if the journal has been seen to answer later: an append takes longer
    /// than that.
    async fn gather(&self) {
        let executor = self.ports.executor.as_ref();
        if let Some(executor) = executor.filter(|_| self.journal_waits.get()) {
            let next_turn = Rc::<Latch>::default();
            let latch = Rc::clone(&next_turn);
            executor.spawn(Box::pin(async move { latch.open() }));
            next_turn.wait().await;
        }
    }
}

async fn append_groups(handle: Rc<Handle>, groups: Vec<Rc<Group>>) -> Result<(), AgentError> {
    let mut entries = Vec::new();
    // Where the records of the groups end.
    let mut ends = VecDeque::new();
    for group in &groups {
        entries.append(&mut group.entries.borrow_mut());
        ends.push_back(entries.len());
    }
    let (mut count, mut settled) = (0, groups.iter());
    let mut happened = |event| {
        handle.publish(event);
        count += 1;
        if ends.front() == Some(&count) {
            ends.pop_front();
            let group = settled.next();
            group.map(|group| group.outcome.replace(Some(Ok(()))));
        }
    };
    let appended = pin!(async {
        match <[JournalEntry; 1]>::try_from(entries) {
            Ok([mut entry]) => {
                let appended = handle.append(&mut entry).await?;
                appended.tell(entry, &mut happened);
                Ok(())
            }
            Err(entries) => handle.append_together(entries, &mut happened).await,
        }
    });
    // First of all, so that nothing goes on in a handle that was abandoned.
    let outcome = unless(handle.abandoned.wait(), appended).await;
    let outcome = outcome.unwrap_or_else(|| Err(handle.closed_error()));
    for group in &groups {
        let mut of_group = group.outcome.borrow_mut();
        of_group.get_or_insert_with(|| outcome.clone());
    }
    outcome
}
