//! The part of an event that filters look at.

use super::{EventDeliverySemantics, EventEnvelope, EventFamily, EventKind, EventTag};
use crate::domain::{
    AgentId, CorrelationEntry, DestinationKind, EntityKind, EntityRef, PrivacyClass, RunId,
    SourceKind, TurnId,
};

/// The part of an event that filters look at. It is much smaller than the event, and known before the event is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTraits<'a> {
    pub(crate) event_family: EventFamily,
    pub(crate) event_kind: EventKind,
    pub(crate) run_id: &'a RunId,
    pub(crate) agent_id: &'a AgentId,
    pub(crate) turn_id: Option<&'a TurnId>,
    pub(crate) source_kind: SourceKind,
    pub(crate) destination_kind: Option<DestinationKind>,
    pub(crate) subject_kind: EntityKind,
    pub(crate) related_kinds: EntityKinds,
    pub(crate) correlation: &'a [CorrelationEntry],
    pub(crate) tags: &'a [EventTag],
    pub(crate) privacy: PrivacyClass,
    pub(crate) delivery_semantics: EventDeliverySemantics,
}

impl EventEnvelope {
    /// The part that filters look at.
    pub fn traits(&self) -> EventTraits<'_> {
        EventTraits {
            event_family: self.event_family,
            event_kind: self.event_kind,
            run_id: &self.run_id,
            agent_id: &self.agent_id,
            turn_id: self.turn_id.as_ref(),
            source_kind: self.source.kind,
            destination_kind: self.destination.as_ref().map(|to| to.kind),
            subject_kind: self.subject_ref.kind,
            related_kinds: EntityKinds::of(&self.related_refs),
            correlation: &self.correlation.entries,
            tags: &self.tags,
            privacy: self.privacy,
            delivery_semantics: self.delivery_semantics,
        }
    }
}

/// A set of entity kinds. However many receivers a message has, they are one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntityKinds(u32);

impl EntityKinds {
    /// The kinds of these refs.
    fn of(refs: &[EntityRef]) -> Self {
        let mut kinds = Self::default();
        kinds.add_all(refs);
        kinds
    }

    /// Adds a kind.
    pub(crate) fn add(&mut self, kind: EntityKind) {
        self.0 |= 1 << kind as u32;
    }

    /// Adds the kinds of these refs.
    pub(crate) fn add_all(&mut self, refs: &[EntityRef]) {
        refs.iter().for_each(|to| self.add(to.kind));
    }

    /// Whether the set has this kind.
    pub(crate) fn contains(self, kind: EntityKind) -> bool {
        self.0 & (1 << kind as u32) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_kinds_has_the_kinds_that_were_put_in_and_no_other() {
        let mut set = EntityKinds::default();
        for (place, &kind) in EntityKind::ALL.iter().enumerate() {
            set.add(kind);
            set.add(kind);
            let (within, without) = EntityKind::ALL.split_at(place + 1);
            assert!(within.iter().all(|kind| set.contains(*kind)));
            assert!(!without.iter().any(|kind| set.contains(*kind)));
        }
    }
}
