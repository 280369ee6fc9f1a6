//! The operations of a pool. Each is one call of its plan; the rules are there.

use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;

use crate::domain::{AgentError, ErrorCode, RunId, WakeConditionId};
use crate::pool::flights::MessageOperation;
use crate::pool::live::{Subscription, Watch};
use crate::pool::plan;
use crate::pool::shell::AgentPool;
use crate::pool::start_run_error::StartRunError;
use crate::pool::state::PoolState;
use crate::port::{RunHandle, RunRequest};
use crate::record::{
    AgentPoolMember, AgentPoolSnapshot, AgentPoolStoreCursor, AgentPoolStoreRecord,
    CompiledEventFilter, EventCursor, EventFilter, EventFrame, MessageReceipt, MessageStatus,
    RunMessage, WakeCondition, WakeRegistration, subscription,
};

impl AgentPool {
    /// Starts a run through the host's launcher and makes it a member, without topics and policies.
    ///
    /// # Errors
    /// Those of every operation ([`AgentPool`](AgentPool#errors)); `run_launcher_required`; what the launcher answers.
    /// Nothing was started then.
    ///
    /// Once the run was started: as [`Self::join_run`], which may be called for it again, or `closed` if the handle was
    /// closed or abandoned meanwhile. The error then has the launcher's handle of the run
    /// ([`StartRunError::run_handle`]). A launcher that has not answered when the pool's handle is abandoned is not
    /// waited for: `closed`, without the run's handle, whether it was started or not.
    pub async fn start_run(&self, request: RunRequest) -> Result<RunHandle, StartRunError> {
        let member = AgentPoolMember::new(request.run_id.clone(), request.agent_id.clone());
        self.handle.require_callable()?;
        let launcher = self.handle.ports.run_launcher.clone();
        let launcher = launcher.ok_or(ErrorCode::RunLauncherRequired)?;
        let run_id = request.run_id.clone();
        let started = self.handle.answered(launcher.start(request)).await;
        let run_handle = started.map_err(|error| error.with_run(&run_id))?;
        let joined = self.unless_abandoned(self.join_run(member)).await;
        match joined.and_then(|joined| joined) {
            Ok(()) => Ok(run_handle),
            Err(error) => Err(StartRunError {
                error,
                run_handle: Some(run_handle),
            }),
        }
    }

    /// Makes a run a member, or replaces its agent, topics and policies if it is one.
    ///
    /// # Errors
    /// Those of every operation that records ([`AgentPool`](AgentPool#errors)). If its own record is refused the run is
    /// no member, or the one that it was, and a retry makes it the one that is asked for (DESIGN D1).
    pub async fn join_run(&self, member: AgentPoolMember) -> Result<(), AgentError> {
        let member = Arc::new(member);
        self.operate(move |state, _| Ok(plan::join(state, &member)))
            .await
    }

    /// Ends a run's membership and answers the member as it was.
    ///
    /// # Errors
    /// `not_a_member`. Those of every operation that records ([`AgentPool`](AgentPool#errors)): if its own record is
    /// refused the run still is a member (DESIGN D1); if it is the end of a wake that was, the run has left, and a
    /// retry answers `not_a_member`.
    pub async fn leave_run(&self, run_id: &RunId) -> Result<AgentPoolMember, AgentError> {
        let mut leaving = None;
        self.operate(|state, _| {
            leaving = state.member(run_id).cloned();
            plan::leave(state, run_id)
        })
        .await?;
        let member = leaving.expect("only a member can leave");
        Ok(Arc::unwrap_or_clone(member))
    }

    /// The members, by run id.
    ///
    /// # Errors
    /// Those of every operation ([`AgentPool`](AgentPool#errors)): `closed`, `reentrant_call`.
    pub async fn members(&self) -> Result<Vec<AgentPoolMember>, AgentError> {
        let _turn = self.handle.turn_to_look()?.await;
        let members = |state: &PoolState| {
            let members = state.members();
            members.map(|member| (**member).clone()).collect()
        };
        Ok(self.handle.open.read(members))
    }

    /// Everything that is known of the pool.
    ///
    /// # Errors
    /// Those of every operation ([`AgentPool`](AgentPool#errors)): `closed`, `reentrant_call`.
    pub async fn snapshot(&self) -> Result<AgentPoolSnapshot, AgentError> {
        let _turn = self.handle.turn_to_look()?.await;
        Ok(self.handle.open.read(PoolState::snapshot))
    }

