//! What is recorded and published when a message gets a new status.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::facts::Facts;
use crate::domain::{AgentId, EffectId, EntityRef, IdMap, IdSet, JournalCursor, List, RunId};
use crate::record::{
    AgentPoolStoreRecordPayload, AgentPoolStoredMessage, EffectIntent, EffectKind, EffectResult,
    JournalRecordPayload, MessageReceipt, MessageStatus, RunMessage, RunMessageRecord,
};

/// A message gets a new status.
#[derive(Clone)]
pub struct MessageTransition {
    /// The message.
    pub message: Arc<RunMessage>,
    /// The agent of its sender.
    pub agent_id: AgentId,
    /// The new status.
    pub status: MessageStatus,
    /// The runs that get the message.
    pub delivered_to: List<RunId>,
}

impl MessageTransition {
    /// The text before a message's id in the id of its delivery. No other id that is made from a message's id adds
    /// more.
    pub const EFFECT_ID_PREFIX: &'static str = "effect.run_message.";

    /// The transition of a message, from a run of that agent, to a status.
    pub fn new(
        message: Arc<RunMessage>,
        agent_id: AgentId,
        status: MessageStatus,
        delivered_to: List<RunId>,
    ) -> Self {
        Self {
            message,
            agent_id,
            status,
            delivered_to,
        }
    }

    pub(super) fn facts(&self) -> Facts<'_> {
        let message = &*self.message;
        Facts {
            message_id: Some(message.message_id.clone()),
            related_refs: related_refs(message, &self.delivered_to),
            destination: Some(message.to.destination_ref.clone()),
            policy_refs: message.policy_refs.clone(),
            correlation: message.correlation.clone(),
            content_refs: [message.content_ref.clone()].into(),
            idempotency_key: Some(message.idempotency_key.clone()),
            ..Facts::new(
                &message.from,
                &self.agent_id,
                self.status.event_kind(),
                EntityRef::message(&message.message_id),
                self.status.summary(),
            )
        }
    }

    // Not inlined: see `[profile.small]` in Cargo.toml.
    #[inline(never)]
    pub(super) fn payload(&self) -> JournalRecordPayload {
        let message = &*self.message;
        let status = self.status;
        let content_refs: List<_> = [message.content_ref.clone()].into();
        let effect_id = EffectId::derived(Self::EFFECT_ID_PREFIX, message.message_id.as_str(), "");
        JournalRecordPayload::RunMessage(Box::new(RunMessageRecord {
            message_id: message.message_id.clone(),
            source_run_id: message.from.clone(),
            address_target: message.to.target.clone(),
            content_ref: message.content_ref.clone(),
            correlation: message.correlation.clone(),
            reply_to: message.reply_to.clone(),
            delivery_status: status,
            delivered_to: self.delivered_to.clone(),
            policy_refs: message.policy_refs.clone(),
            idempotency_key: message.idempotency_key.clone(),
            effect_intent: (status == MessageStatus::Accepted).then(|| EffectIntent {
                effect_id: effect_id.clone(),
                kind: EffectKind::RunMessageDelivery,
                subject_ref: EntityRef::message(&message.message_id),
                source: Facts::source(),
                destination: Some(message.to.destination_ref.clone()),
                policy_refs: message.policy_refs.clone(),
                idempotency_key: Some(message.idempotency_key.clone()),
                dedupe_key: None,
                content_refs: content_refs.clone(),
                redacted_summary: "run message delivery intent".into(),
            }),
            effect_result: status
                .effect_terminal_status()
                .map(|terminal_status| EffectResult {
                    effect_id,
                    terminal_status,
                    external_operation_id: None,
                    reconciliation_ref: None,
                    error_ref: None,
                    content_refs,
                    redacted_summary: status.summary().into(),
                }),
        }))
    }

    pub(super) fn stored(&self, journal_cursor: JournalCursor) -> AgentPoolStoreRecordPayload {
        let receipt = Arc::new(MessageReceipt {
            message_id: self.message.message_id.clone(),
            status: self.status,
            delivered_to: self.delivered_to.clone(),
            journal_cursor: Some(journal_cursor),
        });
        let message = Arc::clone(&self.message);
        let stored = AgentPoolStoredMessage { message, receipt };
        AgentPoolStoreRecordPayload::RunMessage { stored }
    }
}

/// The entities that a message is related to: the refs of its address and its receivers, sorted by kind and id. Of
/// equal refs the first is kept (REFERENCE 15).
fn related_refs(message: &RunMessage, delivered_to: &[RunId]) -> List<EntityRef> {
    let mut addressed = IdMap::<Arc<str>, &EntityRef>::default();
    for related in &*message.to.related_refs {
        let place = place(related);
        if !addressed.contains(&place) {
            addressed.insert(place, related);
        }
    }
    let mut addressed = addressed.values().copied().peekable();
    let mut related = Vec::new();
    for receiver in &*sorted(delivered_to) {
        let receiver = EntityRef::run(receiver);
        while let Some(first) = addressed.next_if(|other| order(other, &receiver).is_le()) {
            related.push(first.clone());
        }
        if related
            .last()
            .is_none_or(|last| order(last, &receiver).is_ne())
        {
            related.push(receiver);
        }
    }
    related.extend(addressed.cloned());
    related.into()
}

fn order(left: &EntityRef, right: &EntityRef) -> Ordering {
    (left.kind, &left.id).cmp(&(right.kind, &right.id))
}

/// A text for sorting: the texts of refs have the order of the refs in a list of related refs.
fn place(related: &EntityRef) -> Arc<str> {
    let kind = char::from(related.kind as u8);
    format!("{kind}{}", related.id.as_str()).into()
}

/// The runs in their order, each once. As a rule they are given so.
fn sorted(run_ids: &[RunId]) -> Cow<'_, [RunId]> {
    if run_ids.is_sorted_by(|left, right| left < right) {
        return Cow::Borrowed(run_ids);
    }
    let sorted: IdSet<RunId> = run_ids.iter().cloned().collect();
    Cow::Owned(sorted.ids().cloned().collect())
}
