//! Message operations. They run in the lane of the sender's run, beside those of other runs.

use std::rc::Rc;
use std::sync::Arc;

use crate::domain::AgentError;
use crate::pool::appends::{Appends, Queued};
use crate::pool::flights::{Flying, MessageOperation, Outcome};
use crate::pool::handle::Handle;
use crate::pool::operate::Course;
use crate::pool::plan::{self, PlanContext};
use crate::pool::state::PoolState;
use crate::pool::turns::Turn;
use crate::record::{MessageReceipt, RunMessage, Transition};

impl Handle {
    /// Sends a message, or records its status. If the same operation is under way already, returns the outcome of that
    /// one.
    pub(crate) async fn message(self: Rc<Self>, operation: MessageOperation) -> Outcome {
        self.require_callable()?;
        let open = &self.open;
        loop {
            let period = open.turns.periods();
            let Some(flight) = open.flights.borrow_mut().same(&operation, period) else {
                break;
            };
            // This call may come from the bus that the other operation waits for. Counted as an arrival, it ends that
            // wait.
            open.turns.join();
            self.attending(&mut flight.landed()).await;
            if let Some(outcome) = flight.outcome() {
                return outcome.clone();
            }
        }
        let flying = Flying::begin(&open.flights, operation, open.turns.periods());
        let operation = flying.operation();
        let done = self.operate(Course::Message(&flying)).await;
        let outcome = done.map(|()| self.receipt(&operation.message));
        flying.comes_to(outcome.clone());
        outcome
    }

    /// The operation's place in the queue of its lane, if there may be a queue. If the transitions may wait, they are
    /// moved to the queue, and the lane is free.
    pub(crate) fn queue(
        self: &Rc<Self>,
        flying: Option<&Flying>,
        turn: &mut Turn<'_>,
        transitions: &mut Vec<Transition>,
        context: PlanContext,
    ) -> Result<Option<Queued>, AgentError> {
        let Some(flying) = flying else {
            return Ok(None);
        };
        let Some(appends) = self.appends(&flying.operation().message) else {
            return Ok(None);
        };
        self.queue_behind(appends, flying, turn, transitions, context)
            .map(Some)
    }

    // Not inlined, as most journals take no batches: see `[profile.small]` in Cargo.toml.
    #[inline(never)]
    fn queue_behind(
        self: &Rc<Self>,
        appends: Rc<Appends>,
        flying: &Flying,
        turn: &mut Turn<'_>,
        transitions: &mut Vec<Transition>,
        context: PlanContext,
    ) -> Result<Queued, AgentError> {
        let operation = flying.operation();
        let mut queued = Queued::behind(appends);
        if self.may_wait(operation, transitions, context) {
            self.require_ready(0, transitions, context)?;
            let mut entries = Vec::new();
            for transition in std::mem::take(transitions) {
                entries.push(self.entry(transition, context));
            }
            queued.add(self, flying, entries);
            turn.leave_lane();
        }
        Ok(queued)
    }

    fn receipt(&self, message: &RunMessage) -> Arc<MessageReceipt> {
        self.open.read(|state| {
            let known = state.message(&message.message_id);
            let known = known.expect("a message that was recorded is known");
            Arc::clone(&known.receipt)
        })
    }

    /// The queue of the sender's lane, if there may be one.
    fn appends(&self, message: &RunMessage) -> Option<Rc<Appends>> {
        let mut appends = self.open.appends.borrow_mut();
        let journal = self.ports.journal.as_ref();
        if journal.is_some_and(|journal| journal.takes_batches()) {
            return Some(Rc::clone(appends.get_or_default(&message.from)));
        }
        // Another handle may have queued records in the lane, but this is rare.
        match appends.is_empty() {
            true => None,
            false => appends.get(&message.from).cloned(),
        }
    }

    /// Whether the lane may go on before these transitions have happened, since nothing depends on when they do.
    fn may_wait(
        &self,
        operation: &MessageOperation,
        transitions: &[Transition],
        context: PlanContext,
    ) -> bool {
        let claimed = self.open.claimed.borrow();
        let journal = self.ports.journal.as_ref();
        self.open.read(|state| {
            journal.is_some_and(|journal| journal.takes_batches())
                && operation.recorded.is_none()
                && state.message(&operation.message.message_id).is_none()
                && plan::foreseen(state, context, &claimed, transitions) == 0
        })
    }
}

impl MessageOperation {
    /// The transitions of the operation, in this state.
    pub(crate) fn plan(
        &self,
        state: &PoolState,
        context: PlanContext,
    ) -> Result<Vec<Transition>, AgentError> {
        match &self.recorded {
            None => plan::send(state, context, &self.message),
            Some((status, delivered_to)) => {
                plan::record_status(state, &self.message, *status, delivered_to.clone())
            }
        }
    }
}
