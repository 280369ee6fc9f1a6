//! The vocabulary every record shares: ids, references, privacy classes and errors.
//!
//! Nothing in here knows the pool, its ports or JavaScript. Every type but [`AgentError`] is plain data: cheap to
//! clone, comparable, `Send`, and serialisable with the names of `REFERENCE.md`.

mod clock_reading;
mod correlation;
mod digest;
mod error;
mod error_code;
mod error_kind;
mod hexadecimal;
mod id_macro;
mod id_map;
mod id_places;
mod ids;
mod policy;
mod privacy;
mod ref_kinds;
mod refs;
mod text;
mod text_hash;
mod wire_enum;

pub use clock_reading::ClockReading;
pub use correlation::CorrelationEntry;
pub(crate) use digest::sha256_hex;
pub use error::{AgentError, AgentErrorFields, ErrorIds};
pub use error_code::ErrorCode;
pub use error_kind::{AgentErrorKind, RetryClassification};
pub(crate) use hexadecimal::hexadecimal;
pub use id_macro::{IdError, MAX_ID_BYTES, derived_id};
pub(crate) use id_map::{Id, IdMap, IdSet, IdTable};
pub use ids::{
    AgentId, AgentPoolId, ArchiveCursorId, AttemptId, ContentRef, ContextItemId, CorrelationKey,
    CorrelationValue, DedupeKey, DestinationId, EffectId, EntityId, EventId, IdempotencyKey,
    JournalCursor, MessageId, PolicyId, RunId, SourceId, SpanId, TopicId, TraceId, TurnId,
    WakeConditionId,
};
pub(crate) use policy::holds_all;
pub use policy::{PolicyKind, PolicyRef};
pub use privacy::{PrivacyClass, RetentionClass, TrustClass};
pub use ref_kinds::{DestinationKind, EntityKind, SourceKind};
pub use refs::{DestinationRef, EntityRef, SourceRef};
pub use text::{List, Text};
#[cfg(test)]
pub(crate) use text_hash::LONGEST_TEXT;
pub(crate) use text_hash::hash as text_hash;
pub(crate) use wire_enum::wire_enum;
