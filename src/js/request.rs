//! What JavaScript asks of a pool, by one door: every operation's own would be an eighth of the module.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::domain::{AgentError, RunId, WakeConditionId};
use crate::js::error::{set, to_js};
use crate::js::launcher::{host_handle, list_of_handle};
use crate::js::text::{read, write_js};
use crate::json::FromJson;
use crate::pool::{AgentPool, RunMessageDraft, StartRunError, WakeConditionDraft};
use crate::port::RunRequest;
use crate::record::{
    AgentPoolMember, AgentPoolStoreCursor, EventCursor, EventFilter, EventFrame, MessageStatus,
    RunMessage,
};

/// An operation of a pool, by the name of the method of [`AgentPool`] that does it.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Operation {
    /// Takes a request; answers a list of the host's handle of the run.
    StartRun,
    /// Takes a member; answers nothing.
    JoinRun,
    /// Takes a run id; answers the member.
    LeaveRun,
    /// Answers the members.
    Members,
    /// Answers the snapshot.
    Snapshot,
    /// Takes a message; answers its receipt.
    Send,
    /// Takes a message, a status and run ids; answers the receipt.
    RecordMessageStatus,
    /// Takes a filter and perhaps a cursor; answers frames.
    Subscribe,
    /// Takes a filter and answers it.
    ScopeFilter,
    /// Takes a filter; answers it compiled.
    CompileScopedFilter,
    /// Takes a run id and a condition; answers the registration.
    SuspendUntil,
    /// Takes a condition id; answers the registration.
    PollWake,
    /// Takes a condition id; answers the registration.
    CancelWake,
    /// Takes perhaps a cursor; answers store records.
    WatchPool,
    /// Takes a frame; answers nothing.
    Observe,
    /// Answers nothing.
    Flush,
    /// Answers nothing.
    Close,
}

/// An operation and its arguments.
pub(super) enum Request {
    StartRun(RunRequest),
    JoinRun(AgentPoolMember),
    LeaveRun(RunId),
    Members,
    Snapshot,
    Send(RunMessage),
    RecordMessageStatus(RunMessage, MessageStatus, Vec<RunId>),
    Subscribe(EventFilter, Option<EventCursor>),
    ScopeFilter(EventFilter),
    CompileScopedFilter(EventFilter),
    SuspendUntil(RunId, WakeConditionDraft),
    PollWake(WakeConditionId),
    CancelWake(WakeConditionId),
    WatchPool(Option<AgentPoolStoreCursor>),
    Observe(EventFrame),
    Flush,
    Close,
}

/// The texts of an operation's arguments, as many as it has.
pub(super) type Arguments<'a> = [Option<&'a str>; 3];

impl Request {
    /// Reads the arguments of an operation.
    pub(super) fn read(
        pool: &AgentPool,
        operation: Operation,
        [first, second, third]: Arguments<'_>,
    ) -> Result<Self, JsValue> {
        Ok(match operation {
            Operation::StartRun => Self::StartRun(given("request", first)?),
            Operation::JoinRun => Self::JoinRun(given("member", first)?),
            Operation::LeaveRun => Self::LeaveRun(given("runId", first)?),
            Operation::Members => Self::Members,
            Operation::Snapshot => Self::Snapshot,
            Operation::Send => Self::Send(message(pool, first)?),
            Operation::RecordMessageStatus => Self::RecordMessageStatus(
                message(pool, first)?,
                given("status", second)?,
                given("deliveredTo", third)?,
            ),
            Operation::Subscribe => {
                Self::Subscribe(given("filter", first)?, optional("cursor", second)?)
            }
            Operation::ScopeFilter => Self::ScopeFilter(given("filter", first)?),
            Operation::CompileScopedFilter => Self::CompileScopedFilter(given("filter", first)?),
            Operation::SuspendUntil => {
                Self::SuspendUntil(given("runId", first)?, given("condition", second)?)
            }
            Operation::PollWake => Self::PollWake(given("conditionId", first)?),
            Operation::CancelWake => Self::CancelWake(given("conditionId", first)?),
            Operation::WatchPool => Self::WatchPool(optional("cursor", first)?),
            Operation::Observe => Self::Observe(given("frame", first)?),
            Operation::Flush => Self::Flush,
            Operation::Close => Self::Close,
        })
    }

    /// Has the pool do it, and answers what JavaScript is told.
    pub(super) async fn make(self, pool: AgentPool) -> Result<JsValue, JsValue> {
        let answer = match self {
            Self::StartRun(request) => return start_run(&pool, request).await,
            Self::JoinRun(member) => nothing(pool.join_run(member).await),
            Self::LeaveRun(run_id) => text(pool.leave_run(&run_id).await),
            Self::Members => text(pool.members().await),
            Self::Snapshot => text(pool.snapshot().await),
            Self::Send(message) => text(pool.send(message).await),
            Self::RecordMessageStatus(message, status, delivered_to) => {
                let recording = pool.record_message_status(message, status, delivered_to);
                text(recording.await)
            }
            Self::Subscribe(filter, cursor) => text(pool.subscribe(filter, cursor).await),
            Self::ScopeFilter(filter) => text(pool.scope_filter(filter).await),
            Self::CompileScopedFilter(filter) => text(pool.compile_scoped_filter(filter).await),
            Self::SuspendUntil(run_id, draft) => match pool.complete_wake(&run_id, draft) {
                Ok(condition) => text(pool.suspend_until(run_id, condition).await),
                Err(error) => Err(error),
            },
            Self::PollWake(condition_id) => text(pool.poll_wake(&condition_id).await),
            Self::CancelWake(condition_id) => text(pool.cancel_wake(&condition_id).await),
            Self::WatchPool(cursor) => text(pool.watch_pool(cursor).await),
            Self::Observe(frame) => nothing(pool.observe(frame).await),
            Self::Flush => nothing(pool.flush().await),
            Self::Close => nothing(pool.close().await),
        };
        answer.map_err(|error| to_js(&error))
    }
}

async fn start_run(pool: &AgentPool, request: RunRequest) -> Result<JsValue, JsValue> {
    match pool.start_run(request).await {
        Ok(handle) => Ok(list_of_handle(&handle)),
        Err(StartRunError { error, run_handle }) => {
            let thrown = to_js(&error);
            if let Some(handle) = &run_handle {
                set(&thrown, "run_handle", &host_handle(handle));
            }
            Err(thrown)
        }
    }
}

fn given<T: FromJson>(name: &str, argument: Option<&str>) -> Result<T, JsValue> {
    read(name, argument.unwrap_or_default())
}

/// Reads an argument that may be left out.
pub(super) fn optional<T: FromJson>(
    name: &str,
    argument: Option<&str>,
) -> Result<Option<T>, JsValue> {
    argument.map(|text| read(name, text)).transpose()
}

fn message(pool: &AgentPool, argument: Option<&str>) -> Result<RunMessage, JsValue> {
    let draft: RunMessageDraft = given("message", argument)?;
    let message = pool.complete_message(draft);
    message.map_err(|error| to_js(&error))
}

fn text<T: Serialize>(answer: Result<T, AgentError>) -> Result<JsValue, AgentError> {
    answer.map(|answer| write_js(&answer))
}

fn nothing(answer: Result<(), AgentError>) -> Result<JsValue, AgentError> {
    answer.map(|()| JsValue::UNDEFINED)
}
