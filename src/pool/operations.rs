//! The operations of a pool. Each operation is one call of its plan; the rules are in the plans.

use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;

use crate::domain::{AgentError, ErrorCode, RunId, WakeConditionId};
use crate::pool::agent_pool::AgentPool;
use crate::pool::flights::MessageOperation;
use crate::pool::live::{Subscription, Watch};
use crate::pool::plan::{self, Next};
use crate::pool::start_run_error::StartRunError;
use crate::pool::state::PoolState;
use crate::port::{RunHandle, RunRequest};
use crate::record::{
    AgentPoolMember, AgentPoolSnapshot, AgentPoolStoreCursor, AgentPoolStoreRecord,
    CompiledEventFilter, EventCursor, EventFilter, EventFrame, FrameStream, MessageReceipt,
    MessageStatus, RunMessage, WakeCondition, WakeRegistration,
};

impl AgentPool {
    /// Starts a run through the host's launcher and makes it a member, without topics and policies.
    ///
    /// # Errors
    /// The errors of every operation ([`AgentPool`](AgentPool#errors)); `run_launcher_required`; the launcher's error.
    /// In these cases nothing was started.
    ///
    /// Once the run was started: the errors of [`Self::join_run`], which may be called again for the run, or `closed`
    /// if the handle was closed or abandoned meanwhile. The error then has the launcher's handle of the run
    /// ([`StartRunError::run_handle`]). If the launcher has not answered when the pool's handle is abandoned, the pool
    /// does not wait for it: the error is `closed`, without the run's handle, whether the run was started or not.
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

    /// Makes a run a member. If it is a member already, replaces its agent, topics and policies.
    ///
    /// # Errors
    /// The errors of every operation that records ([`AgentPool`](AgentPool#errors)). If the operation's own record is
    /// refused, the run's membership is as before: it is no member, or the member that it was. A retry makes it the
    /// requested member (DESIGN D1).
    pub async fn join_run(&self, member: AgentPoolMember) -> Result<(), AgentError> {
        let member = Arc::new(member);
        let joined = self.operate(|state, _| Ok(plan::join(state, &member)));
        joined.await.map_err(|error| error.with_run(&member.run_id))
    }

    /// Ends a run's membership and returns the member as it was.
    ///
    /// # Errors
    /// `not_a_member`. The errors of every operation that records ([`AgentPool`](AgentPool#errors)): if the operation's
    /// own record is refused, the run still is a member (DESIGN D1). If the record of the end of a wake is refused, the
    /// run has left, and a retry fails with `not_a_member`.
    pub async fn leave_run(&self, run_id: &RunId) -> Result<AgentPoolMember, AgentError> {
        let mut leaving = None;
        let left = self.operate(|state, _| {
            leaving = state.member(run_id).cloned();
            plan::leave(state, run_id)
        });
        left.await.map_err(|error| error.with_run(run_id))?;
        let member = leaving.expect("only a member can leave");
        Ok(Arc::unwrap_or_clone(member))
    }

    /// The members, in order of their run ids.
    ///
    /// # Errors
    /// The errors of every operation ([`AgentPool`](AgentPool#errors)): `closed`, `reentrant_call`.
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
    /// The errors of every operation ([`AgentPool`](AgentPool#errors)): `closed`, `reentrant_call`.
    pub async fn snapshot(&self) -> Result<AgentPoolSnapshot, AgentError> {
        let _turn = self.handle.turn_to_look()?.await;
        Ok(self.handle.open.read(PoolState::snapshot))
    }

    /// Sends a message. If nobody receives it, or its time is over, that is a receipt, not an error.
    ///
    /// Sending the same message again returns its receipt, after the pool has finished what a failed call left undone
    /// (DESIGN D2). While the first call is under way, and only message operations were called since, the second call
    /// returns what the first comes to, even if that is an error.
    ///
    /// # Errors
    /// `idempotency_conflict` if its key or id belongs to another message (DESIGN D4); `sender_not_member` if anything
    /// is left to do for the message. The errors of every operation that records ([`AgentPool`](AgentPool#errors)).
    pub fn send(
        &self,
        message: impl Into<Arc<RunMessage>>,
    ) -> impl Future<Output = Result<MessageReceipt, AgentError>> {
        let sent = Box::pin(self.send_shared(message.into()));
        async { sent.await.map(Arc::unwrap_or_clone) }
    }

