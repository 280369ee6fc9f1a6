//! Compiled filters: a filter with its fingerprint, ready to match.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::filter_lookup::Lookup;
use super::{
    EventEnvelope, EventFilter, EventSignature, EventTraits, PayloadAccessMode,
    SubscriberQueueConfig,
};
use crate::domain::{sha256_hex, wire_enum};
use crate::json::{self, FromJson, Json, blank_text, deserialize};

/// Declares a text that the wire does not check and that is redacted when formatted.
macro_rules! unchecked_text {
    ($( $(#[$meta:meta])* $name:ident; )+) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Any text will do.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromJson for $name {
            fn blank() -> Self {
                Self(blank_text())
            }

            fn fill(&mut self, json: &Json<'_>) -> json::Result<()> {
                self.0 = json.text("a string")?.into();
                Ok(())
            }
        }

        deserialize!($name);

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    )+};
}

unchecked_text! {
    /// The id of a compiled filter: `filter.` and the SHA-256 of its fingerprint's text.
    EventFilterId;
    /// The fingerprint of a filter: `sha256:` and the SHA-256 of its criteria as compact JSON, in declaration order.
    EventFilterFingerprint;
}

wire_enum! {
    /// The fields of an envelope that a filter can select on, in the order `indexed_fields` lists them.
    pub enum EventIndexField {
        /// `run_ids`.
        RunId = "run_id",
        /// `agent_ids`.
        AgentId = "agent_id",
        /// `turn_ids`.
        TurnId = "turn_id",
        /// `families`.
        EventFamily = "event_family",
        /// `kinds`.
        EventKind = "event_kind",
        /// `source_kinds`.
        Source = "source",
        /// `destination_kinds`.
        Destination = "destination",
        /// `subject_kinds`.
        SubjectKind = "subject_kind",
        /// `related_entity_kinds`.
        RelatedEntityKind = "related_entity_kind",
        /// `correlation_keys`.
        CorrelationKey = "correlation_key",
        /// `tags`.
        Tag = "tag",
        /// `privacy_classes`.
        Privacy = "privacy",
        /// `delivery_semantics`.
        DeliverySemantics = "delivery_semantics",
    }
}

/// A filter with its fingerprint, ready to match.
///
/// When it is read from JSON its parts are taken as they are: the fingerprint is not checked against the criteria
/// (REFERENCE 43).
#[derive(Clone, Serialize)]
pub struct CompiledEventFilter {
    filter_id: EventFilterId,
    filter_fingerprint: EventFilterFingerprint,
    indexed_fields: Vec<EventIndexField>,
    payload_access: PayloadAccessMode,
    queue: SubscriberQueueConfig,
    criteria: EventFilter,
    /// What is prepared for matching. In a pool of many members, every scoped filter has as many run ids.
    #[serde(skip)]
    lookup: Arc<Lookup>,
}

impl CompiledEventFilter {
    /// Compiles a filter. Equal criteria have equal fingerprints, in every implementation (REFERENCE,
    /// "CompiledEventFilter").
    pub fn compile(criteria: EventFilter) -> Self {
        let fingerprint = format!("sha256:{}", sha256_hex(json::write(&criteria).as_bytes()));
        let filter_id = format!("filter.{}", sha256_hex(fingerprint.as_bytes()));
        Self {
            filter_id: EventFilterId::new(filter_id),
            filter_fingerprint: EventFilterFingerprint::new(fingerprint),
            indexed_fields: indexed_fields(&criteria),
            payload_access: criteria.payload_access,
            queue: criteria.queue,
            lookup: Arc::new(Lookup::new(&criteria)),
            criteria,
        }
    }

    /// The id of the filter.
    pub fn filter_id(&self) -> &EventFilterId {
        &self.filter_id
    }

    /// The filter's fingerprint.
    pub fn fingerprint(&self) -> &EventFilterFingerprint {
        &self.filter_fingerprint
    }

    /// The fields that the filter selects on: those whose set is not `any`.
    pub fn indexed_fields(&self) -> &[EventIndexField] {
        &self.indexed_fields
    }

    /// How much of the payload is asked for.
    pub fn payload_access(&self) -> PayloadAccessMode {
        self.payload_access
    }

    /// How far a subscriber may fall behind.
    pub fn queue(&self) -> &SubscriberQueueConfig {
        &self.queue
    }

    /// The filter as it was compiled.
    pub fn criteria(&self) -> &EventFilter {
        &self.criteria
    }

    /// Whether an event satisfies every field of the filter.
    pub fn matches(&self, envelope: &EventEnvelope) -> bool {
        self.lets_through(&envelope.traits())
    }

    /// Whether the filter may let the event through that has this signature. If not, it does not.
    pub(crate) fn may_let_through(&self, signature: EventSignature) -> bool {
        self.lookup.signature.agrees(signature)
    }

    /// As `matches`, for an event that need not exist yet.
    pub fn lets_through(&self, event: &EventTraits<'_>) -> bool {
        self.lookup.matches(&self.criteria, event)
    }
}

/// The fields whose set is not `any`.
fn indexed_fields(criteria: &EventFilter) -> Vec<EventIndexField> {
    use EventIndexField as Field;
    [
        (criteria.run_ids.is_any(), Field::RunId),
        (criteria.agent_ids.is_any(), Field::AgentId),
        (criteria.turn_ids.is_any(), Field::TurnId),
        (criteria.families.is_any(), Field::EventFamily),
        (criteria.kinds.is_any(), Field::EventKind),
        (criteria.source_kinds.is_any(), Field::Source),
        (criteria.destination_kinds.is_any(), Field::Destination),
        (criteria.subject_kinds.is_any(), Field::SubjectKind),
        (
            criteria.related_entity_kinds.is_any(),
            Field::RelatedEntityKind,
        ),
        (criteria.correlation_keys.is_any(), Field::CorrelationKey),
        (criteria.tags.is_any(), Field::Tag),
        (criteria.privacy_classes.is_any(), Field::Privacy),
        (
            criteria.delivery_semantics.is_any(),
            Field::DeliverySemantics,
        ),
    ]
    .into_iter()
    .filter(|(any, _)| !any)
    .map(|(_, field)| field)
    .collect()
}

