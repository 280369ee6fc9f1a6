//! What a pool knows: an indexed projection of its store records. [`PoolState::apply`] is the only
//! way to change it, so a state is always the fold over a pool's history.

mod wake_index;

use std::iter::from_fn;
use std::sync::Arc;

use crate::domain::{
    AgentId, AgentPoolId, IdMap, IdSet, IdTable, IdempotencyKey, List, MessageId, PolicyRef, RunId,
    TopicId, WakeConditionId,
};
use crate::record::{
    AgentPoolMember, AgentPoolSnapshot, AgentPoolStoreConfig, AgentPoolStoreCursor,
    AgentPoolStoreRecord, AgentPoolStoreRecordPayload, AgentPoolStoredMessage, AgentPoolStoredWake,
    RunAddress, WakeRegistrationStatus,
};
pub(crate) use wake_index::WakeIndex;

/// The state of one pool.
pub(crate) struct PoolState {
    pool_id: AgentPoolId,
    config: Arc<AgentPoolStoreConfig>,
    created: bool,
    sequence: u64,
    /// Every run that ever joined.
    runs: IdTable<RunId, Run>,
    /// The runs that are members, in id order.
    members: IdMap<RunId, Arc<AgentPoolMember>>,
    /// How often the members changed.
    membership: u64,
    runs_by_agent: IdTable<AgentId, IdSet<RunId>>,
    runs_by_topic: IdMap<TopicId, IdSet<RunId>>,
    messages: IdTable<MessageId, AgentPoolStoredMessage>,
    message_keys: IdTable<IdempotencyKey, MessageId>,
    wakes: IdMap<WakeConditionId, Arc<AgentPoolStoredWake>>,
    wake_keys: IdTable<IdempotencyKey, WakeConditionId>,
    wake_index: WakeIndex,
}

/// A run that is a member, or was one.
#[cfg_attr(test, derive(PartialEq))]
struct Run {
    /// The latest agent of the run. It is kept for wakes, which outlive the run's membership.
    agent_id: AgentId,
    member: Option<Arc<AgentPoolMember>>,
    /// The address of this run, and the list with this run only. Messages share them.
    address: Arc<RunAddress>,
    alone: List<RunId>,
}

impl PoolState {
    /// The state of a pool that was just opened: only its configuration.
    pub(crate) fn new(pool_id: AgentPoolId, config: Arc<AgentPoolStoreConfig>) -> Self {
        Self {
            pool_id,
            config,
            created: false,
            sequence: 0,
            runs: IdTable::default(),
            members: IdMap::default(),
            membership: 0,
            runs_by_agent: IdTable::default(),
            runs_by_topic: IdMap::default(),
            messages: IdTable::default(),
            message_keys: IdTable::default(),
            wakes: IdMap::default(),
            wake_keys: IdTable::default(),
            wake_index: WakeIndex::default(),
        }
    }

    /// Applies the next record of the pool's history.
    pub(crate) fn apply(&mut self, record: &AgentPoolStoreRecord) {
        self.sequence = record.cursor.sequence;
        match &record.payload {
            AgentPoolStoreRecordPayload::PoolOpened { config } => self.config = Arc::clone(config),
            AgentPoolStoreRecordPayload::PoolCreated => self.created = true,
            AgentPoolStoreRecordPayload::MemberJoined { member } => self.admit(member),
            AgentPoolStoreRecordPayload::MemberLeft { member } => {
                self.dismiss(&member.run_id);
            }
            AgentPoolStoreRecordPayload::RunMessage { stored } => self.settle_message(stored),
            AgentPoolStoreRecordPayload::Wake { stored } => self.settle_wake(stored),
        }
    }

