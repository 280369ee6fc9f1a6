//! What all records and events of a pool have in common (REFERENCE "The JSON, by example").

use std::sync::LazyLock;

use crate::domain::{
    DestinationId, DestinationKind, DestinationRef, List, SourceId, SourceKind, SourceRef, Text,
};
use crate::record::EventTag;

pub(super) const DELIVERY_SEMANTICS: Text = Text::Borrowed("journal_backed");
pub(super) const RUNTIME_PACKAGE_FINGERPRINT: Text =
    Text::Borrowed("runtime.package.fingerprint.agent_pool");
pub(super) const REDACTION_POLICY_ID: Text = Text::Borrowed("redaction.agent_pool.default");

/// Made once and shared: cloning only counts references.
pub(super) struct Constants {
    pub(super) source: SourceRef,
    pub(super) journal: DestinationRef,
    pub(super) event_stream: DestinationRef,
    pub(super) tags: List<EventTag>,
}

pub(super) static CONSTANTS: LazyLock<Constants> = LazyLock::new(|| Constants {
    source: SourceRef::new(
        SourceKind::Sdk,
        SourceId::derived("source.sdk.agent_pool", "", ""),
    ),
    journal: destination(DestinationKind::Journal, "destination.journal.agent_pool"),
    event_stream: destination(
        DestinationKind::EventStream,
        "destination.event_stream.agent_pool",
    ),
    tags: [EventTag::FEATURE].into(),
});

fn destination(kind: DestinationKind, id: &str) -> DestinationRef {
    DestinationRef::new(kind, DestinationId::derived(id, "", ""))
}
