//! Addresses: who a message is for.

use std::sync::Arc;

use serde::Serialize;

use super::is_empty;
use crate::domain::{
    AgentId, AgentPoolId, DestinationKind, DestinationRef, EntityRef, List, RunId, TopicId,
    wire_enum,
};
use crate::json::{self, Fault, Fields, FromJson, Json, deserialize, value};

/// The address of a message.
///
/// On input `destination_ref` may be missing: it is then made from the target, and so is `related_refs` if that is
/// missing too. If `destination_ref` is given and `related_refs` is missing, `related_refs` is empty, as in the
/// reference. `{"run": id}`, `{"agent": id}`, `{"topic": id}` and `{"pool": id}` stand for the whole address
/// (DESIGN 4).
// Neither ref is checked against the target (REFERENCE 15).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct RunAddress {
    /// Who the message is for.
    pub target: RunAddressTarget,
    /// How the destination is shown in events.
    pub destination_ref: DestinationRef,
    /// The entities that the message's records are related to, besides its receivers.
    #[serde(skip_serializing_if = "is_empty")]
    pub related_refs: List<EntityRef>,
}

/// Who a message is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RunAddressTarget {
    /// One run, if it is a member.
    Run {
        /// The run.
        run_id: RunId,
    },
    /// All members of an agent, the sender too if it is one of them.
    Agent {
        /// The agent.
        agent_id: AgentId,
    },
    /// All members that listen to a topic, the sender too if it does.
    Topic {
        /// The topic.
        topic_id: TopicId,
    },
    /// All members of the pool, the sender only if the pool's message policy says so. Another pool's id reaches nobody
    /// (REFERENCE 11).
    Pool {
        /// The pool.
        pool_id: AgentPoolId,
    },
}

impl RunAddress {
    /// To one run.
    pub fn run(run_id: RunId) -> Self {
        RunAddressTarget::Run { run_id }.into()
    }

    /// To all members of an agent.
    pub fn agent(agent_id: AgentId) -> Self {
        RunAddressTarget::Agent { agent_id }.into()
    }

    /// To all members that listen to a topic.
    pub fn topic(topic_id: TopicId) -> Self {
        RunAddressTarget::Topic { topic_id }.into()
    }

    /// To all members of the pool.
    pub fn pool(pool_id: AgentPoolId) -> Self {
        RunAddressTarget::Pool { pool_id }.into()
    }
}

impl From<RunAddressTarget> for RunAddress {
    fn from(target: RunAddressTarget) -> Self {
        use RunAddressTarget as Target;
        let destination_ref = match &target {
            // A run has no destination kind of its own; it is addressed as an agent.
            Target::Run { run_id } => DestinationRef::new(DestinationKind::Agent, run_id),
            Target::Agent { agent_id } => DestinationRef::new(DestinationKind::Agent, agent_id),
            Target::Topic { topic_id } => DestinationRef::new(DestinationKind::Topic, topic_id),
            Target::Pool { pool_id } => DestinationRef::new(DestinationKind::AgentPool, pool_id),
        };
        let related_ref = match &target {
            Target::Run { run_id } => EntityRef::run(run_id),
            Target::Agent { agent_id } => EntityRef::agent(agent_id),
            Target::Topic { topic_id } => EntityRef::topic(topic_id),
            Target::Pool { pool_id } => EntityRef::agent_pool(pool_id),
        };
        Self {
            target,
            destination_ref,
            related_refs: Arc::new([related_ref]),
        }
    }
}

wire_enum! {
    /// The type of a target.
    enum TargetType {
        /// One run.
        Run = "run",
        /// An agent.
        Agent = "agent",
        /// A topic.
        Topic = "topic",
        /// The pool.
        Pool = "pool",
    }
}

impl FromJson for RunAddressTarget {
    fn blank() -> Self {
        Self::Run {
            run_id: RunId::blank(),
        }
    }

    fn fill(&mut self, json: &Json<'_>) -> json::Result<()> {
        let fields = json.fields("the target of an address")?;
        *self = match fields.get("type")? {
            TargetType::Run => target(TargetType::Run, fields.there("run_id")?)?,
            TargetType::Agent => target(TargetType::Agent, fields.there("agent_id")?)?,
            TargetType::Topic => target(TargetType::Topic, fields.there("topic_id")?)?,
            TargetType::Pool => target(TargetType::Pool, fields.there("pool_id")?)?,
        };
        Ok(())
    }
}

impl FromJson for RunAddress {
    fn blank() -> Self {
        RunAddressTarget::blank().into()
    }

    fn fill(&mut self, json: &Json<'_>) -> json::Result<()> {
        let fields = json.fields("an address")?;
        *self = Self::from(named_target(json, fields)?);
        if let Some(destination_ref) = fields.given("destination_ref")? {
            self.destination_ref = destination_ref;
            self.related_refs = List::default();
        }
        fields.optional("related_refs", &mut self.related_refs)
    }
}

deserialize!(RunAddressTarget, RunAddress);

fn target(target_type: TargetType, id: &Json<'_>) -> json::Result<RunAddressTarget> {
    use RunAddressTarget as Target;
    Ok(match target_type {
        TargetType::Run => Target::Run { run_id: value(id)? },
        TargetType::Agent => Target::Agent {
            agent_id: value(id)?,
        },
        TargetType::Topic => Target::Topic {
            topic_id: value(id)?,
        },
        TargetType::Pool => Target::Pool {
            pool_id: value(id)?,
        },
    })
}