    fn admit(&mut self, member: &Arc<AgentPoolMember>) {
        // Joining again replaces agent, topics and policies (REFERENCE 2, D9).
        self.dismiss(&member.run_id);
        let run_id = &member.run_id;
        let runs = self.runs_by_agent.get_or_default(&member.agent_id);
        runs.add(run_id.clone());
        for topic in &member.topics {
            let runs = self.runs_by_topic.get_or_default(topic);
            runs.add(run_id.clone());
        }
        let known = self.runs.get(run_id);
        let shared = known.map(|run| (Arc::clone(&run.address), Arc::clone(&run.alone)));
        let (address, alone) = shared.unwrap_or_else(|| {
            let address = RunAddress::run(run_id.clone());
            (Arc::new(address), [run_id.clone()].into())
        });
        let run = Run {
            agent_id: member.agent_id.clone(),
            member: Some(Arc::clone(member)),
            address,
            alone,
        };
        self.runs.insert(run_id.clone(), run);
        self.members.insert(run_id.clone(), Arc::clone(member));
        self.membership += 1;
    }

    fn dismiss(&mut self, run_id: &RunId) {
        let Some(member) = self.members.remove(run_id) else {
            return;
        };
        if let Some(run) = self.runs.get_mut(run_id) {
            run.member = None;
        }
        self.membership += 1;
        if let Some(runs) = self.runs_by_agent.get_mut(&member.agent_id) {
            runs.remove(run_id);
            if runs.is_empty() {
                self.runs_by_agent.remove(&member.agent_id);
            }
        }
        for topic in &member.topics {
            if let Some(runs) = self.runs_by_topic.get_mut(topic) {
                runs.remove(run_id);
                if runs.is_empty() {
                    self.runs_by_topic.remove(topic);
                }
            }
        }
    }

    fn settle_message(&mut self, stored: &AgentPoolStoredMessage) {
        let message = &stored.message;
        if self
            .messages
            .insert(message.message_id.clone(), stored.clone())
            .is_none()
        {
            self.message_keys
                .insert(message.idempotency_key.clone(), message.message_id.clone());
        }
    }

    // Not inlined: see `[profile.small]` in Cargo.toml.
    #[inline(never)]
    fn settle_wake(&mut self, stored: &Arc<AgentPoolStoredWake>) {
        let condition = &stored.condition;
        let id = &condition.condition_id;
        let registered = stored.registration.status == WakeRegistrationStatus::Registered;
        if registered {
            self.wake_index
                .insert(id, &stored.compiled_filter, self.members.len());
            self.wake_keys
                .insert(condition.idempotency_key.clone(), id.clone());
        } else {
            self.wake_index.remove(id);
        }
        self.wakes.insert(id.clone(), Arc::clone(stored));
    }

    pub(crate) fn pool_id(&self) -> &AgentPoolId {
        &self.pool_id
    }

    pub(crate) fn config(&self) -> &AgentPoolStoreConfig {
        &self.config
    }

    pub(crate) fn is_created(&self) -> bool {
        self.created
    }

    /// The store sequence of the latest record; 0 before the pool was opened.
    pub(crate) fn sequence(&self) -> u64 {
        self.sequence
    }

    pub(crate) fn member(&self, run_id: &RunId) -> Option<&Arc<AgentPoolMember>> {
        self.member_of_text(run_id.as_str())
    }

    /// The member whose run id has that text.
    #[inline]
    pub(crate) fn member_of_text(&self, run_id: &str) -> Option<&Arc<AgentPoolMember>> {
        self.runs.get_text(run_id)?.member.as_ref()
    }

    /// The address of the run whose id has that text, if it ever joined.
    pub(crate) fn address_of_text(&self, run_id: &str) -> Option<&Arc<RunAddress>> {
        self.runs.get_text(run_id).map(|run| &run.address)
    }

    /// The member of that run, and the list with that run only.
    pub(crate) fn member_alone(
        &self,
        run_id: &RunId,
    ) -> Option<(&Arc<AgentPoolMember>, &List<RunId>)> {
        let run = self.runs.get(run_id)?;
        Some((run.member.as_ref()?, &run.alone))
    }

