//! What a handle on a pool consists of, and how it calls its ports.

use std::cell::Cell;
use std::rc::Rc;

use crate::domain::{AgentError, AgentPoolId, ErrorCode, EventId};
use crate::pool::latch::Latch;
use crate::pool::live_stream::LiveStreams;
use crate::pool::open_pool::OpenPool;
use crate::pool::outbox::Outbox;
use crate::pool::plan::{PlanContext, WakeMatching};
use crate::pool::race::before;
use crate::pool::raised::Raised;
use crate::pool::runtime_ports::RuntimePorts;
use crate::pool::shared_store::SharedStore;
use crate::port::{EventBus, Journal};
use crate::record::CompiledEventFilter;

/// What belongs to one handle, and the pool that it shares with others.
pub(crate) struct Handle {
    pub(crate) pool_id: AgentPoolId,
    pub(crate) store: SharedStore,
    pub(crate) open: Rc<OpenPool>,
    pub(crate) ports: RuntimePorts,
    pub(crate) matching: WakeMatching,
    pub(crate) outbox: Rc<Outbox>,
    /// The number of the last record that this handle gave the journal (REFERENCE 40).
    pub(crate) journal_seq: Cell<u64>,
    /// Whether the journal has ever answered later.
    pub(crate) journal_waits: Cell<bool>,
    pub(crate) closed: Cell<bool>,
    /// Opens when the host no longer waits for what is under way.
    pub(crate) abandoned: Latch,
    /// The live streams that end with the handle.
    pub(crate) streams: LiveStreams,
}

impl Handle {
    /// Refuses calls on a closed handle, and calls from within a port that an operation waits for: such a call would
    /// wait for its own caller.
    pub(crate) fn require_callable(&self) -> Result<(), AgentError> {
        if self.closed.get() {
            return Err(self.closed_error());
        }
        self.require_outside_of_ports()
    }

    pub(crate) fn require_outside_of_ports(&self) -> Result<(), AgentError> {
        if self.open.in_port.get() {
            return Err(AgentError::from(ErrorCode::ReentrantCall).with_pool(&self.pool_id));
        }
        Ok(())
    }

    #[inline]
    pub(crate) fn plan_context(&self) -> Result<PlanContext, AgentError> {
        Ok(PlanContext {
            clock: self.ports.clock.read()?,
            matching: self.matching,
        })
    }

    /// The first matching event among those that the bus has or is about to have.
    pub(crate) async fn first_match(
        &self,
        filter: &CompiledEventFilter,
    ) -> Result<Option<EventId>, AgentError> {
        let bus = self.event_bus()?;
        // Looked up before the bus is asked: an event that gets there while the bus answers may not be in the answer.
        let waiting = self.outbox.first_match(filter);
        let answer = self.calling(|| bus.first_match(filter));
        let found = answer.await?;
        // Checked here as well: the answer of an inexact bus must not widen what the filter lets through.
        let found = found.filter(|frame| filter.matches(&frame.event.envelope));
        let found = found.map(|frame| frame.event.envelope.event_id.clone());
        Ok(found.or(waiting))
    }

    /// Calls a port that an operation waits for, so that a call of the pool from within the port is noticed.
    pub(crate) fn calling<T>(&self, call: impl FnOnce() -> T) -> T {
        let _calling = Raised::new(&self.open.in_port);
        call()
    }

    pub(crate) fn journal(&self) -> Result<Rc<dyn Journal>, AgentError> {
        let journal = self.ports.journal.clone();
        journal.ok_or_else(|| ErrorCode::JournalRequired.into())
    }

    pub(crate) fn event_bus(&self) -> Result<Rc<dyn EventBus>, AgentError> {
        let event_bus = self.ports.event_bus.clone();
        event_bus.ok_or_else(|| ErrorCode::EventBusRequired.into())
    }

    /// Refuses to wait for the event bus in a call from within the bus.
    pub(crate) fn require_outside_of_publish(&self) -> Result<(), AgentError> {
        if self.outbox.is_calling() {
            return Err(AgentError::from(ErrorCode::ReentrantCall).with_pool(&self.pool_id));
        }
        Ok(())
    }

    /// The answer of a host's port, or `closed` if the handle is abandoned before the port answers.
    pub(crate) async fn answered<T>(
        &self,
        answer: impl Future<Output = Result<T, AgentError>> + Unpin,
    ) -> Result<T, AgentError> {
        // An answer that is there counts even if the handle was abandoned: it may be a run that was started.
        let answer = before(answer, self.abandoned.wait()).await;
        answer.unwrap_or_else(|| Err(self.closed_error()))
    }

    pub(crate) fn closed_error(&self) -> AgentError {
        AgentError::from(ErrorCode::Closed).with_pool(&self.pool_id)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if !self.abandoned.is_open() {
            self.outbox.give_back();
        }
    }
}
