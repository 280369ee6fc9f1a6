//! One step of a plan: what changes, and the journal record, the event and the store record that say
//! so, complete but for the journal cursor.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use crate::domain::{
    AgentId, EffectId, EntityRef, EventId, IdMap, IdSet, JournalCursor, List, RunId, TopicId,
};
use crate::pool::plan::facts::Facts;
use crate::pool::plan::stamp::Stamp;
use crate::pool::state::PoolState;
use crate::record::{
    AgentPoolLifecycleStatus, AgentPoolMember, AgentPoolRecord, AgentPoolStoreRecordPayload,
    AgentPoolStoredMessage, AgentPoolStoredWake, EffectIntent, EffectKind, EffectResult,
    EventFrame, JournalRecord, JournalRecordPayload, MessageReceipt, MessageStatus, RunMessage,
    RunMessageRecord, WakeRecord, WakeRegistrationStatus,
};

/// One step of a plan.
pub(crate) struct Transition {
    pub(crate) record: Arc<JournalRecord>,
    pub(crate) frame: EventFrame,
    change: Change,
}

/// What the store is to record.
enum Change {
    Created,
    Joined(Arc<AgentPoolMember>),
    Left(Arc<AgentPoolMember>),
    Message {
        message: Arc<RunMessage>,
        status: MessageStatus,
        delivered_to: List<RunId>,
    },
    Wake {
        wake: AgentPoolStoredWake,
        status: WakeRegistrationStatus,
    },
}

impl Transition {
    /// The pool comes into being, in the name of its first member, which is not in it yet.
    pub(super) fn created(stamp: &Stamp<'_>, state: &PoolState, joiner: &AgentPoolMember) -> Self {
        let record = AgentPoolRecord {
            pool_id: stamp.pool_id.clone(),
            member_run_ids: List::default(),
            topics: List::default(),
            policy_refs: state.policy_refs().clone(),
            lifecycle_status: AgentPoolLifecycleStatus::Created,
        };
        Self::membership(stamp, joiner, record, Change::Created)
    }

    /// A run is a member from here on.
    pub(super) fn joined(
        stamp: &Stamp<'_>,
        state: &PoolState,
        member: &Arc<AgentPoolMember>,
    ) -> Self {
        let run_id = &member.run_id;
        let mut run_ids: Vec<_> = state.run_ids_without(run_id).collect();
        let place = run_ids.partition_point(|other| other < run_id);
        run_ids.insert(place, run_id.clone());
        let mut topics: IdSet<TopicId> = state.topics_without(run_id).collect();
        topics.extend(member.topics.iter().cloned());
        let record = AgentPoolRecord {
            pool_id: stamp.pool_id.clone(),
            member_run_ids: run_ids.into(),
            topics: topics.ids().cloned().collect(),
            policy_refs: state.policy_refs().clone(),
            lifecycle_status: AgentPoolLifecycleStatus::RunJoined,
        };
        let change = Change::Joined(Arc::clone(member));
        Self::membership(stamp, member, record, change)
    }

    /// A run is no member from here on.
    pub(super) fn left(
        stamp: &Stamp<'_>,
        state: &PoolState,
        member: &Arc<AgentPoolMember>,
    ) -> Self {
        let record = AgentPoolRecord {
            pool_id: stamp.pool_id.clone(),
            member_run_ids: state.run_ids_without(&member.run_id).collect(),
            topics: state.topics_without(&member.run_id).collect(),
            policy_refs: state.policy_refs().clone(),
            lifecycle_status: AgentPoolLifecycleStatus::RunLeft,
        };
        let change = Change::Left(Arc::clone(member));
        Self::membership(stamp, member, record, change)
    }

    fn membership(
        stamp: &Stamp<'_>,
        member: &AgentPoolMember,
        record: AgentPoolRecord,
        change: Change,
    ) -> Self {
        let status = record.lifecycle_status;
        let facts = Facts {
            policy_refs: record.policy_refs.clone(),
            ..Facts::new(
                &member.run_id,
                &member.agent_id,
                status.event_kind(),
                EntityRef::run(&member.run_id),
                status.summary(),
            )
        };
        let payload = JournalRecordPayload::AgentPool(record);
        Self::from_facts(stamp, facts, payload, change)
    }

