//! Messages and wakes as a caller may write them: with ids and keys left out (DESIGN 4).

use serde::Deserialize;

use crate::domain::{
    AgentError, ContentRef, IdempotencyKey, List, MessageId, PolicyRef, RunId, WakeConditionId,
};
use crate::port::IdSource;
use crate::record::{
    EventCorrelation, EventFilter, MessageResponseContract, ResumeInputPolicy, RunAddress,
    RunMessage, WakeCondition,
};

/// A message whose id and key may be left out.
///
/// Of id and key, one that is left out is the other one's text, so that a retry that names either is
/// recognised. With both left out every call is a message of its own.
#[derive(Clone, Debug, Deserialize)]
pub struct RunMessageDraft {
    message_id: Option<MessageId>,
    from: RunId,
    to: RunAddress,
    content_ref: ContentRef,
    #[serde(default)]
    correlation: EventCorrelation,
    reply_to: Option<MessageId>,
    response_contract: Option<MessageResponseContract>,
    expires_at_millis: Option<u64>,
    idempotency_key: Option<IdempotencyKey>,
    #[serde(default)]
    policy_refs: List<PolicyRef>,
}

impl RunMessageDraft {
    /// The whole message.
    ///
    /// # Errors
    /// What the source of ids answers.
    pub fn complete(self, ids: &dyn IdSource) -> Result<RunMessage, AgentError> {
        let (message_id, idempotency_key) = id_and_key(
            (self.message_id, self.idempotency_key),
            MessageId::derived,
            "message.",
            ids,
        )?;
        Ok(RunMessage {
            message_id,
            from: self.from,
            to: self.to,
            content_ref: self.content_ref,
            correlation: self.correlation,
            reply_to: self.reply_to,
            response_contract: self.response_contract,
            expires_at_millis: self.expires_at_millis,
            idempotency_key,
            policy_refs: self.policy_refs,
        })
    }
}

/// A wake condition whose id, key, run and resume policy may be left out. Id and key as with messages.
#[derive(Clone, Debug, Deserialize)]
pub struct WakeConditionDraft {
    condition_id: Option<WakeConditionId>,
    run_id: Option<RunId>,
    #[serde(default)]
    filter: EventFilter,
    timeout_millis: Option<u64>,
    #[serde(default)]
    resume_with: ResumeInputPolicy,
    idempotency_key: Option<IdempotencyKey>,
    #[serde(default)]
    policy_refs: List<PolicyRef>,
}

impl WakeConditionDraft {
    /// The whole condition; its run is `run_id` unless it names one.
    ///
    /// # Errors
    /// What the source of ids answers.
    pub fn complete(self, run_id: &RunId, ids: &dyn IdSource) -> Result<WakeCondition, AgentError> {
        let (condition_id, idempotency_key) = id_and_key(
            (self.condition_id, self.idempotency_key),
            WakeConditionId::derived,
            "wake.",
            ids,
        )?;
        Ok(WakeCondition {
            condition_id,
            run_id: self.run_id.unwrap_or_else(|| run_id.clone()),
            filter: self.filter,
            timeout_millis: self.timeout_millis,
            resume_with: self.resume_with,
            idempotency_key,
            policy_refs: self.policy_refs,
        })
    }
}

/// The id and the key, of which one or both may be missing. All ids obey one rule, so the text of one
/// is valid as another.
fn id_and_key<T: AsRef<str>>(
    (id, key): (Option<T>, Option<IdempotencyKey>),
    derived: impl Fn(&str, &str, &str) -> T,
    prefix: &str,
    ids: &dyn IdSource,
) -> Result<(T, IdempotencyKey), AgentError> {
    let id = match (id, &key) {
        (Some(id), _) => id,
        (None, Some(key)) => derived("", key.as_str(), ""),
        (None, None) => derived(prefix, &ids.next_id()?, ""),
    };
    let key = key.unwrap_or_else(|| IdempotencyKey::derived("", id.as_ref(), ""));
    Ok((id, key))
}
