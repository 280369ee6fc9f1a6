//! Message operations. They run in the lane of the sender's run, beside those of other runs.

use std::rc::Rc;
use std::sync::Arc;

use crate::domain::AgentError;
use crate::pool::batch_queue::{BatchQueue, Queued};
use crate::pool::flights::{Flying, MessageOperation, Outcome};
use crate::pool::handle::Handle;
use crate::pool::plan::{self, PlanContext};
use crate::pool::state::PoolState;
use crate::pool::turns::Turn;
use crate::record::{MessageReceipt, RunMessage, Transition};

impl Handle {
    /// Sends a message, or records its status. If the same operation is under way already, returns the outcome of that
    /// one. An error names the message, so that the call can be repeated even if its id and key were made up.
    pub(crate) async fn message(self: Rc<Self>, operation: MessageOperation) -> Outcome {
        self.require_callable()?;
        let open = &self.open;
        loop {
            let period = open.turns.periods();
            let same = |state: &PoolState| {
                let mut flights = open.flights.borrow_mut();
                flights.same(&operation, period, state)
            };
            let Some(flight) = open.read(same) else {
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
        let period = open.turns.periods();
        let begin = |state: &PoolState| Flying::begin(&open.flights, operation, period, state);
        let flying = open.read(begin);
        let operation = flying.operation();
        let done = self.operate_in_lane(&flying).await;
        let outcome = match done {
            Ok(()) => Ok(self.receipt(&operation.message)),
            Err(error) => Err(about(error, &operation.message)),
        };
        // Whoever shares this flight from another handle carries the operation out if this handle was abandoned.
        if !self.abandoned.is_open() {
            flying.comes_to(outcome.clone());
        }
        outcome
    }

    /// Carries an operation out in its sender's lane, once the earlier operations with the same id or key have landed.
    async fn operate_in_lane(self: &Rc<Self>, flying: &Flying) -> Result<(), AgentError> {
        let operation = flying.operation();
        let mut turn = self.begin(Some(&operation.message.from)).await?;
        while let Some(before) = flying.before() {
            self.attending(&mut before.landed()).await;
            flying.comes_after(&before);
        }
        let context = self.plan_context()?;
        let mut transitions = self.open.read(|state| operation.plan(state, context))?;
        if let Some(queue) = self.batch_queue(&operation.message) {
            let queued = self.queue_behind(queue, flying, &mut turn, &mut transitions, context)?;
            if let Some(outcome) = queued.settled().await {
                return outcome;
            }
        }
        self.carry_out(transitions, context).await
    }

    /// The operation's place in the queue of its lane. If the transitions may wait, they are moved to the queue, and
    /// the lane is free.
    // Not inlined, as most journals take no batches: see `[profile.small]` in Cargo.toml.
    #[inline(never)]
    fn queue_behind(
        self: &Rc<Self>,
        queue: Rc<BatchQueue>,
        flying: &Flying,
        turn: &mut Turn<'_>,
        transitions: &mut Vec<Transition>,
        context: PlanContext,
    ) -> Result<Queued, AgentError> {
        let operation = flying.operation();
        let mut queued = Queued::behind(queue);
        if self.may_wait(operation, transitions, context) {
            self.require_ready(0, transitions, context)?;
            queued.add(self, flying, std::mem::take(transitions), context);
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
    fn batch_queue(&self, message: &RunMessage) -> Option<Rc<BatchQueue>> {
        let mut queues = self.open.batch_queues.borrow_mut();
        let journal = self.ports.journal.as_ref();
        if journal.is_some_and(|journal| journal.takes_batches()) {
            return Some(Rc::clone(queues.get_or_default(&message.from)));
        }
        // Another handle may have queued records in the lane, but this is rare.
        match queues.is_empty() {
            true => None,
            false => queues.get(&message.from).cloned(),
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

/// The error, naming the message.
#[cold]
fn about(error: AgentError, message: &RunMessage) -> AgentError {
    error
        .with_message_id(&message.message_id)
        .with_key(&message.idempotency_key)
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
