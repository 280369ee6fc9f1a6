//! Operations as data, so that they can be made again, put in another order, or drawn at random.

use std::fmt;

use agent_pool::{
    domain::{AgentError, RunId, WakeConditionId},
    pool::{AgentPool, AgentPoolMember, MessageStatus, RunMessage, WakeCondition},
    record::EventFrame,
};
use serde_json::{Value, json};

use super::frame_story;

/// An operation with its arguments.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "there are few at a time")]
pub enum Call {
    Join(AgentPoolMember),
    Leave(RunId),
    Send(RunMessage),
    Status(RunMessage, MessageStatus, Vec<RunId>),
    Suspend(WakeCondition),
    Poll(WakeConditionId),
    Cancel(WakeConditionId),
    Observe(EventFrame),
    Members,
    Snapshot,
}

impl Call {
    /// Makes the call and returns its answer as JSON.
    pub async fn make(self, pool: &AgentPool) -> Result<Value, AgentError> {
        match self {
            Self::Join(member) => pool.join_run(member).await.map(|()| Value::Null),
            Self::Leave(run_id) => pool.leave_run(&run_id).await.map(|member| json!(member)),
            Self::Send(message) => pool.send(message).await.map(|receipt| json!(receipt)),
            Self::Status(message, status, delivered_to) => {
                let recorded = pool.record_message_status(message, status, delivered_to);
                recorded.await.map(|receipt| json!(receipt))
            }
            Self::Suspend(condition) => {
                let suspended = pool.suspend_until(condition.run_id.clone(), condition);
                suspended.await.map(|registration| json!(registration))
            }
            Self::Poll(condition_id) => {
                let polled = pool.poll_wake(&condition_id).await;
                polled.map(|registration| json!(registration))
            }
            Self::Cancel(condition_id) => {
                let cancelled = pool.cancel_wake(&condition_id).await;
                cancelled.map(|registration| json!(registration))
            }
            Self::Observe(frame) => pool.observe(frame).await.map(|()| Value::Null),
            Self::Members => pool.members().await.map(|members| json!(members)),
            Self::Snapshot => pool.snapshot().await.map(|snapshot| json!(snapshot)),
        }
    }
}

/// As a script shows it, with its ids: nothing in a test has to be kept secret.
impl fmt::Debug for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Join(member) => write!(formatter, "join {}", json!(member)),
            Self::Leave(run_id) => write!(formatter, "leave {}", run_id.as_str()),
            Self::Send(message) => write!(formatter, "send {}", json!(message)),
            Self::Status(message, status, receivers) => {
                let (message, receivers) = (json!(message), json!(receivers));
                write!(formatter, "{status} {message} for {receivers}")
            }
            Self::Suspend(condition) => {
                let mut filter = json!(condition.filter);
                let fields = filter.as_object_mut().expect("a filter is an object");
                fields.retain(|_, value| value.is_object() && value.get("include").is_some());
                let mut condition = json!(condition);
                condition["filter"] = filter;
                write!(formatter, "suspend {condition}")
            }
            Self::Poll(condition_id) => write!(formatter, "poll {}", condition_id.as_str()),
            Self::Cancel(condition_id) => write!(formatter, "cancel {}", condition_id.as_str()),
            Self::Observe(frame) => write!(formatter, "observe {}", frame_story(frame)),
            Self::Members => formatter.write_str("members"),
            Self::Snapshot => formatter.write_str("snapshot"),
        }
    }
}
