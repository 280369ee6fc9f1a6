//! Message operations: in the lane of the sender's run, beside those of other runs.

use std::rc::Rc;
use std::sync::Arc;

use crate::domain::AgentError;
use crate::pool::appends::Appends;
use crate::pool::flights::{Flights, Flying, MessageOperation, Outcome};
use crate::pool::plan::{self, PlanContext};
use crate::pool::shell::Handle;
use crate::pool::state::PoolState;
use crate::pool::turns::Turn;
use crate::record::{MessageReceipt, RunMessage, Transition};

impl Handle {
    /// Sends a message, or records what became of it. While the same is under way already, it answers what
    /// that comes to.
    pub(crate) async fn message(self: Rc<Self>, operation: MessageOperation) -> Outcome {
        self.require_callable()?;
        let open = &self.open;
        while let Some(flight) = open.flights.same(&operation, open.turns.periods()) {
            self.attending(&mut flight.landed()).await;
            if let Some(outcome) = flight.outcome() {
                return outcome.clone();
            }
        }
        let flying = Flights::take_off(open, operation);
        let operation = flying.operation();
        let mut turn = self.begin(Some(&operation.message.from)).await?;
        while let Some(before) = flying.before() {
            self.attending(&mut before.landed()).await;
            flying.comes_after(&before);
        }
        let done = self.in_lane(&mut turn, &flying).await;
        let outcome = done.map(|()| self.receipt(&operation.message));
        flying.comes_to(outcome.clone());
        outcome
    }

    async fn in_lane(
        self: &Rc<Self>,
        turn: &mut Turn<'_>,
        flying: &Rc<Flying>,
    ) -> Result<(), AgentError> {
        let operation = flying.operation();
        let context = self.plan_context()?;
        let mut transitions = self.open.read(|state| operation.plan(state, context))?;
        if let Some(appends) = self.appends(&operation.message) {
            let added = match self.may_wait(operation, &transitions, context) {
                true => {
                    self.require_ready(0, &transitions, context)?;
                    turn.leave_lane();
                    let transitions = std::mem::take(&mut transitions);
                    Some(appends.add(self, flying, transitions, context))
                }
                false => None,
            };
            appends.settled(added.as_ref()).await;
            if let Some(added) = added {
                return added.outcome();
            }
        }
        self.carry_out(transitions, context, None).await
    }

    fn receipt(&self, message: &RunMessage) -> Arc<MessageReceipt> {
        self.open.read(|state| {
            let known = state.message(&message.message_id);
            let known = known.expect("a message that was recorded is known");
            Arc::clone(&known.receipt)
        })
    }

    /// What the sender's lane has to append together, if there may be any such thing.
    fn appends(&self, message: &RunMessage) -> Option<Rc<Appends>> {
        let mut appends = self.open.appends.borrow_mut();
        let journal = self.ports.journal.as_ref();
        if journal.is_some_and(|journal| journal.takes_batches()) {
            return Some(Rc::clone(appends.get_or_default(&message.from)));
        }
        appends.get(&message.from).cloned()
    }

    /// Whether the lane may go on before these have happened: nothing depends on when they do.
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
    fn plan(&self, state: &PoolState, context: PlanContext) -> Result<Vec<Transition>, AgentError> {
        match &self.recorded {
            None => plan::send(state, context, &self.message),
            Some((status, delivered_to)) => {
                plan::record_status(state, &self.message, *status, delivered_to.clone())
            }
        }
    }
}
