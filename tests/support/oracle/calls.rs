//! The operations on a handle of the reference: first the fields, in the order of the conformance README's table, then
//! the call.

use agent_sdk_core::AgentPool;
use serde_json::{Value, json};

use super::{corrections, failure, json};
use crate::trace::{Failure, Fields};

pub(super) fn call(
    pool: &AgentPool,
    name: &str,
    fields: &Fields<'_>,
    corrected: bool,
) -> Result<Value, Failure> {
    match name {
        "join_run" => {
            let member = fields.required("member")?;
            pool.join_run(member).map(|()| Value::Null)
        }
        "leave_run" => {
            let run_id = fields.required("run_id")?;
            pool.leave_run(&run_id).map(|member| json(&member))
        }
        "send" => {
            let message = fields.required("message")?;
            pool.send(message).map(|receipt| json(&receipt))
        }
        "record_message_status" => {
            let message = fields.required("message")?;
            let status = fields.required("status")?;
            let delivered_to = fields.optional("delivered_to")?.unwrap_or_default();
            pool.record_message_status(&message, status, delivered_to)
                .map(|receipt| json(&receipt))
        }
        "suspend_until" => {
            let run_id = fields.required("run_id")?;
            let condition = fields.required("condition")?;
            pool.suspend_until(run_id, condition)
                .map(|registration| json(&registration))
        }
        "poll_wake" => {
            let condition_id = fields.required("condition_id")?;
            pool.poll_wake(&condition_id)
                .map(|registration| json(&registration))
        }
        "cancel_wake" => {
            let condition_id = fields.required("condition_id")?;
            pool.cancel_wake(&condition_id)
                .map(|registration| json(&registration))
        }
        "members" => pool.members().map(|members| json(&members)),
        "snapshot" => pool.snapshot().map(|mut snapshot| {
            if corrected {
                snapshot.topics = corrections::d9_topics_of(&snapshot.members);
            }
            json(&snapshot)
        }),
        "subscribe" => {
            let filter = fields.required("filter")?;
            let cursor = fields.optional("cursor")?;
            pool.subscribe(filter, cursor).map(|frames| {
                let frames = frames.map(|frame| corrections::d11_valid_times(json(&frame)));
                Value::Array(frames.collect())
            })
        }
        "scope_filter" => {
            let filter = fields.required("filter")?;
            Ok(json(&pool.scope_filter(filter)))
        }
        "compile_scoped_filter" => {
            let filter = fields.required("filter")?;
            pool.compile_scoped_filter(filter)
                .map(|compiled| json(&compiled))
        }
        "watch_pool" => {
            let cursor = fields.optional("cursor")?;
            pool.watch_pool(cursor)
                .map(|records| json!(records.map(|record| json(&record)).collect::<Vec<_>>()))
        }
        unknown => return Err(Failure::unknown_operation(unknown)),
    }
    .map_err(failure)
}
