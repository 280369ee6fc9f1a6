//! What an operation does that changes what others depend on: it waits for a turn alone, plans, and carries the plan
//! out.

use std::future::Future;
use std::pin::Pin;

use crate::domain::{AgentError, EventId};
use crate::pool::agent_pool::AgentPool;
use crate::pool::carry_out::{NewWake, Undone};
use crate::pool::handle::Handle;
use crate::pool::plan::{Next, PlanContext};
use crate::pool::state::PoolState;
use crate::record::Transition;

/// An operation under way.
pub(crate) type Pending<'a> = Pin<Box<dyn Future<Output = Result<(), AgentError>> + 'a>>;

/// The first half of a plan: the transitions, or what the event bus has to be asked first.
pub(crate) type First<'a> =
    Box<dyn FnOnce(&PoolState, PlanContext) -> Result<Next, AgentError> + 'a>;

/// The second half of a plan: the transitions, once the event bus has said which matching event it has, if any.
pub(crate) type Second<'a> = Box<dyn FnOnce(&PoolState, Option<EventId>) -> Vec<Transition> + 'a>;

impl AgentPool {
    /// Carries a plan out, in its turn.
    pub(crate) fn operate<'a>(
        &'a self,
        plan: impl FnOnce(&PoolState, PlanContext) -> Result<Vec<Transition>, AgentError> + 'a,
    ) -> Pending<'a> {
        self.operate_asking(
            |state, context| plan(state, context).map(Next::Carry),
            |_, _| Vec::new(),
        )
    }

    /// Carries a plan out, in its turn. The plan may depend on what the event bus has.
    pub(crate) fn operate_asking<'a>(
        &'a self,
        first: impl FnOnce(&PoolState, PlanContext) -> Result<Next, AgentError> + 'a,
        second: impl FnOnce(&PoolState, Option<EventId>) -> Vec<Transition> + 'a,
    ) -> Pending<'a> {
        Box::pin(self.handle.operate_alone(Box::new(first), Box::new(second)))
    }
}

impl Handle {
    /// Carries an operation out in a turn alone. This is not generic: it would be the greater part of every operation.
    async fn operate_alone(&self, first: First<'_>, second: Second<'_>) -> Result<(), AgentError> {
        self.require_callable()?;
        let _turn = self.begin(None).await?;
        let context = self.plan_context()?;
        let (filter, new) = match self.open.read(|state| first(state, context))? {
            Next::Carry(transitions) => return self.carry_out(transitions, context).await,
            Next::Ask(filter) => (filter, None),
            Next::Register(registration, filter, condition_id) => {
                let new = NewWake::new(condition_id);
                self.register(registration, &new, context).await?;
                (filter, Some(new))
            }
        };
        let mut undone = match &new {
            // If the bus or the journal fails from here on, its end by the noted event is owed.
            Some(new) => Undone::of_registered(&self.open, new),
            None => Undone::new(&self.open, None, false),
        };
        let found = self.first_match(&filter).await?;
        let transitions = match (&new, found) {
            (None, found) => self.open.read(|state| second(state, found)),
            (Some(new), Some(event_id)) => {
                undone.end_by(new, event_id);
                Vec::new()
            }
            (Some(_), None) => Vec::new(),
        };
        self.carry_on(undone, transitions, context).await
    }
}