    /// As [`Self::send`], but returns the receipt that the pool itself keeps from then on.
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
    /// `sender_not_member`; `idempotency_conflict` if the message's key or id belongs to another message (DESIGN D4);
    /// `invalid_status_transition` (DESIGN D8). The errors of every operation that records
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

    /// The frames that the event bus holds after `cursor`, as far as this pool may see them and within the bounds of
    /// the filter's queue (REFERENCE 30).
    ///
    /// # Errors
    /// The errors of every operation ([`AgentPool`](AgentPool#errors)): `closed`, `reentrant_call`.
    /// `cursor_scope_mismatch` if the cursor does not belong to a stream of the same scoped filter, for example because
    /// members have joined or left since (REFERENCE 31); `invalid_overflow_policy` for `backpressure_caller`;
    /// `event_bus_required`; the error of the bus. They are checked in this order.
    pub async fn subscribe(
        &self,
        filter: EventFilter,
        cursor: Option<EventCursor>,
    ) -> Result<Vec<EventFrame>, AgentError> {
        let cursor = cursor.as_ref();
        loop {
            let scoped = self.compile_scoped_filter(filter.clone()).await?;
            let membership = self.handle.open.read(PoolState::membership);
            let bus = self.handle.event_bus()?;
            // An unfit cursor or overflow policy is refused before the bus is asked.
            let mut stream = FrameStream::of_filter(&scoped, cursor)?;
            if !bus.offer(&scoped, cursor, &mut |frame| stream.take(frame)) {
                let frames = bus.frames(&scoped, cursor).await?;
                frames.iter().for_each(|frame| stream.take(frame));
            }
            // An answer for former members may hold what the members of now may not see (REFERENCE 32).
            if self.handle.open.read(PoolState::membership) == membership {
                return Ok(stream.into_frames());
            }
        }
    }

    /// A live stream: first what [`Self::subscribe`] returns at the time of the first read, and then the frames that
    /// arrive.
    ///
    /// The stream sees the frames that come to the bus in any way. A bus that does not notify listeners is asked again
    /// when this pool has published something on it or was shown an event, or when the pool's members have changed. The
    /// executor does the asking, if there is one; otherwise it is done whenever the stream is read.
    ///
    /// Errors are those of [`Self::subscribe`]. A read reports them, and they end the stream.
    pub fn subscribe_live(&self, filter: EventFilter, cursor: Option<EventCursor>) -> Subscription {
        Subscription::new(Rc::clone(&self.handle), filter, cursor)
    }

    /// The filter cut down to what this pool may see (REFERENCE 32, 33).
    ///
    /// # Errors
    /// The errors of every operation ([`AgentPool`](AgentPool#errors)): `closed`, `reentrant_call`.
    pub async fn scope_filter(&self, filter: EventFilter) -> Result<EventFilter, AgentError> {
        let _turn = self.handle.turn_to_look()?.await;
        Ok(self.handle.open.read(|state| plan::scope(state, filter)))
    }

    /// As [`Self::scope_filter`], compiled.
    ///
    /// # Errors
    /// The errors of every operation ([`AgentPool`](AgentPool#errors)): `closed`, `reentrant_call`.
    pub async fn compile_scoped_filter(
        &self,
        filter: EventFilter,
    ) -> Result<CompiledEventFilter, AgentError> {
        let filter = self.scope_filter(filter).await?;
        Ok(CompiledEventFilter::compile(filter))
    }

