//! Addresses: to whom a message goes.

use std::sync::Arc;

use serde::de::Deserializer;
use serde::{Deserialize, Serialize};

use super::object::from_object;
use super::{is_empty, present};
use crate::domain::{
    AgentId, AgentPoolId, DestinationKind, DestinationRef, EntityRef, List, RunId, TopicId,
};

/// To whom a message goes.
///
/// On input `destination_ref` may be missing: it is then made from the target, and `related_refs`, if missing as well,
/// too; beside a given `destination_ref`, missing `related_refs` are empty, as in the reference. `{"run": id}`,
/// `{"agent": id}`, `{"topic": id}` and `{"pool": id}` stand for the whole address (DESIGN 4).
// Neither ref is checked against the target (REFERENCE 15).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct RunAddress {
    /// Who the message is for.
    pub target: RunAddressTarget,
    /// How the destination is shown in events.
    pub destination_ref: DestinationRef,
    /// What the message's records are related to, besides its receivers.
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
    /// All members of an agent.
    Agent {
        /// The agent.
        agent_id: AgentId,
    },
    /// All members that listen to a topic.
    Topic {
        /// The topic.
        topic_id: TopicId,
    },
    /// All members of the pool; another pool's id reaches nobody (REFERENCE 11).
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

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TargetType {
    Run,
    Agent,
    Topic,
    Pool,
}

/// The target as it is read. serde's own reading of tagged enumerations would lose where in it an error is.
#[derive(Deserialize)]
struct TargetFields {
    r#type: TargetType,
    #[serde(default, deserialize_with = "present")]
    run_id: Option<RunId>,
    #[serde(default, deserialize_with = "present")]
    agent_id: Option<AgentId>,
    #[serde(default, deserialize_with = "present")]
    topic_id: Option<TopicId>,
    #[serde(default, deserialize_with = "present")]
    pool_id: Option<AgentPoolId>,
}

impl<'de> Deserialize<'de> for RunAddressTarget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_object(deserializer, "the target of an address", target)
    }
}

fn target(fields: TargetFields) -> Result<RunAddressTarget, &'static str> {
    let target = match fields.r#type {
        TargetType::Run => fields.run_id.map(|run_id| RunAddressTarget::Run { run_id }),
        TargetType::Agent => fields
            .agent_id
            .map(|agent_id| RunAddressTarget::Agent { agent_id }),
        TargetType::Topic => fields
            .topic_id
            .map(|topic_id| RunAddressTarget::Topic { topic_id }),
        TargetType::Pool => fields
            .pool_id
            .map(|pool_id| RunAddressTarget::Pool { pool_id }),
    };
    target.ok_or(match fields.r#type {
        TargetType::Run => "missing field `run_id`",
        TargetType::Agent => "missing field `agent_id`",
        TargetType::Topic => "missing field `topic_id`",
        TargetType::Pool => "missing field `pool_id`",
    })
}

/// The address as it is read: the full form, or one of the short ones.
#[derive(Deserialize)]
struct AddressFields {
    #[serde(default, deserialize_with = "present")]
    target: Option<RunAddressTarget>,
    #[serde(default, deserialize_with = "present")]
    destination_ref: Option<DestinationRef>,
    #[serde(default, deserialize_with = "present")]
    related_refs: Option<List<EntityRef>>,
    #[serde(default, deserialize_with = "present")]
    run: Option<RunId>,
    #[serde(default, deserialize_with = "present")]
    agent: Option<AgentId>,
    #[serde(default, deserialize_with = "present")]
    topic: Option<TopicId>,
    #[serde(default, deserialize_with = "present")]
    pool: Option<AgentPoolId>,
}

impl<'de> Deserialize<'de> for RunAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_object(deserializer, "an address", address)
    }
}

fn address(fields: AddressFields) -> Result<RunAddress, &'static str> {
    use RunAddressTarget as Target;
    let mut targets = [
        fields.target,
        fields.run.map(|run_id| Target::Run { run_id }),
        fields.agent.map(|agent_id| Target::Agent { agent_id }),
        fields.topic.map(|topic_id| Target::Topic { topic_id }),
        fields.pool.map(|pool_id| Target::Pool { pool_id }),
    ]
    .into_iter()
    .flatten();
    let target = targets
        .next()
        .ok_or("names no target: a run, an agent, a topic or a pool")?;
    // Guessing which was meant would deliver a message to the wrong runs.
    if targets.next().is_some() {
        return Err("an address names one target");
    }
    let related_refs = match fields.destination_ref {
        None => fields.related_refs,
        Some(_) => Some(fields.related_refs.unwrap_or_default()),
    };
    let derived = RunAddress::from(target);
    Ok(RunAddress {
        destination_ref: fields.destination_ref.unwrap_or(derived.destination_ref),
        related_refs: related_refs.unwrap_or(derived.related_refs),
        target: derived.target,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<RunAddress, (String, String)> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        serde_path_to_error::deserialize(&mut deserializer)
            .map_err(|error| (error.path().to_string(), error.inner().to_string()))
    }

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
            assert_eq!(read(&format!(r#"{{"{name}":"x"}}"#)).unwrap(), address);
            let target = format!(r#"{{"target":{{"type":"{name}","{field}":"x"}}}}"#);
            assert_eq!(read(&target).unwrap(), address);
            assert_eq!(
                read(&serde_json::to_string(&address).unwrap()).unwrap(),
                address
            );
        }
    }

    #[test]
    fn beside_a_destination_ref_missing_related_refs_are_empty_as_in_the_reference() {
        let destination = r#"{"kind":"host","id":"d","privacy":"public","retention":"durable"}"#;
        let target = r#""target":{"type":"run","run_id":"r1"}"#;
        let given = read(&format!(r#"{{{target},"destination_ref":{destination}}}"#)).unwrap();
        assert_eq!(given.destination_ref.kind, DestinationKind::Host);
        assert!(given.related_refs.is_empty());
        let empty = read(&format!(r#"{{{target},"related_refs":[]}}"#)).unwrap();
        assert_eq!(empty.destination_ref.kind, DestinationKind::Agent);
        assert!(empty.related_refs.is_empty());
    }

    #[test]
    fn a_malformed_address_is_located() {
        for (json, path, message) in [
            (
                r#"{}"#,
                ".",
                "names no target: a run, an agent, a topic or a pool",
            ),
            (r#"{"run":""}"#, "run", "identifier is empty"),
            (
                r#"{"run":"r1","topic":"t1"}"#,
                ".",
                "an address names one target",
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
            (r#""r1""#, ".", "invalid type: string"),
        ] {
            let (at, why) = read(json).unwrap_err();
            assert_eq!(at, path, "{json}");
            assert!(why.starts_with(message), "{json}: {why}");
        }
    }

    #[test]
    fn unknown_fields_are_ignored() {
        assert!(read(r#"{"run":"r1","color":"red"}"#).is_ok());
        assert!(read(r#"{"target":{"type":"run","run_id":"r1","color":"red"}}"#).is_ok());
    }
}
