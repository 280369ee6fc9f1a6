//! The wire: journal records, event frames, effects, filters and store records.
//!
//! The names are the reference's. The JSON is that of `REFERENCE.md`, on input and on output. Output is always the full
//! form; input may be shorter (DESIGN D14 and section 4), and each type says what it fills in. Nothing in this module
//! decides what a pool does; its few rules (what a filter matches, what a bounded stream keeps) belong to the wire
//! format.

mod address;
mod compiled_filter;
mod effect;
mod envelope;
mod event;
mod event_kind;
mod event_signature;
mod event_traits;
mod filter;
mod filter_lookup;
mod filter_set;
#[cfg(test)]
pub(crate) mod fixture;
mod frame;
mod journal_payload;
mod journal_record;
mod journal_record_kind;
mod member;
mod message;
mod offered_frame;
mod overflow;
mod queue;
mod snapshot;
mod store;
mod subscription;
mod time;
mod transition;
mod wake;

pub use address::{RunAddress, RunAddressTarget};
pub use compiled_filter::{
    CompiledEventFilter, EventFilterFingerprint, EventFilterId, EventIndexField,
};
pub use effect::{EffectIntent, EffectKind, EffectResult, EffectTerminalStatus};
pub use envelope::{
    CausalRef, ContentCaptureMode, EVENT_SCHEMA_VERSION, EventCorrelation, EventDeliverySemantics,
    EventEnvelope, EventTag,
};
pub use event::{AgentEvent, EventPayload};
pub use event_kind::{EventFamily, EventKind};
pub(crate) use event_signature::EventSignature;
pub use event_traits::{EntityKinds, EventTraits};
pub use filter::{EventFilter, PayloadAccessMode, SubscriberOverflowPolicy, SubscriberQueueConfig};
pub use filter_set::EventFilterSet;
pub use frame::{
    ArchiveCursor, EventCursor, EventFrame, EventOverflowNotice, EventOverflowReason,
    EventStreamScope,
};
pub use journal_payload::{
    AgentPoolLifecycleStatus, AgentPoolRecord, JournalRecordPayload, RunMessageRecord, WakeRecord,
};
pub use journal_record::{EventIndexProjection, JOURNAL_SCHEMA_VERSION, JournalRecord};
pub use journal_record_kind::JournalRecordKind;
pub use member::{AgentPoolMember, AgentPoolMessagePolicy, AgentPoolWakePolicy};
pub use message::{MessageReceipt, MessageResponseContract, MessageStatus, RunMessage};
pub use offered_frame::OfferedFrame;
pub use queue::SubscriberQueue;
pub use snapshot::AgentPoolSnapshot;
pub use store::{
    AgentPoolStoreConfig, AgentPoolStoreCursor, AgentPoolStoreRecord, AgentPoolStoreRecordPayload,
    AgentPoolStoredMessage, AgentPoolStoredWake,
};
pub use subscription::{FrameStream, cursor_compatible, rescope, subscription};
pub use time::rfc3339;
pub use transition::{
    EventStamp, JournalEntry, MembershipTransition, MessageTransition, PoolEvent, RecordStamp,
    Transition, WakeTransition,
};
pub use wake::{ResumeInputPolicy, WakeCondition, WakeRegistration, WakeRegistrationStatus};

/// Whether a list is left out of the JSON.
fn is_empty<T>(list: &[T]) -> bool {
    list.is_empty()
}
