//! The thin shell around the plans: turns, the order of the ports, and what happens when one fails.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use futures_util::future::{Either, select};

use crate::domain::{AgentError, AgentPoolId, ErrorCode, EventId, JournalCursor};
use crate::pool::builder::{AgentPoolBuilder, RuntimePorts};
use crate::pool::outbox::{Gate, Outbox};
use crate::pool::plan::{self, PlanContext, Transition};
use crate::pool::policy::WakeMatching;
use crate::pool::shared_store::{OpenPool, SharedStore};
use crate::pool::state::PoolState;
use crate::pool::turns::Turn;
use crate::port::{EventBus, IdSource, Journal};
use crate::record::{CompiledEventFilter, JournalRecord};

/// A handle on a pool. Clones are the same handle.
///
/// Operations take turns, first come first served, over all handles of one store: nobody sees half of
/// one. With ports that answer at once an operation is finished after one poll; see
/// [`poll_once`](crate::port::poll_once).
#[derive(Clone)]
pub struct AgentPool {
    pub(crate) handle: Rc<Handle>,
}

/// What a handle has of its own, and the pool that it shares.
pub(crate) struct Handle {
    pub(crate) pool_id: AgentPoolId,
    pub(crate) store: SharedStore,
    pub(crate) open: Rc<OpenPool>,
    pub(crate) ports: RuntimePorts,
    pub(crate) matching: WakeMatching,
    pub(crate) outbox: Rc<Outbox>,
    /// The number of the last record that the journal took from this handle (REFERENCE 40).
    pub(crate) journal_seq: Cell<u64>,
    pub(crate) closed: Cell<bool>,
}

impl AgentPool {
    /// Begins to build a pool.
    pub fn builder(pool_id: AgentPoolId) -> AgentPoolBuilder {
        AgentPoolBuilder::new(pool_id)
    }

    /// The pool's id.
    pub fn pool_id(&self) -> &AgentPoolId {
        &self.handle.pool_id
    }

    /// The source of the ids that a caller leaves out.
    pub fn ids(&self) -> &dyn IdSource {
        &*self.handle.ports.ids
    }

    /// Reads what is known, in its turn.
    pub(crate) async fn look<T>(
        &self,
        read: impl FnOnce(&PoolState) -> T,
    ) -> Result<T, AgentError> {
        self.handle.require_callable()?;
        let _turn = self.handle.take_turn().await;
        Ok(self.handle.open.read(read))
    }

    /// Has a plan happen, in its turn, and answers what is known afterwards.
    pub(crate) async fn operate<T>(
        &self,
        plan: impl FnOnce(&PoolState, PlanContext) -> Result<Vec<Transition>, AgentError>,
        reply: impl FnOnce(&PoolState) -> T,
    ) -> Result<T, AgentError> {
        let _turn = self.handle.begin().await?;
        let context = self.handle.plan_context()?;
        let transitions = self.handle.open.read(|state| plan(state, context))?;
        self.handle.carry_out(transitions).await?;
        Ok(self.handle.open.read(reply))
    }

    /// Waits until the event bus has every event of the operations so far.
    ///
    /// # Errors
    /// What the bus answered when it rejected the event that is next, once more. The event keeps its
    /// place and is tried again by the next operation.
    pub async fn flush(&self) -> Result<(), AgentError> {
        self.handle.require_callable()?;
        self.handle.drain().await
    }

    /// Ends the handle: later calls fail with `closed`, those under way are finished first, and so is
    /// what waits for the event bus. Closing again waits for the same.
    ///
    /// # Errors
    /// What the bus answered, as [`Self::flush`]; the handle is closed all the same, and closing again
    /// tries the bus again.
    pub async fn close(&self) -> Result<(), AgentError> {
        self.handle.require_outside_of_ports()?;
        self.handle.require_outside_of_publish()?;
        self.handle.closed.set(true);
        self.handle.drain().await
    }
}

impl Handle {
    /// Refuses calls on a closed handle, and calls from within a port that the operation waits for:
    /// such a call would wait for its own caller.
    pub(crate) fn require_callable(&self) -> Result<(), AgentError> {
        if self.closed.get() {
            return Err(AgentError::from(ErrorCode::Closed).with_pool(&self.pool_id));
        }
        self.require_outside_of_ports()
    }

    fn require_outside_of_ports(&self) -> Result<(), AgentError> {
        if self.open.in_port.get() {
            return Err(AgentError::from(ErrorCode::ReentrantCall).with_pool(&self.pool_id));
        }
        Ok(())
    }