    /// Registers that a run waits for an event. The wake ends at once if its timeout is 0, or if the event bus then has a
    /// matching event (REFERENCE 20).
    ///
    /// Suspending with the same condition again returns its registration.
    ///
    /// # Errors
    /// `wake_run_mismatch`; `idempotency_conflict` if its key or id belongs to another condition (DESIGN D4). Unless
    /// the condition was registered already: `not_a_member`; the error of the event bus when it is asked for a first
    /// match, once the wake is registered (suspending again asks again). The errors of every operation that records
    /// ([`AgentPool`](AgentPool#errors)).
    pub async fn suspend_until(
        &self,
        run_id: RunId,
        condition: WakeCondition,
    ) -> Result<WakeRegistration, AgentError> {
        let condition = Arc::new(condition);
        let open = &self.handle.open;
        let _registering = open.read(|state| open.suspending.begin(&condition, state));
        let suspended = self.operate_asking(
            |state, context| {
                let mut unasked = open.unasked.borrow_mut();
                let next = plan::suspend(state, context, &unasked, &run_id, &condition);
                if let Ok(Next::Register(..)) = next {
                    unasked.add(condition.condition_id.clone());
                }
                next
            },
            |state, found| plan::poll_after(state, &condition.condition_id, found),
        );
        suspended.await.map_err(|error| {
            error
                .with_condition(&condition.condition_id)
                .with_key(&condition.idempotency_key)
        })?;
        open.unasked.borrow_mut().remove(&condition.condition_id);
        Ok(self.registration(&condition.condition_id))
    }

    /// The state of a wake. A wake that is still registered ends here if its time is over, or if the event bus has an
    /// event that it waits for.
    ///
    /// # Errors
    /// `wake_not_registered`; for a wake that is still registered, `event_bus_required` or the error of the event bus
    /// when it is asked for a first match. The errors of every operation that records
    /// ([`AgentPool`](AgentPool#errors)).
    pub async fn poll_wake(
        &self,
        condition_id: &WakeConditionId,
    ) -> Result<WakeRegistration, AgentError> {
        let polled = self.operate_asking(
            |state, context| plan::poll(state, context, condition_id),
            |state, found| plan::poll_after(state, condition_id, found),
        );
        polled
            .await
            .map_err(|error| error.with_condition(condition_id))?;
        self.handle.open.unasked.borrow_mut().remove(condition_id);
        Ok(self.registration(condition_id))
    }

    /// Cancels a wake; a wake that has ended stays as it is (DESIGN D7).
    ///
    /// # Errors
    /// `wake_not_registered`. The errors of every operation that records ([`AgentPool`](AgentPool#errors)).
    pub async fn cancel_wake(
        &self,
        condition_id: &WakeConditionId,
    ) -> Result<WakeRegistration, AgentError> {
        let cancelled = self.operate(|state, _| plan::cancel(state, condition_id));
        cancelled
            .await
            .map_err(|error| error.with_condition(condition_id))?;
        Ok(self.registration(condition_id))
    }

    /// The pool's history after `cursor`, or from the start without one.
    ///
    /// # Errors
    /// The errors of every operation ([`AgentPool`](AgentPool#errors)): `closed`, `reentrant_call`. The store's error.
    pub async fn watch_pool(
        &self,
        cursor: Option<AgentPoolStoreCursor>,
    ) -> Result<Vec<AgentPoolStoreRecord>, AgentError> {
        let _turn = self.handle.turn_to_look()?.await;
        let store = &self.handle.store;
        store.records_after(self.pool_id(), cursor.as_ref()).await
    }

    /// A live stream: first what [`Self::watch_pool`] returns at the time of the first read, and then the records that
    /// are added. Errors are those of [`Self::watch_pool`]. A read reports them, and they end the stream.
    pub fn watch_pool_live(&self, cursor: Option<AgentPoolStoreCursor>) -> Watch {
        Watch::new(Rc::clone(&self.handle), cursor)
    }

    /// Shows the pool an event of its host. Under live matching the event triggers wakes as the pool's own events do. A
    /// bus that keeps the pool's frames keeps this frame too, once.
    ///
    /// # Errors
    /// `event_bus_required`. The errors of every operation that records ([`AgentPool`](AgentPool#errors)): if the error
    /// is about the end of a wake, the event was shown all the same. Shown again, it ends the wakes that it has not
    /// ended yet.
    pub async fn observe(&self, frame: EventFrame) -> Result<(), AgentError> {
        self.handle.require_callable()?;
        let _turn = self.handle.begin(None).await?;
        let context = self.handle.plan_context()?;
        self.handle.event_bus()?.observe(&frame);
        self.handle
            .outbox
            .streams
            .notify(|stream| stream.published());
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
