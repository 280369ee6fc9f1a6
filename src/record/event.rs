//! An event: its envelope and its payload.

use serde::Serialize;

use super::EventEnvelope;
use crate::domain::{EntityRef, Text, wire_enum};
use crate::json::{self, FromJson, Json, deserialize, from_json};

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentEvent {
    /// The envelope: everything about the event but its payload.
    pub envelope: EventEnvelope,
    /// The payload.
    pub payload: EventPayload,
}

from_json!(AgentEvent, "an agent event", {
    envelope,
    payload,
});

impl AgentEvent {
    /// An event with a summary of one sentence.
    pub fn with_redacted_summary(
        envelope: EventEnvelope,
        redacted_summary: impl Into<Text>,
    ) -> Self {
        Self {
            envelope,
            payload: EventPayload::RedactedSummary {
                redacted_summary: redacted_summary.into(),
                payload_refs: Vec::new(),
            },
        }
    }
}

/// The payload of an event, which is never content itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum EventPayload {
    /// No payload.
    EnvelopeOnly,
    /// A summary that may be shown in public.
    RedactedSummary {
        /// A summary of one sentence.
        redacted_summary: Text,
        /// References to what it is about.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        payload_refs: Vec<EntityRef>,
    },
}

wire_enum! {
    /// The `mode` of a payload on the wire.
    enum Mode {
        /// No payload.
        EnvelopeOnly = "envelope_only",
        /// A summary that may be shown in public.
        RedactedSummary = "redacted_summary",
    }
}

impl FromJson for EventPayload {
    fn blank() -> Self {
        Self::EnvelopeOnly
    }

    fn fill(&mut self, json: &Json<'_>) -> json::Result<()> {
        let fields = json.fields("the payload of an event")?;
        *self = match fields.get("mode")? {
            Mode::EnvelopeOnly => Self::EnvelopeOnly,
            Mode::RedactedSummary => Self::RedactedSummary {
                redacted_summary: fields.get("redacted_summary")?,
                payload_refs: fields.given("payload_refs")?.unwrap_or_default(),
            },
        };
        Ok(())
    }
}

deserialize!(EventPayload);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_payload_is_located() {
        for (json, path) in [
            (r#"{}"#, ""),
            (r#"{"mode":"raw"}"#, "mode"),
            (r#"{"mode":"redacted_summary"}"#, ""),
            (
                r#"{"mode":"redacted_summary","redacted_summary":5}"#,
                "redacted_summary",
            ),
            (
                r#"{"redacted_summary":"s","payload_refs":[{"kind":"x"}],"mode":"redacted_summary"}"#,
                "payload_refs[0].kind",
            ),
        ] {
            let error = crate::json::read::<EventPayload>(json).unwrap_err();
            assert_eq!(error.path, path, "{json}");
        }
    }

    #[test]
    fn a_payload_is_read_whatever_the_order_of_its_fields() {
        let payload: EventPayload =
            serde_json::from_str(r#"{"redacted_summary":"s","mode":"redacted_summary"}"#).unwrap();
        assert_eq!(
            serde_json::to_string(&payload).unwrap(),
            r#"{"mode":"redacted_summary","redacted_summary":"s"}"#
        );
        let payload: EventPayload = serde_json::from_str(r#"{"mode":"envelope_only"}"#).unwrap();
        assert_eq!(
            serde_json::to_string(&payload).unwrap(),
            r#"{"mode":"envelope_only"}"#
        );
    }
}
