//! What every operation that changes anything does: take its turn, plan, and have the plan happen.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::domain::{AgentError, EventId};
use crate::pool::plan::{Next, PlanContext, Step};
use crate::pool::shell::{AgentPool, Handle};
use crate::pool::state::PoolState;
use crate::record::CompiledEventFilter;

/// An operation under way.
pub(crate) type Pending<'a> = Pin<Box<dyn Future<Output = Result<(), AgentError>> + 'a>>;

/// What an operation does, or what it has to ask the event bus first.
type First<'a> = Box<dyn FnOnce(&PoolState, PlanContext) -> Result<Next, AgentError> + 'a>;

/// What an operation does once the event bus said which event of the filter's it has.
type Second<'a> = Box<
    dyn FnOnce(&PoolState, PlanContext, Arc<CompiledEventFilter>, Option<EventId>) -> Vec<Step>
        + 'a,
>;

impl AgentPool {
    /// Has a plan happen, in its turn.
    pub(crate) fn operate<'a>(
        &'a self,
        plan: impl FnOnce(&PoolState, PlanContext) -> Result<Vec<Step>, AgentError> + 'a,
    ) -> Pending<'a> {
        self.operate_asking(
            |state, context| plan(state, context).map(Next::Carry),
            |_, _, _, _| Vec::new(),
        )
    }

    /// Has a plan happen, in its turn, that may depend on what the event bus has.
    pub(crate) fn operate_asking<'a>(
        &'a self,
        first: impl FnOnce(&PoolState, PlanContext) -> Result<Next, AgentError> + 'a,
        second: impl FnOnce(
            &PoolState,
            PlanContext,
            Arc<CompiledEventFilter>,
            Option<EventId>,
        ) -> Vec<Step>
        + 'a,
    ) -> Pending<'a> {
        Box::pin(self.handle.operate(Box::new(first), Box::new(second)))
    }
}

impl Handle {
    /// Every operation that changes anything. It is not generic, since it would be the greater part of
    /// each of them.
    async fn operate(&self, first: First<'_>, second: Second<'_>) -> Result<(), AgentError> {
        let _turn = self.begin().await?;
        let context = self.plan_context()?;
        let steps = match self.open.read(|state| first(state, context))? {
            Next::Carry(steps) => steps,
            Next::Ask(filter) => {
                let found = self.first_match(&filter).await?;
                let second = |state: &PoolState| second(state, context, filter, found);
                self.open.read(second)
            }
        };
        self.carry_out(steps).await
    }
}