impl CompiledEventFilter {
    /// Everything but the lookup, which follows from the criteria. This is what is compared and shown.
    fn parts(&self) -> impl PartialEq + fmt::Debug + '_ {
        (
            &self.filter_id,
            &self.filter_fingerprint,
            &self.indexed_fields,
            &self.payload_access,
            &self.queue,
            &self.criteria,
        )
    }
}

impl PartialEq for CompiledEventFilter {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for CompiledEventFilter {}

impl fmt::Debug for CompiledEventFilter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("CompiledEventFilter")
            .field(&self.parts())
            .finish()
    }
}

impl FromJson for CompiledEventFilter {
    fn blank() -> Self {
        Self {
            filter_id: FromJson::blank(),
            filter_fingerprint: FromJson::blank(),
            indexed_fields: Vec::new(),
            payload_access: FromJson::blank(),
            queue: FromJson::blank(),
            lookup: Arc::new(Lookup::new(&EventFilter::default())),
            criteria: FromJson::blank(),
        }
    }

    fn fill(&mut self, json: &Json<'_>) -> json::Result<()> {
        let fields = json.fields("a compiled event filter")?;
        fields.required("filter_id", &mut self.filter_id)?;
        fields.required("filter_fingerprint", &mut self.filter_fingerprint)?;
        fields.required("indexed_fields", &mut self.indexed_fields)?;
        fields.required("payload_access", &mut self.payload_access)?;
        fields.required("queue", &mut self.queue)?;
        fields.required("criteria", &mut self.criteria)?;
        self.lookup = Arc::new(Lookup::new(&self.criteria));
        Ok(())
    }
}

deserialize!(CompiledEventFilter);

#[cfg(test)]
mod tests {
    use super::super::fixture::frame;
    use super::super::{EventFilterSet, EventKind};
    use super::*;

    #[test]
    fn the_default_filter_has_the_fingerprint_of_the_reference() {
        let filter = EventFilter::default();
        assert_eq!(
            serde_json::to_string(&filter).unwrap(),
            concat!(
                r#"{"run_ids":"any","agent_ids":"any","turn_ids":"any","families":"any","kinds":"any","#,
                r#""source_kinds":"any","destination_kinds":"any","subject_kinds":"any","#,
                r#""related_entity_kinds":"any","correlation_keys":"any","tags":"any","#,
                r#""privacy_classes":"any","delivery_semantics":"any","terminal_only":false,"#,
                r#""payload_access":"envelope_only","#,
                r#""queue":{"capacity":64,"terminal_reserve":1,"overflow":"drop_non_terminal"}}"#,
            )
        );
        let compiled = CompiledEventFilter::compile(filter);
        assert_eq!(
            compiled.fingerprint().as_str(),
            "sha256:1b94606b5027c79186c898a53acf9cf0e95bb12e3daa28f705e9a6fcb954520a"
        );
        assert_eq!(
            compiled.filter_id().as_str(),
            "filter.1cfc68d255e7f68605cdc53c84088aa1b5456521b6edb3a5a515733d3b9c8195"
        );
        assert!(compiled.indexed_fields().is_empty());
    }

    #[test]
    fn indexed_fields_are_the_sets_that_are_not_any_in_order() {
        let compiled = CompiledEventFilter::compile(EventFilter {
            delivery_semantics: EventFilterSet::Include(Vec::new()),
            run_ids: EventFilterSet::Include(Vec::new()),
            kinds: EventFilterSet::Include(Vec::new()),
            terminal_only: true,
            ..EventFilter::default()
        });
        use EventIndexField::{DeliverySemantics, EventKind, RunId};
        assert_eq!(
            compiled.indexed_fields(),
            [RunId, EventKind, DeliverySemantics]
        );
    }

    #[test]
    fn a_compiled_filter_read_from_json_matches_as_before_and_is_not_checked() {
        let compiled = CompiledEventFilter::compile(EventFilter::kinds([EventKind::RunCompleted]));
        let mut json = serde_json::to_value(&compiled).unwrap();
        assert_eq!(
            serde_json::from_value::<CompiledEventFilter>(json.clone()).unwrap(),
            compiled
        );
        let mut other = json.clone();
        other["queue"]["capacity"] = 7.into();
        let other: CompiledEventFilter = serde_json::from_value(other).unwrap();
        assert_eq!(other.fingerprint(), compiled.fingerprint());
        assert_ne!(other, compiled);
        json["filter_fingerprint"] = "anything".into();
        let read: CompiledEventFilter = serde_json::from_value(json).unwrap();
        assert!(read.matches(&frame(EventKind::RunCompleted, 1).event.envelope));
        assert_ne!(read, compiled);
    }

    #[test]
    fn a_formatted_fingerprint_does_not_show_its_text() {
        let fingerprint = EventFilterFingerprint::new("secret");
        let shown = format!("{fingerprint:?} {:?}", EventFilterId::new("secret"));
        assert_eq!(
            shown,
            "EventFilterFingerprint(redacted) EventFilterId(redacted)"
        );
    }
}