/// The target of an address, in its full form or in one of the short forms.
fn named_target(json: &Json<'_>, fields: Fields<'_>) -> json::Result<RunAddressTarget> {
    let mut named = fields.given("target")?;
    for target_type in TargetType::ALL {
        let Some(id) = fields.find(target_type.as_str())? else {
            continue;
        };
        // A guess could deliver a message to the wrong runs.
        if named.replace(target(*target_type, id)?).is_some() {
            return Err(Fault::new(json, "names more than one target"));
        }
    }
    named.ok_or_else(|| Fault::new(json, "names no target; give one of run, agent, topic, pool"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{DestinationId, EntityId, EntityKind};
    use crate::json::read;

    #[test]
    fn a_short_address_is_filled_in() {
        let run = RunAddress::run(RunId::new("x").unwrap());
        let agent = RunAddress::agent(AgentId::new("x").unwrap());
        let topic = RunAddress::topic(TopicId::new("x").unwrap());
        let pool = RunAddress::pool(AgentPoolId::new("x").unwrap());
        for (name, field, address) in [
            ("run", "run_id", run),
            ("agent", "agent_id", agent),
            ("topic", "topic_id", topic),
            ("pool", "pool_id", pool),
        ] {
            assert_eq!(
                read::<RunAddress>(&format!(r#"{{"{name}":"x"}}"#)).unwrap(),
                address
            );
            let target = format!(r#"{{"target":{{"type":"{name}","{field}":"x"}}}}"#);
            assert_eq!(read::<RunAddress>(&target).unwrap(), address);
            assert_eq!(
                read::<RunAddress>(&serde_json::to_string(&address).unwrap()).unwrap(),
                address
            );
        }
    }

    #[test]
    fn the_refs_of_an_address_are_made_from_its_target() {
        for (target, destination, related) in [
            ("run", DestinationKind::Agent, EntityKind::Run),
            ("agent", DestinationKind::Agent, EntityKind::Agent),
            ("topic", DestinationKind::Topic, EntityKind::Topic),
            ("pool", DestinationKind::AgentPool, EntityKind::AgentPool),
        ] {
            let address = read::<RunAddress>(&format!(r#"{{"{target}":"x"}}"#)).unwrap();
            let id = DestinationId::new("x").unwrap();
            assert_eq!(
                address.destination_ref,
                DestinationRef::new(destination, id)
            );
            let id = EntityId::new("x").unwrap();
            assert_eq!(*address.related_refs, [EntityRef::new(related, id)]);
        }
    }

    #[test]
    fn beside_a_destination_ref_missing_related_refs_are_empty_as_in_the_reference() {
        let destination = r#"{"kind":"host","id":"d","privacy":"public","retention":"durable"}"#;
        let target = r#""target":{"type":"run","run_id":"r1"}"#;
        let given = read::<RunAddress>(&format!(r#"{{{target},"destination_ref":{destination}}}"#))
            .unwrap();
        assert_eq!(given.destination_ref.kind, DestinationKind::Host);
        assert!(given.related_refs.is_empty());
        let empty = read::<RunAddress>(&format!(r#"{{{target},"related_refs":[]}}"#)).unwrap();
        assert_eq!(empty.destination_ref.kind, DestinationKind::Agent);
        assert!(empty.related_refs.is_empty());
    }

    #[test]
    fn a_malformed_address_is_located() {
        for (json, path, message) in [
            (
                r#"{}"#,
                "",
                "names no target; give one of run, agent, topic, pool",
            ),
            (r#"{"run":""}"#, "run", "identifier is empty"),
            (
                r#"{"run":"r1","topic":"t1"}"#,
                "",
                "names more than one target",
            ),
            (r#"{"target":null}"#, "target", "invalid type: null"),
            (
                r#"{"target":{"run_id":"r1"}}"#,
                "target",
                "missing field `type`",
            ),
            (
                r#"{"target":{"type":"run"}}"#,
                "target",
                "missing field `run_id`",
            ),
            (
                r#"{"target":{"type":"everyone"}}"#,
                "target.type",
                "unknown variant",
            ),
            (
                r#"{"target":{"run_id":"","type":"run"}}"#,
                "target.run_id",
                "identifier is empty",
            ),
            (
                r#"{"run":"r1","destination_ref":null}"#,
                "destination_ref",
                "invalid type: null",
            ),
            (
                r#"{"run":"r1","related_refs":[{"kind":"run"}]}"#,
                "related_refs[0]",
                "missing field `id`",
            ),
            (r#""r1""#, "", "invalid type: string"),
        ] {
            let error = read::<RunAddress>(json).unwrap_err();
            assert_eq!(error.path, path, "{json}");
            assert!(error.reason.starts_with(message), "{json}: {error}");
        }
    }

    #[test]
    fn unknown_fields_are_ignored() {
        assert!(read::<RunAddress>(r#"{"run":"r1","color":"red"}"#).is_ok());
        assert!(
            read::<RunAddress>(r#"{"target":{"type":"run","run_id":"r1","color":"red"}}"#).is_ok()
        );
    }
}
