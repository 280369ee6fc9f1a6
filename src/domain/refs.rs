//! References to things, sources and destinations: kind, id, and how they may be treated.

use serde::Serialize;

use crate::json::from_json;

use super::{
    AgentId, AgentPoolId, CorrelationEntry, DestinationId, DestinationKind, EntityId, EntityKind,
    MessageId, PrivacyClass, RetentionClass, RunId, SourceId, SourceKind, Text, TopicId,
    TrustClass, WakeConditionId,
};

/// Refers to a thing that records and events are about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct EntityRef {
    /// What it is.
    pub kind: EntityKind,
    /// Which one.
    pub id: EntityId,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Box<SourceRef>>,
    /// How openly it may be shown.
    pub privacy: PrivacyClass,
    /// A summary that may be shown in public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redacted_summary: Option<Text>,
}

from_json!(EntityRef, "an entity ref", {
    kind,
    id,
    source = None,
    privacy,
    redacted_summary = None,
});

impl EntityRef {
    /// A reference with the reference implementation's defaults: `content_refs_only`, nothing optional.
    pub fn new(kind: EntityKind, id: impl Into<EntityId>) -> Self {
        Self {
            kind,
            id: id.into(),
            source: None,
            privacy: PrivacyClass::ContentRefsOnly,
            redacted_summary: None,
        }
    }

    /// Refers to a run.
    pub fn run(id: &RunId) -> Self {
        Self::new(EntityKind::Run, id)
    }

    /// Refers to an agent.
    pub fn agent(id: &AgentId) -> Self {
        Self::new(EntityKind::Agent, id)
    }

    /// Refers to a pool.
    pub fn agent_pool(id: &AgentPoolId) -> Self {
        Self::new(EntityKind::AgentPool, id)
    }

    /// Refers to a topic.
    pub fn topic(id: &TopicId) -> Self {
        Self::new(EntityKind::Topic, id)
    }

    /// Refers to a message.
    pub fn message(id: &MessageId) -> Self {
        Self::new(EntityKind::Message, id)
    }

    /// Refers to a wake condition.
    pub fn wake_condition(id: &WakeConditionId) -> Self {
        Self::new(EntityKind::WakeCondition, id)
    }
}

/// Refers to where something comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct SourceRef {
    /// What it is.
    pub kind: SourceKind,
    /// Which one.
    pub id: SourceId,
    /// How far it is believed.
    pub trust: TrustClass,
    /// How openly it may be shown.
    pub privacy: PrivacyClass,
    /// The correlation keys and values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub correlation: Vec<CorrelationEntry>,
    /// A summary that may be shown in public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redacted_summary: Option<Text>,
}

from_json!(SourceRef, "a source ref", {
    kind,
    id,
    trust,
    privacy,
    correlation = Vec::new(),
    redacted_summary = None,
});

impl SourceRef {
    /// A reference with the reference implementation's defaults: `host_provided`, `content_refs_only`, nothing
    /// optional.
    pub fn new(kind: SourceKind, id: SourceId) -> Self {
        Self {
            kind,
            id,
            trust: TrustClass::HostProvided,
            privacy: PrivacyClass::ContentRefsOnly,
            correlation: Vec::new(),
            redacted_summary: None,
        }
    }
}

/// Refers to where something goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct DestinationRef {
    /// What it is.
    pub kind: DestinationKind,
    /// Which one.
    pub id: DestinationId,
    /// How openly it may be shown.
    pub privacy: PrivacyClass,
    /// How long it is kept there.
    pub retention: RetentionClass,
    /// The correlation keys and values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub correlation: Vec<CorrelationEntry>,
    /// A summary that may be shown in public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redacted_summary: Option<Text>,
}

from_json!(DestinationRef, "a destination ref", {
    kind,
    id,
    privacy,
    retention,
    correlation = Vec::new(),
    redacted_summary = None,
});

impl DestinationRef {
    /// A reference with the reference implementation's defaults: `content_refs_only`, `host_policy`, nothing optional.
    pub fn new(kind: DestinationKind, id: impl Into<DestinationId>) -> Self {
        Self {
            kind,
            id: id.into(),
            privacy: PrivacyClass::ContentRefsOnly,
            retention: RetentionClass::HostPolicy,
            correlation: Vec::new(),
            redacted_summary: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_the_defaults_of_the_wire() {
        let run = RunId::new("r2").unwrap();
        assert_eq!(
            serde_json::to_string(&EntityRef::run(&run)).unwrap(),
            r#"{"kind":"run","id":"r2","privacy":"content_refs_only"}"#
        );
        assert_eq!(
            serde_json::to_string(&DestinationRef::new(DestinationKind::Agent, &run)).unwrap(),
            r#"{"kind":"agent","id":"r2","privacy":"content_refs_only","retention":"host_policy"}"#
        );
        let source = SourceRef::new(
            SourceKind::Sdk,
            SourceId::new("source.sdk.agent_pool").unwrap(),
        );
        assert_eq!(
            serde_json::to_string(&source).unwrap(),
            r#"{"kind":"sdk","id":"source.sdk.agent_pool","trust":"host_provided","privacy":"content_refs_only"}"#
        );
    }
}
