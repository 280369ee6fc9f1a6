//! What every operation that changes the pool does: it waits for its turn, plans, and carries the plan out.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use crate::domain::{AgentError, EventId};
use crate::pool::agent_pool::AgentPool;
use crate::pool::flights::Flying;
use crate::pool::handle::Handle;
use crate::pool::plan::{Next, PlanContext};
use crate::pool::state::PoolState;
use crate::record::{CompiledEventFilter, Transition};

/// An operation under way.
pub(crate) type Pending<'a> = Pin<Box<dyn Future<Output = Result<(), AgentError>> + 'a>>;

/// The first half of a plan: the transitions, or what the event bus has to be asked first.
pub(crate) type First<'a> =
    Box<dyn FnOnce(&PoolState, PlanContext) -> Result<Next, AgentError> + 'a>;

/// The second half of a plan: the transitions, once the event bus has said which matching event it has, if any.
pub(crate) type Second<'a> = Box<
    dyn FnOnce(
            &PoolState,
            PlanContext,
            Arc<CompiledEventFilter>,
            Option<EventId>,
        ) -> Vec<Transition>
        + 'a,
>;

impl AgentPool {
    /// Carries a plan out, in its turn.
    pub(crate) fn operate<'a>(
        &'a self,
        plan: impl FnOnce(&PoolState, PlanContext) -> Result<Vec<Transition>, AgentError> + 'a,
    ) -> Pending<'a> {
        self.operate_asking(
            |state, context| plan(state, context).map(Next::Carry),
            |_, _, _, _| Vec::new(),
        )
    }

    /// Carries a plan out, in its turn. The plan may depend on what the event bus has.
    pub(crate) fn operate_asking<'a>(
        &'a self,
        first: impl FnOnce(&PoolState, PlanContext) -> Result<Next, AgentError> + 'a,
        second: impl FnOnce(
            &PoolState,
            PlanContext,
            Arc<CompiledEventFilter>,
            Option<EventId>,
        ) -> Vec<Transition>
        + 'a,
    ) -> Pending<'a> {
        let course = Course::Alone {
            first: Box::new(first),
            second: Box::new(second),
        };
        Box::pin(self.handle.operate(course))
    }
}

/// How an operation is planned, and in which kind of turn.
pub(crate) enum Course<'a> {
    Alone {
        first: First<'a>,
        second: Second<'a>,
    },
    /// An operation about a message, in its sender's lane.
    Message(&'a Flying),
}

impl Handle {
    /// Runs an operation that changes the pool. This is not generic: it would be the greater part of every operation.
    pub(crate) async fn operate(self: &Rc<Self>, course: Course<'_>) -> Result<(), AgentError> {
        let flying = match &course {
            Course::Message(flying) => Some(*flying),
            Course::Alone { .. } => None,
        };
        let lane = flying.map(|flying| &flying.operation().message.from);
        let mut turn = self.begin(lane).await?;
        while let Some(before) = flying.and_then(|flying| flying.before()) {
            self.attending(&mut before.landed()).await;
            flying.iter().for_each(|flying| flying.comes_after(&before));
        }
        let context = self.plan_context()?;
        let mut found = None;
        let mut transitions = match course {
            Course::Message(flying) => {
                let operation = flying.operation();
                self.open.read(|state| operation.plan(state, context))?
            }
            Course::Alone { first, second } => {
                match self.open.read(|state| first(state, context))? {
                    Next::Carry(transitions) => transitions,
                    Next::Ask(filter) => {
                        found = self.first_match(&filter).await?;
                        let second =
                            |state: &PoolState| second(state, context, filter, found.clone());
                        self.open.read(second)
                    }
                }
            }
        };
        if let Some(queued) = self.queue(flying, &mut turn, &mut transitions, context)?
            && let Some(outcome) = queued.settled().await
        {
            return outcome;
        }
        self.carry_out(transitions, context, found).await
    }
}