    /// A message takes on a status.
    pub(super) fn message(
        stamp: &Stamp<'_>,
        message: &Arc<RunMessage>,
        sender: &AgentId,
        status: MessageStatus,
        delivered_to: List<RunId>,
    ) -> Self {
        let subject = EntityRef::message(&message.message_id);
        let facts = Facts {
            message_id: Some(message.message_id.clone()),
            related_refs: related_refs(message, &delivered_to),
            destination: Some(message.to.destination_ref.clone()),
            policy_refs: message.policy_refs.clone(),
            correlation: message.correlation.clone(),
            content_refs: [message.content_ref.clone()].into(),
            idempotency_key: Some(message.idempotency_key.clone()),
            ..Facts::new(
                &message.from,
                sender,
                status.event_kind(),
                subject.clone(),
                status.summary(),
            )
        };
        let effect_id = EffectId::derived("effect.run_message.", message.message_id.as_str(), "");
        let record = RunMessageRecord {
            message_id: message.message_id.clone(),
            source_run_id: message.from.clone(),
            address_target: message.to.target.clone(),
            content_ref: message.content_ref.clone(),
            correlation: message.correlation.clone(),
            reply_to: message.reply_to.clone(),
            delivery_status: status,
            delivered_to: delivered_to.clone(),
            policy_refs: message.policy_refs.clone(),
            idempotency_key: message.idempotency_key.clone(),
            effect_intent: (status == MessageStatus::Accepted).then(|| EffectIntent {
                effect_id: effect_id.clone(),
                kind: EffectKind::RunMessageDelivery,
                subject_ref: subject,
                source: Facts::source(),
                destination: Some(message.to.destination_ref.clone()),
                policy_refs: message.policy_refs.clone(),
                idempotency_key: Some(message.idempotency_key.clone()),
                dedupe_key: None,
                content_refs: facts.content_refs.clone(),
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
                    content_refs: facts.content_refs.clone(),
                    redacted_summary: status.summary().into(),
                }),
        };
        let payload = JournalRecordPayload::RunMessage(Box::new(record));
        let change = Change::Message {
            message: Arc::clone(message),
            status,
            delivered_to,
        };
        Self::from_facts(stamp, facts, payload, change)
    }

    /// A wake takes on a status.
    pub(super) fn wake(
        stamp: &Stamp<'_>,
        wake: &AgentPoolStoredWake,
        agent_id: &AgentId,
        status: WakeRegistrationStatus,
        matched_event_id: Option<EventId>,
    ) -> Self {
        let condition = &wake.condition;
        let run = EntityRef::run(&condition.run_id);
        let subject = EntityRef::wake_condition(&condition.condition_id);
        let facts = Facts {
            related_refs: [run.clone()].into(),
            // The event names the condition, the journal record does not (REFERENCE 29).
            event_related_refs: Some([run, subject.clone()].into()),
            policy_refs: condition.policy_refs.clone(),
            idempotency_key: Some(condition.idempotency_key.clone()),
            ..Facts::new(
                &condition.run_id,
                agent_id,
                status.event_kind(),
                subject,
                status.summary(),
            )
        };
        let payload = JournalRecordPayload::Wake(WakeRecord {
            condition_id: condition.condition_id.clone(),
            run_id: condition.run_id.clone(),
            event_filter_fingerprint: wake.compiled_filter.fingerprint().clone(),
            timeout_millis: condition.timeout_millis,
            resume_policy: condition.resume_with,
            trigger_status: status,
            policy_refs: condition.policy_refs.clone(),
            idempotency_key: condition.idempotency_key.clone(),
            matched_event_id,
        });
        let wake = wake.clone();
        Self::from_facts(stamp, facts, payload, Change::Wake { wake, status })
    }

    fn from_facts(
        stamp: &Stamp<'_>,
        facts: Facts<'_>,
        payload: JournalRecordPayload,
        change: Change,
    ) -> Self {
        Self {
            frame: facts.frame(stamp),
            record: Arc::new(facts.record(stamp, payload)),
            change,
        }
    }

    /// What to store, now that the journal has said where the record stands.
    pub(crate) fn stored(&self, cursor: &JournalCursor) -> AgentPoolStoreRecordPayload {
        self.change.stored(cursor.clone())
    }

    /// What to publish.
    pub(crate) fn published(self, cursor: JournalCursor) -> EventFrame {
        self.frame.journaled_at(cursor)
    }
}

impl Change {
    fn stored(&self, cursor: JournalCursor) -> AgentPoolStoreRecordPayload {
        match self {
            Self::Created => AgentPoolStoreRecordPayload::PoolCreated,
            Self::Joined(member) => AgentPoolStoreRecordPayload::MemberJoined {
                member: Arc::clone(member),
            },
            Self::Left(member) => AgentPoolStoreRecordPayload::MemberLeft {
                member: Arc::clone(member),
            },
            Self::Message {
                message,
                status,
                delivered_to,
            } => {
                let receipt = Arc::new(MessageReceipt {
                    message_id: message.message_id.clone(),
                    status: *status,
                    delivered_to: delivered_to.clone(),
                    journal_cursor: Some(cursor),
                });
                let message = Arc::clone(message);
                let stored = AgentPoolStoredMessage { message, receipt };
                AgentPoolStoreRecordPayload::RunMessage { stored }
            }
            Self::Wake { wake, status } => {
                let mut stored = wake.clone();
                stored.registration.status = *status;
                stored.registration.journal_cursor = Some(cursor);
                AgentPoolStoreRecordPayload::Wake { stored }
            }
        }
    }
}

/// What a message is about: the refs of its address and its receivers, sorted by kind and id, the
/// first kept of equal ones (REFERENCE 15).
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

/// A text that comes before another's where the ref comes before the other in a list of related refs.
fn place(related: &EntityRef) -> Arc<str> {
    let kind = char::from(related.kind as u8);
    format!("{kind}{}", related.id.as_str()).into()
}

/// Runs in their order, each once; as they are, as a rule.
fn sorted(run_ids: &[RunId]) -> Cow<'_, [RunId]> {
    if run_ids.is_sorted_by(|left, right| left < right) {
        return Cow::Borrowed(run_ids);
    }
    let sorted: IdSet<RunId> = run_ids.iter().cloned().collect();
    Cow::Owned(sorted.ids().cloned().collect())
}