    /// Sends a message. Nobody receiving it and its time being over are receipts, not errors.
    ///
    /// The same message again answers its receipt, after what a failed call left undone was finished (DESIGN D2). While
    /// the first call is under way, and nothing but messages was called since, it answers what that comes to, an error
    /// too.
    ///
    /// # Errors
    /// `idempotency_conflict` if its key or id is another message's (DESIGN D4); `sender_not_member` if anything is
    /// left to do for it. Those of every operation that records ([`AgentPool`](AgentPool#errors)).
    pub fn send(
        &self,
        message: impl Into<Arc<RunMessage>>,
    ) -> impl Future<Output = Result<MessageReceipt, AgentError>> {
        let sent = Box::pin(self.send_shared(message.into()));
        async { sent.await.map(Arc::unwrap_or_clone) }
    }

    /// As [`Self::send`]; the receipt is the one that is known from then on.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn send_shared(
        &self,
        message: Arc<RunMessage>,
    ) -> impl Future<Output = Result<Arc<MessageReceipt>, AgentError>> + use<> {
        let recorded = None;
        Rc::clone(&self.handle).message(MessageOperation { message, recorded })
    }

    /// Records what became of a message, as the host knows it.
    ///
    /// # Errors
    /// `sender_not_member`; `idempotency_conflict` if the message's key or id is another's (DESIGN D4);
    /// `invalid_status_transition` (DESIGN D8). Those of every operation that records
    /// ([`AgentPool`](AgentPool#errors)).
    pub async fn record_message_status(
        &self,
        message: RunMessage,
        status: MessageStatus,
        delivered_to: Vec<RunId>,
    ) -> Result<MessageReceipt, AgentError> {
        let operation = MessageOperation {
            message: Arc::new(message),
            recorded: Some((status, delivered_to.into())),
        };
        let outcome = Box::pin(Rc::clone(&self.handle).message(operation)).await;
        outcome.map(Arc::unwrap_or_clone)
    }

    /// The frames that the event bus holds after `cursor`, as far as this pool may see them and within
    /// the bounds of the filter's queue (REFERENCE 30).
    ///
    /// # Errors
    /// Those of every operation ([`AgentPool`](AgentPool#errors)): `closed`, `reentrant_call`. `cursor_scope_mismatch`
    /// if the cursor is not of a stream of the same scoped filter, be it that members have come or gone since
    /// (REFERENCE 31); `invalid_overflow_policy` for `backpressure_caller`; `event_bus_required`; what the bus answers.
    /// They come in this order.
    pub async fn subscribe(
        &self,
        filter: EventFilter,
        cursor: Option<EventCursor>,
    ) -> Result<Vec<EventFrame>, AgentError> {
        let filter = self.compile_scoped_filter(filter).await?;
        let cursor = cursor.as_ref();
        // What nobody may ask for is refused before the bus is asked.
        subscription([], &filter, cursor)?;
        let frames = self.handle.event_bus()?.frames(&filter, cursor).await?;
        subscription(frames, &filter, cursor)
    }

    /// A live stream: what [`Self::subscribe`] answers when it is first read, and then what comes.
    ///
    /// It sees the frames that come to the bus by whatever way: a bus that does not tell of them is asked
    /// again when this pool published something on it or was shown something, or when its members
    /// changed. That is done by the executor, if there is one, and else whenever the stream is read.
    ///
    /// Errors, those of [`Self::subscribe`], are told when it is read, and end it.
    pub fn subscribe_live(&self, filter: EventFilter, cursor: Option<EventCursor>) -> Subscription {
        Subscription::new(Rc::clone(&self.handle), filter, cursor)
    }

    /// The filter cut down to what this pool may see (REFERENCE 32, 33).
    ///
    /// # Errors
    /// Those of every operation ([`AgentPool`](AgentPool#errors)): `closed`, `reentrant_call`.
    pub async fn scope_filter(&self, filter: EventFilter) -> Result<EventFilter, AgentError> {
        let _turn = self.handle.turn_to_look()?.await;
        Ok(self.handle.open.read(|state| plan::scope(state, filter)))
    }

    /// As [`Self::scope_filter`], compiled.
    ///
    /// # Errors
    /// Those of every operation ([`AgentPool`](AgentPool#errors)): `closed`, `reentrant_call`.
    pub async fn compile_scoped_filter(
        &self,
        filter: EventFilter,
    ) -> Result<CompiledEventFilter, AgentError> {
        let filter = self.scope_filter(filter).await?;
        Ok(CompiledEventFilter::compile(filter))
    }

    /// Registers that a run waits for an event. The wake ends at once if its timeout is 0, or if the
    /// event bus has such an event already.
    ///
    /// The same condition again answers its registration.
    ///
    /// # Errors
    /// `wake_run_mismatch`; `idempotency_conflict` if its key or id is another condition's (DESIGN D4). Unless it was
    /// registered already: `not_a_member`; what the event bus answers when it is asked for a first match. Those of
    /// every operation that records ([`AgentPool`](AgentPool#errors)).
    pub async fn suspend_until(
        &self,
        run_id: RunId,
        condition: WakeCondition,
    ) -> Result<WakeRegistration, AgentError> {
        let condition = Arc::new(condition);
        let _registering = self.handle.open.suspending.begin(&condition);
        self.operate_asking(
            |state, context| plan::suspend(state, context, &run_id, &condition),
            |state, context, filter, _| plan::suspend_after(state, context, &condition, filter),
        )
        .await?;
        Ok(self.registration(&condition.condition_id))
    }

    /// How a wake stands. One that is still registered ends here if its time is over or if the event
    /// bus has an event that it waits for.
    ///
    /// # Errors
    /// `wake_not_registered`; for a wake that is still registered, `event_bus_required` or what the event bus answers
    /// when it is asked for a first match. Those of every operation that records ([`AgentPool`](AgentPool#errors)).
    pub async fn poll_wake(
        &self,
        condition_id: &WakeConditionId,
    ) -> Result<WakeRegistration, AgentError> {
        self.operate_asking(
            |state, context| plan::poll(state, context, condition_id),
            |state, _, _, found| plan::poll_after(state, condition_id, found),
        )
        .await?;
        Ok(self.registration(condition_id))
    }

    /// Cancels a wake; one that has ended stays as it is (D7).
    ///
    /// # Errors
    /// `wake_not_registered`. Those of every operation that records ([`AgentPool`](AgentPool#errors)).
    pub async fn cancel_wake(
        &self,
        condition_id: &WakeConditionId,
    ) -> Result<WakeRegistration, AgentError> {
        self.operate(|state, _| plan::cancel(state, condition_id))
            .await?;
        Ok(self.registration(condition_id))
    }

    /// The pool's history after `cursor`, from the start without one.
    ///
    /// # Errors
    /// Those of every operation ([`AgentPool`](AgentPool#errors)): `closed`, `reentrant_call`. What the store answers.
    pub async fn watch_pool(
        &self,
        cursor: Option<AgentPoolStoreCursor>,
    ) -> Result<Vec<AgentPoolStoreRecord>, AgentError> {
        let _turn = self.handle.turn_to_look()?.await;
        let store = &self.handle.store;
        store.records_after(self.pool_id(), cursor.as_ref()).await
    }

    /// A live stream: what [`Self::watch_pool`] answers when it is first read, and then what comes. Errors, those of
    /// [`Self::watch_pool`], are told when it is read, and end it.
    pub fn watch_pool_live(&self, cursor: Option<AgentPoolStoreCursor>) -> Watch {
        Watch::new(Rc::clone(&self.handle), cursor)
    }

    /// Shows the pool an event of its host. Under live matching it triggers wakes as the pool's own
    /// events do, and a bus that keeps the pool's frames keeps it too, once.
    ///
    /// # Errors
    /// `event_bus_required`. Those of every operation that records ([`AgentPool`](AgentPool#errors)): if it is about
    /// the end of a wake the event was shown all the same, and shown again it ends the wakes that it has not.
    pub async fn observe(&self, frame: EventFrame) -> Result<(), AgentError> {
        let _turn = self.handle.begin(None).await?;
        let context = self.handle.plan_context()?;
        self.handle.event_bus()?.observe(&frame);
        self.handle.outbox.readers.tell(|reader| reader.published());
        let event = &frame.event.envelope;
        let observe = |state: &PoolState| {
            let claimed = self.handle.open.claimed.borrow();
            plan::observe(state, context, &claimed, event)
        };
        let ends = self.handle.open.read(observe);
        self.handle.follow(ends, context).await
    }

    fn registration(&self, condition_id: &WakeConditionId) -> WakeRegistration {
        self.handle.open.read(|state| {
            let known = state.wake(condition_id);
            let known = known.expect("a wake that was recorded is known");
            known.registration.clone()
        })
    }
}
