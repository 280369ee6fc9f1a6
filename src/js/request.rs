//! The operations that JavaScript asks of a pool, through one method: a method for each would be an eighth of the
//! module.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::domain::{AgentError, RunId};
use crate::js::answer::{PendingReply, Reply};
use crate::js::error::{set, to_js};
use crate::js::launcher::{host_handle, list_of_handle};
use crate::js::text::{read, write_js};
use crate::json::FromJson;
use crate::pool::{AgentPool, RunMessageDraft, StartRunError};
use crate::port::RunRequest;
use crate::record::RunMessage;

/// An operation of a pool, named after the method of [`AgentPool`] that does it.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Operation {
    /// Takes a request; returns a list with only the host's handle of the run.
    StartRun,
    /// Takes a member; returns nothing.
    JoinRun,
    /// Takes a run id; returns the member.
    LeaveRun,
    /// Returns the members.
    Members,
    /// Returns the snapshot.
    Snapshot,
    /// Takes a message; returns its receipt.
    Send,
    /// Takes a message, a status and run ids; returns the receipt.
    RecordMessageStatus,
    /// Takes a filter and optionally a cursor; returns frames.
    Subscribe,
    /// Takes a filter; returns it cut down to what the pool may see.
    ScopeFilter,
    /// Takes a filter; returns it compiled.
    CompileScopedFilter,
    /// Takes a run id and a condition; returns the registration.
    SuspendUntil,
    /// Takes a condition id; returns the registration.
    PollWake,
    /// Takes a condition id; returns the registration.
    CancelWake,
    /// Takes optionally a cursor; returns store records.
    WatchPool,
    /// Takes a frame; returns nothing.
    Observe,
    /// Returns nothing.
    Flush,
    /// Returns nothing.
    Close,
}

/// The texts of an operation's arguments, as many as it has.
pub(super) type Arguments<'a> = [Option<&'a str>; 3];

/// Reads the arguments of an operation. Returns the operation, with its result ready for JavaScript.
///
/// Every operation is a future of its own. If one future did them all, V8 would compile the operations that nobody
/// calls together with the first that is called.
pub(super) fn request(
    pool: AgentPool,
    operation: Operation,
    [first, second, third]: Arguments<'_>,
) -> Result<PendingReply, JsValue> {
    Ok(match operation {
        Operation::StartRun => {
            let request = given("request", first)?;
            Box::pin(async move { start_run(&pool, request).await })
        }
        Operation::JoinRun => {
            let member = given("member", first)?;
            Box::pin(async move { nothing(pool.join_run(member).await) })
        }
        Operation::LeaveRun => {
            let run_id = given("runId", first)?;
            Box::pin(async move { text(pool.leave_run(&run_id).await) })
        }
        Operation::Members => Box::pin(async move { text(pool.members().await) }),
        Operation::Snapshot => Box::pin(async move { text(pool.snapshot().await) }),
        Operation::Send => {
            let message = message(&pool, first)?;
            Box::pin(async move { text(pool.send(message).await) })
        }
        Operation::RecordMessageStatus => {
            let message = message(&pool, first)?;
            let status = given("status", second)?;
            let delivered_to = given("deliveredTo", third)?;
            Box::pin(async move {
                let recording = pool.record_message_status(message, status, delivered_to);
                text(recording.await)
            })
        }
        Operation::Subscribe => {
            let filter = given("filter", first)?;
            let cursor = optional("cursor", second)?;
            Box::pin(async move { text(pool.subscribe(filter, cursor).await) })
        }
        Operation::ScopeFilter => {
            let filter = given("filter", first)?;
            Box::pin(async move { text(pool.scope_filter(filter).await) })
        }
        Operation::CompileScopedFilter => {
            let filter = given("filter", first)?;
            Box::pin(async move { text(pool.compile_scoped_filter(filter).await) })
        }
        Operation::SuspendUntil => {
            let run_id: RunId = given("runId", first)?;
            let draft = given("condition", second)?;
            Box::pin(async move {
                match pool.complete_wake(&run_id, draft) {
                    Ok(condition) => text(pool.suspend_until(run_id, condition).await),
                    Err(error) => Err(to_js(&error)),
                }
            })
        }
        Operation::PollWake => {
            let condition_id = given("conditionId", first)?;
            Box::pin(async move { text(pool.poll_wake(&condition_id).await) })
        }
        Operation::CancelWake => {
            let condition_id = given("conditionId", first)?;
            Box::pin(async move { text(pool.cancel_wake(&condition_id).await) })
        }
        Operation::WatchPool => {
            let cursor = optional("cursor", first)?;
            Box::pin(async move { text(pool.watch_pool(cursor).await) })
        }
        Operation::Observe => {
            let frame = given("frame", first)?;
            Box::pin(async move { nothing(pool.observe(frame).await) })
        }
        Operation::Flush => Box::pin(async move { nothing(pool.flush().await) }),
        Operation::Close => Box::pin(async move { nothing(pool.close().await) }),
    })
}

async fn start_run(pool: &AgentPool, request: RunRequest) -> Result<Reply, JsValue> {
    match pool.start_run(request).await {
        Ok(handle) => Ok(Reply::Value(list_of_handle(&handle))),
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

fn text<T: Serialize>(answer: Result<T, AgentError>) -> Result<Reply, JsValue> {
    let answer = answer.map_err(|error| to_js(&error))?;
    write_js(&answer).map(Reply::Value)
}

fn nothing(answer: Result<(), AgentError>) -> Result<Reply, JsValue> {
    answer.map_err(|error| to_js(&error))?;
    Ok(Reply::Value(JsValue::UNDEFINED))
}
