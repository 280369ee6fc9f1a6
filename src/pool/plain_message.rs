//! Messages without optional fields, as texts. Most messages are such, and a host can pass them without writing JSON.

use std::sync::Arc;

use crate::domain::{
    AgentId, AgentPoolId, ContentRef, Id, IdError, IdempotencyKey, MessageId, RunId, TopicId,
};
use crate::pool::agent_pool::AgentPool;
use crate::pool::draft::RunMessageDraft;
use crate::pool::state::PoolState;
use crate::record::{RunAddress, RunAddressTarget};

/// A message without optional fields. Id and key may be left out, as in a [`RunMessageDraft`].
pub struct PlainMessage<'a> {
    /// Names the message.
    pub message_id: Option<&'a str>,
    /// The run that sends it.
    pub from: &'a str,
    /// Who it is for.
    pub to: PlainTarget<'a>,
    /// Where its content is.
    pub content_ref: &'a str,
    /// Recognises a repeated send.
    pub idempotency_key: Option<&'a str>,
}

/// Who a message is for.
pub enum PlainTarget<'a> {
    /// One run.
    Run(&'a str),
    /// All members of an agent, the sender too if it is one of them.
    Agent(&'a str),
    /// All members that listen to a topic, the sender too if it does.
    Topic(&'a str),
    /// All members of the pool, the sender only if the pool's message policy says so.
    Pool(&'a str),
}

impl AgentPool {
    /// The message as a draft for [`Self::complete_message`]. It shares the ids and addresses of runs. `None` if one of
    /// its texts is not a valid id.
    pub fn plain_draft(&self, message: &PlainMessage<'_>) -> Option<RunMessageDraft> {
        self.handle.open.read(|state| message.draft(state)).ok()
    }
}

impl PlainMessage<'_> {
    fn draft(&self, state: &PoolState) -> Result<RunMessageDraft, IdError> {
        let message_id = self.message_id.map(MessageId::new).transpose()?;
        let idempotency_key = match self.idempotency_key {
            // A host that has no keys of its own often gives the id as the key.
            Some(key) if self.message_id == Some(key) => {
                message_id.as_ref().map(IdempotencyKey::from)
            }
            key => key.map(IdempotencyKey::new).transpose()?,
        };
        Ok(RunMessageDraft::of(
            (message_id, idempotency_key),
            run_id(state, self.from)?,
            self.to.address(state)?,
            ContentRef::new(self.content_ref)?,
        ))
    }
}

impl PlainTarget<'_> {
    fn address(&self, state: &PoolState) -> Result<Arc<RunAddress>, IdError> {
        let target = match *self {
            Self::Run(text) => {
                if let Some(address) = state.address_of_text(text) {
                    return Ok(Arc::clone(address));
                }
                RunAddressTarget::Run {
                    run_id: RunId::new(text)?,
                }
            }
            Self::Agent(text) => RunAddressTarget::Agent {
                agent_id: AgentId::new(text)?,
            },
            Self::Topic(text) => RunAddressTarget::Topic {
                topic_id: TopicId::new(text)?,
            },
            Self::Pool(text) if text == state.pool_id().as_text() => RunAddressTarget::Pool {
                pool_id: state.pool_id().clone(),
            },
            Self::Pool(text) => RunAddressTarget::Pool {
                pool_id: AgentPoolId::new(text)?,
            },
        };
        Ok(Arc::new(target.into()))
    }
}

/// The run with that id. If it is a member, this is the member's own id, so that its text is in memory once.
fn run_id(state: &PoolState, text: &str) -> Result<RunId, IdError> {
    match state.member_of_text(text) {
        Some(member) => Ok(member.run_id.clone()),
        None => RunId::new(text),
    }
}