    /// The members by run id.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Arc<AgentPoolMember>> {
        self.members.values()
    }

    /// The number of the current membership. It changes whenever the members change.
    pub(crate) fn membership(&self) -> u64 {
        self.membership
    }

    /// The latest agent of a run, even if the run has left.
    pub(crate) fn last_agent(&self, run_id: &RunId) -> Option<&AgentId> {
        self.runs.get(run_id).map(|run| &run.agent_id)
    }

    /// The member runs of an agent, in run id order.
    pub(crate) fn runs_of_agent(&self, agent_id: &AgentId) -> impl Iterator<Item = &RunId> {
        ids_of(self.runs_by_agent.get(agent_id))
    }

    /// The member runs that listen to a topic, in run id order.
    pub(crate) fn runs_of_topic(&self, topic_id: &TopicId) -> impl Iterator<Item = &RunId> {
        ids_of(self.runs_by_topic.get(topic_id))
    }

    /// The runs that are members, without this one, in id order.
    pub(crate) fn run_ids_without(&self, run_id: &RunId) -> impl Iterator<Item = RunId> {
        let others = self.members.ids();
        others.filter(move |other| *other != run_id).cloned()
    }

    /// The topics of the members, without this one, in id order.
    pub(crate) fn topics_without(&self, run_id: &RunId) -> impl Iterator<Item = TopicId> {
        let topics = self.runs_by_topic.iter();
        let topics = topics.filter(move |(_, runs)| runs.ids().any(|run| run != run_id));
        topics.map(|(topic, _)| topic.clone())
    }

    /// The topics of the members, in id order (DESIGN D9).
    pub(crate) fn topics(&self) -> impl Iterator<Item = &TopicId> {
        self.runs_by_topic.ids()
    }

    /// Whether a subscriber may see the run's events: the run is a member and holds every policy ref of the pool.
    pub(crate) fn is_observable(&self, run_id: &RunId) -> bool {
        self.member(run_id)
            .is_some_and(|member| member.holds(self.policy_refs()))
    }

    pub(crate) fn policy_refs(&self) -> &List<PolicyRef> {
        &self.config.policy_refs
    }

    pub(crate) fn message(&self, message_id: &MessageId) -> Option<&AgentPoolStoredMessage> {
        self.messages.get(message_id)
    }

    pub(crate) fn message_of_key(&self, key: &IdempotencyKey) -> Option<&AgentPoolStoredMessage> {
        self.messages.get(self.message_keys.get(key)?)
    }

    pub(crate) fn wake(&self, condition_id: &WakeConditionId) -> Option<&Arc<AgentPoolStoredWake>> {
        self.wakes.get(condition_id)
    }

    /// The wake, if it is registered and has not ended.
    pub(crate) fn registered_wake(
        &self,
        condition_id: &WakeConditionId,
    ) -> Option<&Arc<AgentPoolStoredWake>> {
        let wake = self.wakes.get(condition_id);
        wake.filter(|wake| wake.registration.status == WakeRegistrationStatus::Registered)
    }

    pub(crate) fn wake_of_key(&self, key: &IdempotencyKey) -> Option<&Arc<AgentPoolStoredWake>> {
        self.wakes.get(self.wake_keys.get(key)?)
    }

    pub(crate) fn wake_index(&self) -> &WakeIndex {
        &self.wake_index
    }

    /// Everything that is known of the pool, as on the wire.
    pub(crate) fn snapshot(&self) -> AgentPoolSnapshot {
        let message_ids: IdSet<MessageId> = self.messages.ids().cloned().collect();
        let messages = message_ids.ids().filter_map(|id| self.messages.get(id));
        AgentPoolSnapshot {
            pool_id: self.pool_id.clone(),
            created: self.created,
            members: self.members().cloned().collect(),
            topics: self.topics().cloned().collect(),
            message_policy: self.config.message_policy.clone(),
            wake_policy: self.config.wake_policy,
            policy_refs: self.config.policy_refs.clone(),
            messages: messages.cloned().collect(),
            wakes: self.wakes.values().cloned().collect(),
            cursor: (self.sequence > 0).then_some(AgentPoolStoreCursor {
                sequence: self.sequence,
            }),
        }
    }
}

/// The ids of a set, or none if there is no set.
fn ids_of(runs: Option<&IdSet<RunId>>) -> impl Iterator<Item = &RunId> {
    let mut ids = runs.map(IdSet::ids);
    from_fn(move || ids.as_mut()?.next())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
