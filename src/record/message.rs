//! Messages from one run to others, and their receipts.

use std::sync::Arc;

use serde::Serialize;

use super::{EffectTerminalStatus, EventCorrelation, EventKind, RunAddress, is_empty};
use crate::domain::{
    ContentRef, IdempotencyKey, JournalCursor, List, MessageId, PolicyRef, RunId, wire_enum,
};
use crate::json::from_json;

/// A message from one run to others. It carries a reference to its content, never the content.
///
/// On input `correlation` may be missing: it is then empty (DESIGN D14).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct RunMessage {
    /// The id of the message.
    pub message_id: MessageId,
    /// The run that sends it.
    pub from: RunId,
    /// The address. Messages to one run share it.
    pub to: Arc<RunAddress>,
    /// The reference to its content.
    pub content_ref: ContentRef,
    /// The correlation keys and values.
    pub correlation: EventCorrelation,
    /// The message that it replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// The replies that it asks for; only stored (REFERENCE 16).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_contract: Option<MessageResponseContract>,
    /// The time from which it is too late to deliver the message, in Unix milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at_millis: Option<u64>,
    /// The key by which a repeated send is recognised.
    pub idempotency_key: IdempotencyKey,
    /// The policies that its receivers must hold.
    #[serde(skip_serializing_if = "is_empty")]
    pub policy_refs: List<PolicyRef>,
}

from_json!(RunMessage, "a run message", {
    message_id,
    from,
    to,
    content_ref,
    correlation = EventCorrelation::default(),
    reply_to = None,
    response_contract = None,
    expires_at_millis = None,
    idempotency_key,
    policy_refs = List::default(),
});

impl RunMessage {
    /// A message without optional fields.
    pub fn new(
        message_id: MessageId,
        from: RunId,
        to: impl Into<Arc<RunAddress>>,
        content_ref: ContentRef,
        idempotency_key: IdempotencyKey,
    ) -> Self {
        Self {
            message_id,
            from,
            to: to.into(),
            content_ref,
            correlation: EventCorrelation::default(),
            reply_to: None,
            response_contract: None,
            expires_at_millis: None,
            idempotency_key,
            policy_refs: List::default(),
        }
    }

    /// The same message, with one more policy that its receivers must hold.
    pub fn policy_ref(mut self, policy_ref: PolicyRef) -> Self {
        self.policy_refs = self
            .policy_refs
            .iter()
            .cloned()
            .chain([policy_ref])
            .collect();
        self
    }
}

/// The replies that a message asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct MessageResponseContract {
    /// The number of replies.
    pub expected_responses: u32,
    /// The time for the replies, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_millis: Option<u64>,
}

from_json!(MessageResponseContract, "a message response contract", {
    expected_responses,
    timeout_millis = None,
});

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MessageReceipt {
    /// The message.
    pub message_id: MessageId,
    /// The status of the message.
    pub status: MessageStatus,
    /// The runs that got the message: for a send in order of run id, for a recorded status as the host gave them.
    #[serde(skip_serializing_if = "is_empty")]
    pub delivered_to: List<RunId>,
    /// The cursor of the status' record in the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_cursor: Option<JournalCursor>,
}

from_json!(MessageReceipt, "a message receipt", {
    message_id,
    status,
    delivered_to = List::default(),
    journal_cursor = None,
});

wire_enum! {
    /// What became of a message.
    pub enum MessageStatus {
        /// It will be delivered.
        Accepted = "accepted",
        /// Its receivers have it.
        Delivered = "delivered",
        /// It was answered.
        Responded = "responded",
        /// It reached nobody, or could not be processed.
        Failed = "failed",
        /// It was not answered in time.
        TimedOut = "timed_out",
        /// It was too late to deliver the message.
        Expired = "expired",
        /// It was cancelled.
        Cancelled = "cancelled",
    }
}

impl MessageStatus {
    /// The kind of event that reports it.
    pub const fn event_kind(self) -> EventKind {
        match self {
            Self::Accepted => EventKind::RunMessageAccepted,
            Self::Delivered => EventKind::RunMessageDelivered,
            Self::Responded => EventKind::RunMessageResponded,
            Self::Failed => EventKind::RunMessageFailed,
            Self::TimedOut => EventKind::RunMessageTimedOut,
            Self::Expired => EventKind::RunMessageExpired,
            Self::Cancelled => EventKind::RunMessageCancelled,
        }
    }

