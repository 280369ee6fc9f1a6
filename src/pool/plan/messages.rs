//! Plans for messages.

use std::sync::Arc;

use crate::domain::{AgentError, ErrorCode, List, RunId};
use crate::pool::plan::address::receivers_of;
use crate::pool::plan::context::PlanContext;
use crate::pool::state::PoolState;
use crate::record::{
    AgentPoolMember, AgentPoolStoredMessage, MessageStatus, MessageTransition, RunMessage,
    Transition,
};

/// Sends a message: it expires, fails for want of receivers, or is accepted and then delivered.
///
/// A message that is known already is not sent again. If it got no further than `accepted`, it is delivered now
/// (DESIGN D2).
pub(crate) fn send(
    state: &PoolState,
    context: PlanContext,
    message: &Arc<RunMessage>,
) -> Result<Vec<Transition>, AgentError> {
    if let Some(known) = known_message(state, message)? {
        return resume(state, known);
    }
    let sender = require_sender(state, message)?;
    let delivered_to = receivers_of(state, message);
    let becomes = |status, delivered_to| becomes(message, sender, status, delivered_to);
    if is_expired(message, context.clock.now_millis()) {
        return Ok(vec![becomes(MessageStatus::Expired, List::default())]);
    }
    if delivered_to.is_empty() {
        return Ok(vec![becomes(MessageStatus::Failed, List::default())]);
    }
    let accepted_for = Arc::clone(&delivered_to);
    Ok(vec![
        becomes(MessageStatus::Accepted, accepted_for),
        becomes(MessageStatus::Delivered, delivered_to),
    ])
}

/// The transition of a message to a status. `sender` is the member that the message is from.
fn becomes(
    message: &Arc<RunMessage>,
    sender: &AgentPoolMember,
    status: MessageStatus,
    delivered_to: List<RunId>,
) -> Transition {
    let (message, sender) = (Arc::clone(message), sender.agent_id.clone());
    Transition::Message(MessageTransition::new(
        message,
        sender,
        status,
        delivered_to,
    ))
}

/// Records what became of a message, as the host knows it (DESIGN D8). The receivers are taken as given (REFERENCE 13).
// Not inlined: see `[profile.small]` in Cargo.toml.
#[inline(never)]
pub(crate) fn record_status(
    state: &PoolState,
    message: &Arc<RunMessage>,
    status: MessageStatus,
    delivered_to: List<RunId>,
) -> Result<Vec<Transition>, AgentError> {
    let sender = require_sender(state, message)?;
    let known = known_message(state, message)?;
    let previous = known.map(|known| known.receipt.status);
    if previous == Some(status) {
        return Ok(Vec::new());
    }
    if !status.may_follow(previous) {
        return Err(AgentError::new(
            ErrorCode::InvalidStatusTransition,
            format!(
                "a message that is {} cannot become {}",
                previous.map_or("new", MessageStatus::as_str),
                status.as_str()
            ),
        ));
    }
    Ok(vec![becomes(message, sender, status, delivered_to)])
}

/// The known message with that key or id.
///
/// If the key or the id belongs to another message, that is an error (DESIGN D4).
pub(crate) fn known_message<'a>(
    state: &'a PoolState,
    message: &RunMessage,
) -> Result<Option<&'a AgentPoolStoredMessage>, AgentError> {
    let by_key = state.message_of_key(&message.idempotency_key);
    let known = by_key.or_else(|| state.message(&message.message_id));
    match known {
        Some(known) if *known.message != *message => Err(AgentError::new(
            ErrorCode::IdempotencyConflict,
            "the idempotency key or the message id was used for another message",
        )),
        known => Ok(known),
    }
}

fn require_sender<'a>(
    state: &'a PoolState,
    message: &RunMessage,
) -> Result<&'a AgentPoolMember, AgentError> {
    let sender = state.member(&message.from);
    let sender = sender.map(|sender| &**sender);
    sender.ok_or_else(|| AgentError::from(ErrorCode::SenderNotMember).with_run(&message.from))
}

/// Finishes what a send began: after `accepted`, the delivery to the receivers it was accepted for (DESIGN D2).
fn resume(
    state: &PoolState,
    known: &AgentPoolStoredMessage,
) -> Result<Vec<Transition>, AgentError> {
    let (message, receipt) = (&known.message, &known.receipt);
    if receipt.status != MessageStatus::Accepted {
        return Ok(Vec::new());
    }
    let sender = require_sender(state, message)?;
    let delivered_to = Arc::clone(&receipt.delivered_to);
    Ok(vec![becomes(
        message,
        sender,
        MessageStatus::Delivered,
        delivered_to,
    )])
}

/// Whether the message's time is over. Logical time stays at 0, so only a message that expires at 0 is then
/// (REFERENCE 9).
fn is_expired(message: &RunMessage, now_millis: u64) -> bool {
    message
        .expires_at_millis
        .is_some_and(|expires_at| expires_at <= now_millis)
}

#[cfg(test)]
mod tests;
