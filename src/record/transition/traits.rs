//! The part of a transition's event that filters look at.

use super::Transition;
use super::constants::CONSTANTS;
use crate::domain::{DestinationKind, EntityKind, PrivacyClass};
use crate::record::{EntityKinds, EventDeliverySemantics, EventFamily, EventTraits};

impl Transition {
    /// The part of its event that filters look at. The event itself is not made for this.
    pub fn traits(&self) -> EventTraits<'_> {
        let (run_id, agent_id, subject_kind) = match self {
            Self::Membership(membership) => {
                let member = &membership.member;
                (&member.run_id, &member.agent_id, EntityKind::Run)
            }
            Self::Message(message) => (
                &message.message.from,
                &message.agent_id,
                EntityKind::Message,
            ),
            Self::Wake(wake) => (
                &wake.wake.condition.run_id,
                &wake.agent_id,
                EntityKind::WakeCondition,
            ),
        };
        let mut traits = EventTraits {
            event_family: EventFamily::AgentPool,
            event_kind: self.event_kind(),
            run_id,
            agent_id,
            turn_id: None,
            source_kind: CONSTANTS.source.kind,
            destination_kind: Some(DestinationKind::Agent),
            subject_kind,
            related_kinds: EntityKinds::default(),
            correlation: &[],
            tags: &CONSTANTS.tags,
            privacy: PrivacyClass::ContentRefsOnly,
            delivery_semantics: EventDeliverySemantics::JournalBacked,
        };
        let related = &mut traits.related_kinds;
        match self {
            Self::Membership(_) => {}
            Self::Message(transition) => {
                let message = &*transition.message;
                related.add_all(&message.to.related_refs);
                if !transition.delivered_to.is_empty() {
                    related.add(EntityKind::Run);
                }
                traits.destination_kind = Some(message.to.destination_ref.kind);
                traits.correlation = &message.correlation.entries;
            }
            Self::Wake(_) => {
                related.add(EntityKind::Run);
                related.add(EntityKind::WakeCondition);
            }
        }
        traits
    }
}
