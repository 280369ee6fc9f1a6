//! The one error type of the crate.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use serde::Serialize;

use super::{
    AgentErrorKind, AgentPoolId, ErrorCode, EventId, IdempotencyKey, MessageId,
    RetryClassification, RunId, Text, WakeConditionId,
};

/// The error of an operation that did not happen, or only in part.
///
/// `kind` and `retry` are the reference's classifications, `code` names the exact case, `ids` names what the error is
/// about, and [`Error::source`] is what a port threw, unchanged. Neither `Debug` nor `Display` shows the ids or the
/// source: both may hold data of the host's users (DESIGN 5).
#[derive(Clone)]
pub struct AgentError(Box<AgentErrorFields>);

/// The fields of an [`AgentError`]. They are in a box, since nearly every function of the crate returns an error or
/// something else: with the box, an error is passed on as a pointer and not as all of this.
#[derive(Clone)]
pub struct AgentErrorFields {
    /// The class of the failure (REFERENCE, Errors).
    pub kind: AgentErrorKind,
    /// Whether calling again can help.
    pub retry: RetryClassification,
    /// The exact case.
    pub code: ErrorCode,
    /// A sentence for people, free of ids and content.
    pub message: Cow<'static, str>,
    /// The ids concerned.
    pub ids: ErrorIds,
    /// The error that a port threw.
    pub source: Option<Rc<dyn Error>>,
}

impl Deref for AgentError {
    type Target = AgentErrorFields;

    fn deref(&self) -> &AgentErrorFields {
        &self.0
    }
}

/// The ids that an error concerns; those that do not apply are left out.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct ErrorIds {
    /// The run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunId>,
    /// The pool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool_id: Option<AgentPoolId>,
    /// The message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// The wake condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition_id: Option<WakeConditionId>,
    /// The idempotency key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
    /// The journal record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_id: Option<Text>,
    /// The event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
}

impl AgentError {
    /// An error of the given case, classified as [`ErrorCode::classification`] says, with a message of its own.
    pub fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        let (kind, retry) = code.classification();
        Self(Box::new(AgentErrorFields {
            kind,
            retry,
            code,
            message: message.into(),
            ids: ErrorIds::default(),
            source: None,
        }))
    }

    /// The same error with another classification: a port's error keeps the port's own classification.
    pub fn with_classification(mut self, kind: AgentErrorKind, retry: RetryClassification) -> Self {
        self.0.kind = kind;
        self.0.retry = retry;
        self
    }

    /// The same error, with the error that a port threw.
    pub fn with_source(mut self, source: Rc<dyn Error>) -> Self {
        self.0.source = Some(source);
        self
    }

    /// The same error, naming the run.
    pub fn with_run(mut self, run_id: &RunId) -> Self {
        self.0.ids.run_id = Some(run_id.clone());
        self
    }

    /// The same error, naming the pool.
    pub fn with_pool(mut self, pool_id: &AgentPoolId) -> Self {
        self.0.ids.pool_id = Some(pool_id.clone());
        self
    }

    /// The same error, naming the message.
    pub fn with_message_id(mut self, message_id: &MessageId) -> Self {
        self.0.ids.message_id = Some(message_id.clone());
        self
    }

    /// The same error, naming the wake condition.
    pub fn with_condition(mut self, condition_id: &WakeConditionId) -> Self {
        self.0.ids.condition_id = Some(condition_id.clone());
        self
    }

    /// The same error, naming the idempotency key.
    pub fn with_key(mut self, idempotency_key: &IdempotencyKey) -> Self {
        self.0.ids.idempotency_key = Some(idempotency_key.clone());
        self
    }

    /// The same error, naming the journal record.
    pub fn with_record(mut self, record_id: impl Into<Text>) -> Self {
        self.0.ids.record_id = Some(record_id.into());
        self
    }

    /// The same error, naming the event.
    pub fn with_event(mut self, event_id: EventId) -> Self {
        self.0.ids.event_id = Some(event_id);
        self
    }
}

impl From<ErrorCode> for AgentError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, code.message())
    }
}

impl fmt::Display for AgentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl fmt::Debug for AgentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AgentError")
            .field("kind", &self.kind)
            .field("retry", &self.retry)
            .field("code", &self.code)
            .field("message", &self.message)
            .field("ids", &self.ids)
            .field("has_source", &self.source.is_some())
            .finish()
    }
}

impl Error for AgentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref()
    }
}

impl fmt::Debug for ErrorIds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = [
            ("run_id", self.run_id.is_some()),
            ("pool_id", self.pool_id.is_some()),
            ("message_id", self.message_id.is_some()),
            ("condition_id", self.condition_id.is_some()),
            ("idempotency_key", self.idempotency_key.is_some()),
            ("record_id", self.record_id.is_some()),
            ("event_id", self.event_id.is_some()),
        ];
        formatter
            .debug_set()
            .entries(
                named
                    .iter()
                    .filter(|(_, present)| *present)
                    .map(|(name, _)| name),
            )
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("secret payload")]
    struct Thrown;

    #[test]
    fn an_error_tells_its_case_and_keeps_what_a_port_threw() {
        let error = AgentError::from(ErrorCode::JournalRejected)
            .with_source(Rc::new(Thrown))
            .with_run(&RunId::new("secret run").unwrap())
            .with_record("secret record");
        assert_eq!(error.kind, AgentErrorKind::JournalFailure);
        assert_eq!(error.retry, RetryClassification::Retryable);
        assert!(Error::source(&error).unwrap().is::<Thrown>());
        assert_eq!(
            serde_json::to_string(&error.ids).unwrap(),
            r#"{"run_id":"secret run","record_id":"secret record"}"#
        );
    }

    #[test]
    fn the_error_of_a_port_may_keep_the_classification_of_the_port() {
        let (kind, retry) = (
            AgentErrorKind::Timeout,
            RetryClassification::UserActionNeeded,
        );
        let error = AgentError::new(ErrorCode::JournalRejected, "the disk is full")
            .with_classification(kind, retry);
        assert_eq!((error.kind, error.retry), (kind, retry));
        assert_eq!(error.code, ErrorCode::JournalRejected);
        assert_eq!(error.to_string(), "the disk is full");
    }

    #[test]
    fn a_formatted_error_shows_neither_ids_nor_the_source() {
        let error = AgentError::from(ErrorCode::JournalRejected)
            .with_source(Rc::new(Thrown))
            .with_message_id(&MessageId::new("secret message").unwrap())
            .with_record("secret record");
        let text = format!("{error} {error:?}");
        assert!(!text.contains("secret"), "{text}");
        assert!(
            text.contains(r#"ids: {"message_id", "record_id"}, has_source: true"#),
            "{text}"
        );
        let message = ErrorCode::JournalRejected.message();
        assert_eq!(text.matches(message).count(), 2, "{text}");
    }

    #[test]
    fn an_error_is_small_enough_to_be_returned_by_value() {
        assert_eq!(size_of::<Result<(), AgentError>>(), size_of::<usize>());
    }
}