    /// The summary that events and effect results carry.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Accepted => "run message accepted",
            Self::Delivered => "run message delivered",
            Self::Responded => "run message responded",
            Self::Failed => "run message failed",
            Self::TimedOut => "run message timed out",
            Self::Expired => "run message expired",
            Self::Cancelled => "run message cancelled",
        }
    }

    /// The outcome of the delivery as an effect; `None` for `accepted`, which only announces the delivery.
    pub const fn effect_terminal_status(self) -> Option<EffectTerminalStatus> {
        match self {
            Self::Accepted => None,
            Self::Delivered | Self::Responded => Some(EffectTerminalStatus::Completed),
            Self::Failed | Self::Expired => Some(EffectTerminalStatus::Failed),
            Self::TimedOut => Some(EffectTerminalStatus::TimedOut),
            Self::Cancelled => Some(EffectTerminalStatus::Cancelled),
        }
    }

    /// Whether a message may have this status after `previous` (DESIGN D8): none -> any; accepted -> any other;
    /// delivered -> responded, failed, timed out, expired, cancelled; these are final.
    pub const fn may_follow(self, previous: Option<Self>) -> bool {
        match previous {
            None => true,
            Some(Self::Accepted) => !matches!(self, Self::Accepted),
            Some(Self::Delivered) => !matches!(self, Self::Accepted | Self::Delivered),
            Some(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MessageStatus::*;
    use super::*;

    #[test]
    fn a_status_follows_only_what_it_may_follow_d8() {
        let ends = [Responded, Failed, TimedOut, Expired, Cancelled];
        for &status in MessageStatus::ALL {
            assert!(status.may_follow(None));
            assert_eq!(status.may_follow(Some(Accepted)), status != Accepted);
            assert_eq!(status.may_follow(Some(Delivered)), ends.contains(&status));
            assert!(ends.iter().all(|&end| !status.may_follow(Some(end))));
        }
    }

    #[test]
    fn every_status_but_accepted_is_the_result_of_an_effect() {
        for &status in MessageStatus::ALL {
            assert_eq!(
                status.effect_terminal_status().is_none(),
                status == Accepted
            );
            assert_eq!(
                status.event_kind().as_str(),
                format!("run_message_{status}")
            );
            assert_eq!(
                status.summary(),
                format!("run message {status}").replace('_', " ")
            );
        }
    }

    fn read(json: &str) -> Result<RunMessage, String> {
        crate::json::read(json).map_err(|error| error.path)
    }

    #[test]
    fn a_message_may_leave_out_what_is_obvious_and_comes_out_in_full() {
        let message = read(
            r#"{"message_id":"m1","from":"r1","to":{"run":"r2"},"content_ref":"c","idempotency_key":"k1",
                "policy_refs":["p1"]}"#,
        )
        .unwrap();
        assert_eq!(
            serde_json::to_value(&message).unwrap(),
            serde_json::json!({
                "message_id": "m1", "from": "r1", "content_ref": "c", "idempotency_key": "k1",
                "to": {
                    "target": {"type": "run", "run_id": "r2"},
                    "destination_ref": {
                        "kind": "agent", "id": "r2", "privacy": "content_refs_only", "retention": "host_policy",
                    },
                    "related_refs": [{"kind": "run", "id": "r2", "privacy": "content_refs_only"}],
                },
                "correlation": {}, "policy_refs": [{"kind": "permission", "id": "p1"}],
            })
        );
    }

    #[test]
    fn what_is_wrong_in_a_message_is_located() {
        for (field, path) in [
            (
                r#""to":{"target":{"type":"run","run_id":""}}"#,
                "to.target.run_id",
            ),
            (
                r#""to":{"target":{"run_id":5,"type":"run"}}"#,
                "to.target.run_id",
            ),
            (r#""to":{"target":{"type":"agent"}}"#, "to.target"),
            (r#""to":{"topic":"\u0000"}"#, "to.topic"),
            (
                r#""to":{"run":"r2"},"policy_refs":["p1",{"kind":"permission"}]"#,
                "policy_refs[1]",
            ),
            (
                r#""to":{"run":"r2"},"correlation":{"entries":[{"key":""}]}"#,
                "correlation.entries[0].key",
            ),
            (
                r#""to":{"run":"r2"},"expires_at_millis":-1"#,
                "expires_at_millis",
            ),
            (r#""to":{"run":"r2"},"content_ref":null"#, "content_ref"),
        ] {
            let rest = match field.contains("content_ref") {
                true => "",
                false => r#""content_ref":"c","#,
            };
            let message = format!(
                r#"{{"message_id":"m1","from":"r1",{rest}"idempotency_key":"k1",{field}}}"#
            );
            assert_eq!(read(&message).unwrap_err(), path, "{field}");
        }
        for missing in [r#"{"to":{"run":"r2"}}"#, "{}"] {
            assert_eq!(read(missing).unwrap_err(), "", "{missing}");
        }
    }
}