    /// Waits for a turn. What the event bus rejected is tried again first, and if it is rejected again
    /// the operation does not begin; nor does it if what is owed cannot be finished (DESIGN 3).
    pub(crate) async fn begin(&self) -> Result<Turn<'_>, AgentError> {
        self.require_callable()?;
        let turn = self.take_turn().await;
        let mut gave_way = false;
        loop {
            let arrivals = self.open.turns.arrivals();
            match self.outbox.gate(turn.place(), arrivals, gave_way) {
                Gate::Open => break,
                Gate::Shut(error) => return Err(error),
                Gate::GiveWay => {
                    give_way().await;
                    gave_way = true;
                }
                // Whoever publishes may call the pool and wait for it, so the bus is waited for only
                // until somebody comes who may be that.
                Gate::Retrying { publication, since } => {
                    let answered = pin!(self.outbox.answered(publication));
                    let arrival = self.open.turns.arrival_after(since);
                    match select(answered, arrival).await {
                        Either::Left((answer, _)) => answer?,
                        Either::Right(_) => break,
                    }
                }
            }
        }
        self.settle_owed().await?;
        Ok(turn)
    }

    pub(crate) fn plan_context(&self) -> Result<PlanContext, AgentError> {
        Ok(PlanContext {
            clock: self.ports.clock.read()?,
            journal_seq: self.journal_seq.get(),
            matching: self.matching,
        })
    }

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
    async fn settle_owed(&self) -> Result<(), AgentError> {
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
        record: &JournalRecord,
    ) -> Result<JournalCursor, AgentError> {
        let answer = self.calling(|| journal.append(record));
        answer
            .await
            .map_err(|error| error.with_record(record.record_id.clone()))
    }

    /// The first event that matches of those that the bus has or is about to have.
    pub(crate) async fn first_match(
        &self,
        filter: &CompiledEventFilter,
    ) -> Result<Option<EventId>, AgentError> {
        let bus = self.event_bus()?;
        let answer = self.calling(|| bus.first_match(filter));
        let found = answer.await?;
        // A sloppy bus never widens what the filter lets through.
        let found = found.filter(|frame| filter.matches(&frame.event.envelope));
        let found = found.or_else(|| self.outbox.first_match(filter));
        Ok(found.map(|frame| frame.event.envelope.event_id.clone()))
    }

    /// Calls a port that the operation waits for, in such a way that a call of the pool from within is
    /// noticed.
    fn calling<T>(&self, call: impl FnOnce() -> T) -> T {
        self.open.in_port.set(true);
        let answer = call();
        self.open.in_port.set(false);
        answer
    }

    fn journal(&self) -> Result<Rc<dyn Journal>, AgentError> {
        let journal = self.ports.journal.clone();
        journal.ok_or_else(|| ErrorCode::JournalRequired.into())
    }

    pub(crate) fn event_bus(&self) -> Result<Rc<dyn EventBus>, AgentError> {
        let event_bus = self.ports.event_bus.clone();
        event_bus.ok_or_else(|| ErrorCode::EventBusRequired.into())
    }

    /// Waits for the operations so far, and then for the event bus.
    async fn drain(&self) -> Result<(), AgentError> {
        self.require_outside_of_publish()?;
        drop(self.take_turn().await);
        self.outbox.flush(self.open.turns.arrivals()).await
    }

    /// Refuses to wait for the event bus in a call from within it.
    fn require_outside_of_publish(&self) -> Result<(), AgentError> {
        if self.outbox.is_calling() {
            return Err(AgentError::from(ErrorCode::ReentrantCall).with_pool(&self.pool_id));
        }
        Ok(())
    }

    /// Waits for a turn. Meanwhile the bus is attended to: whoever has the turn before may be called
    /// from a publication that nobody else attends to.
    pub(crate) async fn take_turn(&self) -> Turn<'_> {
        let mut turn = pin!(self.open.turns.take());
        let mut publication = None;
        poll_fn(|context| {
            loop {
                if let Poll::Ready(turn) = turn.as_mut().poll(context) {
                    return Poll::Ready(turn);
                }
                publication = publication.take().or_else(|| self.outbox.under_way());
                let Some(answer) = &mut publication else {
                    return Poll::Pending;
                };
                if self.outbox.attend(answer, context).is_pending() {
                    return Poll::Pending;
                }
                publication = None;
                self.outbox.pump();
            }
        })
        .await
    }
}

/// Lets everything else that is ready go on first.
async fn give_way() {
    let mut gave_way = false;
    poll_fn(|context| {
        if std::mem::replace(&mut gave_way, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
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
