//! Store records: the history of a pool, from which its state is rebuilt.

use std::sync::Arc;

use serde::Serialize;

use super::{
    AgentPoolMember, AgentPoolMessagePolicy, AgentPoolWakePolicy, CompiledEventFilter,
    MessageReceipt, RunMessage, WakeCondition, WakeRegistration, is_empty,
};
use crate::domain::{AgentPoolId, List, PolicyRef, Text};
use crate::json::{self, Fault, FromJson, Json, deserialize, from_json};

/// The configuration of a pool. Opening the pool again requires an equal configuration, including order of policies
/// (REFERENCE 42).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgentPoolStoreConfig {
    /// The pool's policy for its messages.
    pub message_policy: AgentPoolMessagePolicy,
    /// The pool's policy for those who watch it.
    pub wake_policy: AgentPoolWakePolicy,
    /// The policies that a member must hold to be observable.
    #[serde(skip_serializing_if = "is_empty")]
    pub policy_refs: List<PolicyRef>,
}

from_json!(AgentPoolStoreConfig, "an agent pool store config", {
    message_policy,
    wake_policy,
    policy_refs = List::default(),
});

/// The place of a watcher in the history of a pool: it has seen the records up to and including this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct AgentPoolStoreCursor {
    /// The number of records up to here; 0 is the start.
    pub sequence: u64,
}

from_json!(AgentPoolStoreCursor, "a cursor", {
    sequence,
});

impl AgentPoolStoreCursor {
    /// After the given number of records.
    pub const fn new(sequence: u64) -> Self {
        Self { sequence }
    }
}

/// One step in the history of a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentPoolStoreRecord {
    /// The pool.
    pub pool_id: AgentPoolId,
    /// The place of the step in the pool's history, from 1.
    pub cursor: AgentPoolStoreCursor,
    /// The step.
    pub payload: AgentPoolStoreRecordPayload,
}

from_json!(AgentPoolStoreRecord, "an agent pool store record", {
    pool_id,
    cursor,
    payload,
});

/// The change that a step in the history of a pool made. Cloning one shares what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AgentPoolStoreRecordPayload {
    /// The pool was opened for the first time.
    PoolOpened {
        /// The configuration that it was built with.
        config: Arc<AgentPoolStoreConfig>,
    },
    /// The first member is about to join.
    PoolCreated,
    /// A run joined, or joined again (REFERENCE 2).
    MemberJoined {
        /// The member.
        member: Arc<AgentPoolMember>,
    },
    /// A run left.
    MemberLeft {
        /// The member as it was.
        member: Arc<AgentPoolMember>,
    },
    /// A message has a new status.
    RunMessage {
        /// The message and its receipt.
        stored: AgentPoolStoredMessage,
    },
    /// A wake condition has a new status.
    Wake {
        /// The condition and its status.
        stored: Arc<AgentPoolStoredWake>,
    },
}

impl FromJson for AgentPoolStoreRecordPayload {
    fn blank() -> Self {
        Self::PoolCreated
    }

    fn fill(&mut self, json: &Json<'_>) -> json::Result<()> {
        let fields = json.fields("the payload of a store record")?;
        *self = match &*fields.get::<Text>("type")? {
            "pool_opened" => Self::PoolOpened {
                config: fields.get("config")?,
            },
            "pool_created" => Self::PoolCreated,
            "member_joined" => Self::MemberJoined {
                member: fields.get("member")?,
            },
            "member_left" => Self::MemberLeft {
                member: fields.get("member")?,
            },
            "run_message" => Self::RunMessage {
                stored: fields.get("stored")?,
            },
            "wake" => Self::Wake {
                stored: fields.get("stored")?,
            },
            _ => return Err(Fault::new(json, "a payload that no pool stores")),
        };
        Ok(())
    }
}

deserialize!(AgentPoolStoreRecordPayload);

/// A message and its latest receipt. Cloning one shares both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentPoolStoredMessage {
    /// The message.
    pub message: Arc<RunMessage>,
    /// The latest receipt.
    pub receipt: Arc<MessageReceipt>,
}

from_json!(AgentPoolStoredMessage, "an agent pool stored message", {
    message,
    receipt,
});

/// A wake condition, its filter as compiled at registration, and its status. Cloning one shares the first two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentPoolStoredWake {
    /// The condition as it was given.
    pub condition: Arc<WakeCondition>,
    /// Its filter, cut down to what the run could see when it registered (REFERENCE 22).
    pub compiled_filter: Arc<CompiledEventFilter>,
    /// The status.
    pub registration: WakeRegistration,
    /// The time at which its timeout falls due, in Unix milliseconds. The reference has no clock and no such field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_millis: Option<u64>,
}

from_json!(AgentPoolStoredWake, "an agent pool stored wake", {
    condition,
    compiled_filter,
    registration,
    deadline_millis = None,
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_that_no_pool_stores_is_refused_where_it_is() {
        for (payload, path, reason) in [
            (
                r#"{"type":"pool_closed"}"#,
                "payload",
                "a payload that no pool stores",
            ),
            ("{}", "payload", "missing field `type`"),
            (
                r#"{"type":"member_left"}"#,
                "payload",
                "missing field `member`",
            ),
        ] {
            let record =
                format!(r#"{{"pool_id":"p","cursor":{{"sequence":1}},"payload":{payload}}}"#);
            let error = json::read::<AgentPoolStoreRecord>(&record).unwrap_err();
            assert_eq!((error.path.as_str(), &*error.reason), (path, reason));
        }
    }
}
