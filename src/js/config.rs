//! The options of a pool, except for its ports.

use crate::domain::{AgentPoolId, List, PolicyRef};
use crate::json::{self, FromJson, Json};
use crate::pool::{AgentPoolMessagePolicy, AgentPoolWakePolicy, WakeMatching};

/// What a pool is built from besides its ports.
pub(super) struct Config {
    pub(super) pool_id: AgentPoolId,
    pub(super) message_policy: AgentPoolMessagePolicy,
    pub(super) wake_policy: AgentPoolWakePolicy,
    pub(super) policy_refs: List<PolicyRef>,
    pub(super) wake_matching: WakeMatching,
    pub(super) outbox_capacity: Option<u32>,
}

impl FromJson for Config {
    fn blank() -> Self {
        Self {
            pool_id: AgentPoolId::blank(),
            message_policy: AgentPoolMessagePolicy::default(),
            wake_policy: AgentPoolWakePolicy::default(),
            policy_refs: List::default(),
            wake_matching: WakeMatching::default(),
            outbox_capacity: None,
        }
    }

    fn fill(&mut self, json: &Json<'_>) -> json::Result<()> {
        let fields = json.fields("options")?;
        fields.required("poolId", &mut self.pool_id)?;
        fields.optional("messagePolicy", &mut self.message_policy)?;
        fields.optional("wakePolicy", &mut self.wake_policy)?;
        fields.optional("policyRefs", &mut self.policy_refs)?;
        fields.optional("wakeMatching", &mut self.wake_matching)?;
        fields.optional("outboxCapacity", &mut self.outbox_capacity)
    }
}
