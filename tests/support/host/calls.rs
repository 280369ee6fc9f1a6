//! Operations as data, so that they can be made again, put in another order, or drawn at random.

use agent_pool::{
    domain::{AgentError, RunId, WakeConditionId},
    pool::{AgentPool, AgentPoolMember, MessageStatus, RunMessage, WakeCondition},
    record::EventFrame,
};
use serde_json::{Value, json};

/// An operation with its arguments.
#[derive(Clone, Debug)]
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
    /// Makes the call and answers what it answers, as JSON.
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
