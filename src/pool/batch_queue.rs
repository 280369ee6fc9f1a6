//! The records that a lane has to append to a journal that takes several at once. Records of calls that are made before
//! the executor's next turn, or while an append is under way, are appended together.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::pin;
use std::rc::Rc;

use crate::domain::AgentError;
use crate::pool::flights::Flying;
use crate::pool::handle::Handle;
use crate::pool::latch::Latch;
use crate::pool::plan::PlanContext;
use crate::pool::race::unless;
use crate::pool::shared_work::{SharedWork, WeakWork};
use crate::port::MAX_BATCH_IDS;
use crate::record::Transition;

/// The groups of records of one lane, in order.
#[derive(Default)]
pub(crate) struct BatchQueue {
    waiting: RefCell<VecDeque<Rc<Group>>>,
    /// The append that is under way. It is dropped with the last party that waits for it.
    under_way: RefCell<WeakWork>,
}

/// The transitions of one operation: the records of all of them are in the journal, or none.
struct Group {
    handle: Rc<Handle>,
    context: PlanContext,
    /// Keeps the operation in flight as long as its records may still reach the journal, even if its caller gives it
    /// up.
    _flying: Flying,
    transitions: RefCell<Vec<Transition>>,
    /// The append that has taken these records out of the queue. Held here, it goes on for as long as the operation
    /// waits. The operation may not be polling it yet: an operation behind it in the lane may have begun the append,
    /// and may be given up.
    append: RefCell<Option<SharedWork>>,
    outcome: RefCell<Option<Result<(), AgentError>>>,
}

impl Group {
    /// How many ids of agents and receivers its records have.
    fn ids(&self) -> usize {
        let transitions = self.transitions.borrow();
        let ids = transitions.iter().map(|transition| match transition {
            Transition::Message(message) => message.delivered_to.len() + 1,
            _ => 1,
        });
        ids.sum()
    }
}

impl BatchQueue {
    /// The append that is under way, or a new one for what waits; `None` if nothing waits.
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

    /// Gathers the groups that go together, and appends them.
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
            // All groups were given up.
            None => Ok(()),
        }
    }

    /// Takes the groups that go together out of the queue: those at its front that have one journal, as far as they are
    /// not too many.
    fn next(&self) -> Option<(Rc<Handle>, Vec<Rc<Group>>)> {
        let mut waiting = self.waiting.borrow_mut();
        let handle = Rc::clone(&waiting.front()?.handle);
        let mut groups = Vec::new();
        let mut ids = 0;
        while let Some(group) = waiting.front()
            && Rc::ptr_eq(&group.handle, &handle)
        {
            ids += group.ids();
            if ids > MAX_BATCH_IDS && !groups.is_empty() {
                break;
            }
            groups.extend(waiting.pop_front());
        }
        Some((handle, groups))
    }
}

/// An operation's place in the queue of its lane, with records of its own or without.
pub(crate) struct Queued {
    queue: Rc<BatchQueue>,
    group: Option<Rc<Group>>,
}

impl Queued {
    /// A place behind everything in the queue, without records.
    pub(crate) fn behind(queue: Rc<BatchQueue>) -> Self {
        let group = None;
        Self { queue, group }
    }

    /// Adds the transitions of an operation to the queue, as one group.
    pub(crate) fn add(
        &mut self,
        handle: &Rc<Handle>,
        flying: &Flying,
        transitions: Vec<Transition>,
        context: PlanContext,
    ) {
        let group = Rc::new(Group {
            handle: Rc::clone(handle),
            context,
            _flying: flying.clone(),
            transitions: RefCell::new(transitions),
            append: RefCell::default(),
            outcome: RefCell::default(),
        });
        let mut waiting = self.queue.waiting.borrow_mut();
        waiting.push_back(Rc::clone(&group));
        self.group = Some(group);
    }

    /// Waits until the operation's own records are settled, and returns their outcome. Without records of its own,
    /// waits until the queue is empty, and returns `None`.
    pub(crate) async fn settled(&self) -> Option<Result<(), AgentError>> {
        loop {
            let group = self.group.as_ref();
            let own = group.and_then(|group| group.append.borrow().clone());
            if let (Some(group), Some(append)) = (group, own) {
                let ended = append.await;
                // Each group has its own outcome, unless the journal panicked.
                return group.outcome.take().or(Some(ended));
            }
            let _ = self.queue.under_way()?.await;
        }
    }
}

impl Drop for Queued {
    /// Leaves the queue, if the records still wait there.
    fn drop(&mut self) {
        let Some(group) = &self.group else { return };
        // Dropped with nothing borrowed: what ends with the append may look at the queue.
        let append = group.append.take();
        if append.is_none() {
            let mut waiting = self.queue.waiting.borrow_mut();
            waiting.retain(|other| !Rc::ptr_eq(other, group));
        }
        drop(append);
    }
}

impl Handle {
    /// Waits for the executor's next turn, so that the calls made before it go together. It waits only if the journal
    /// has been seen to answer later, since an append then takes longer than this wait.
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
    let mut transitions = Vec::new();
    // Where the transitions of each group end.
    let mut ends = VecDeque::new();
    for group in &groups {
        let of_group = group.transitions.take().into_iter();
        transitions.extend(of_group.map(|transition| (transition, group.context)));
        ends.push_back(transitions.len());
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
        match <[_; 1]>::try_from(transitions) {
            Ok([(transition, context)]) => {
                let appended = handle.append(transition, context).await?;
                appended.tell(&mut happened);
                Ok(())
            }
            Err(transitions) => handle.append_together(transitions, &mut happened).await,
        }
    });
    // `abandoned` is polled first, so that nothing goes on in a handle that was abandoned.
    let outcome = unless(handle.abandoned.wait(), appended).await;
    let outcome = outcome.unwrap_or_else(|| Err(handle.closed_error()));
    for group in &groups {
        let mut of_group = group.outcome.borrow_mut();
        of_group.get_or_insert_with(|| outcome.clone());
    }
    outcome
}
