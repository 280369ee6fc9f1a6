//! An event: its envelope and its payload.

use serde::de::Deserializer;
use serde::{Deserialize, Serialize};

use super::EventEnvelope;
use super::object::from_object;
use crate::domain::{EntityRef, Text};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentEvent {
    /// Everything about it but its payload.
    pub envelope: EventEnvelope,
    /// What may be said of it.
    pub payload: EventPayload,
}

impl AgentEvent {
    /// An event with a sentence about it.
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

/// What may be said of an event. Never content itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum EventPayload {
    /// Nothing.
    EnvelopeOnly,
    /// What may be said of it in public.
    RedactedSummary {
        /// A sentence.
        redacted_summary: Text,
        /// References to what it is about.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        payload_refs: Vec<EntityRef>,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    EnvelopeOnly,
    RedactedSummary,
}

/// The payload as it is read. serde's own reading of tagged enumerations would lose where in it an error is.
#[derive(Deserialize)]
#[serde(expecting = "an event payload")]
struct PayloadFields {
    mode: Mode,
    redacted_summary: Option<Text>,
    #[serde(default)]
    payload_refs: Vec<EntityRef>,
}

impl<'de> Deserialize<'de> for EventPayload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_object(deserializer, "the payload of an event", payload)
    }
}

fn payload(fields: PayloadFields) -> Result<EventPayload, &'static str> {
    match fields.mode {
        Mode::EnvelopeOnly => Ok(EventPayload::EnvelopeOnly),
        Mode::RedactedSummary => Ok(EventPayload::RedactedSummary {
            redacted_summary: fields
                .redacted_summary
                .ok_or("missing field `redacted_summary`")?,
            payload_refs: fields.payload_refs,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_payload_is_located() {
        for (json, path) in [
            (r#"{}"#, "."),
            (r#"{"mode":"raw"}"#, "mode"),
            (r#"{"mode":"redacted_summary"}"#, "."),
            (
                r#"{"mode":"redacted_summary","redacted_summary":5}"#,
                "redacted_summary",
            ),
            (
                r#"{"redacted_summary":"s","payload_refs":[{"kind":"x"}],"mode":"redacted_summary"}"#,
                "payload_refs[0].kind",
            ),
        ] {
            let mut deserializer = serde_json::Deserializer::from_str(json);
            let error =
                serde_path_to_error::deserialize::<_, EventPayload>(&mut deserializer).unwrap_err();
            assert_eq!(error.path().to_string(), path, "{json}");
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
