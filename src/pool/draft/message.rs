//! Messages as a caller may write them.

use std::cell::RefCell;
use std::sync::Arc;

use crate::domain::{AgentError, ContentRef, IdempotencyKey, List, MessageId, PolicyRef, RunId};
use crate::json::{self, FromJson, Json, deserialize, from_json};
use crate::pool::draft::{id_and_key, key_of};
use crate::pool::flights::Flights;
use crate::pool::state::PoolState;
use crate::port::IdSource;
use crate::record::{EventCorrelation, MessageResponseContract, RunAddress, RunMessage};

/// A message whose id and key may be left out.
///
/// If one of id and key is left out, it takes the text of the other, so that a retry that names either is recognised.
/// With both left out, every call is a message of its own.
#[derive(Clone, Debug)]
pub struct RunMessageDraft {
    message_id: Option<MessageId>,
    from: RunId,
    to: Arc<RunAddress>,
    content_ref: ContentRef,
    idempotency_key: Option<IdempotencyKey>,
    optional: OptionalFields,
}

impl FromJson for RunMessageDraft {
    fn blank() -> Self {
        Self {
            message_id: None,
            from: FromJson::blank(),
            to: FromJson::blank(),
            content_ref: FromJson::blank(),
            idempotency_key: None,
            optional: OptionalFields::default(),
        }
    }

    fn fill(&mut self, json: &Json<'_>) -> json::Result<()> {
        let fields = json.fields("a message")?;
        fields.optional("message_id", &mut self.message_id)?;
        fields.required("from", &mut self.from)?;
        fields.required("to", &mut self.to)?;
        fields.required("content_ref", &mut self.content_ref)?;
        fields.optional("idempotency_key", &mut self.idempotency_key)?;
        self.optional.fill(json)
    }
}

deserialize!(RunMessageDraft);

/// The optional fields of a message: all but its id, key, sender, address and content.
#[derive(Clone, Debug, Default)]
pub struct OptionalFields {
    correlation: EventCorrelation,
    reply_to: Option<MessageId>,
    response_contract: Option<MessageResponseContract>,
    expires_at_millis: Option<u64>,
    policy_refs: List<PolicyRef>,
}

from_json!(OptionalFields, "a message", {
    correlation = EventCorrelation::default(),
    reply_to = None,
    response_contract = None,
    expires_at_millis = None,
    policy_refs = List::default(),
});

impl OptionalFields {
    /// Those of a message.
    pub fn of(message: &RunMessage) -> Self {
        Self {
            correlation: message.correlation.clone(),
            reply_to: message.reply_to.clone(),
            response_contract: message.response_contract,
            expires_at_millis: message.expires_at_millis,
            policy_refs: message.policy_refs.clone(),
        }
    }
}

impl RunMessageDraft {
    /// A message without optional fields, except for an id and a key.
    pub(crate) fn of(
        (message_id, idempotency_key): (Option<MessageId>, Option<IdempotencyKey>),
        from: RunId,
        to: Arc<RunAddress>,
        content_ref: ContentRef,
    ) -> Self {
        Self {
            message_id,
            from,
            to,
            content_ref,
            idempotency_key,
            optional: OptionalFields::default(),
        }
    }

    /// The same message with these optional fields.
    #[must_use]
    pub fn with(mut self, optional: OptionalFields) -> Self {
        self.optional = optional;
        self
    }

    /// If one of id and key is left out, takes it from the known message with the other one, so that a retry that names
    /// either is recognised. Recorded messages are looked up before those in flight.
    pub(crate) fn recognise(&mut self, flights: &RefCell<Flights>, state: &PoolState) {
        match (&self.message_id, &self.idempotency_key) {
            (Some(id), None) => {
                self.idempotency_key = match state.message(id) {
                    Some(recorded) => Some(recorded.message.idempotency_key.clone()),
                    None => flights
                        .borrow_mut()
                        .names(state)
                        .key_of(id.as_str())
                        .map(key_of),
                };
            }
            (None, Some(key)) => {
                self.message_id = match state.message_of_key(key) {
                    Some(recorded) => Some(recorded.message.message_id.clone()),
                    None => {
                        let mut flights = flights.borrow_mut();
                        let id = flights.names(state).id_of(key.as_str());
                        id.map(|id| MessageId::derived("", id, ""))
                    }
                };
            }
            _ => {}
        }
    }

    /// The whole message.
    ///
    /// # Errors
    /// The error of the source of ids.
    pub fn complete(self, ids: &dyn IdSource) -> Result<RunMessage, AgentError> {
        let (message_id, idempotency_key) = id_and_key(
            (self.message_id, self.idempotency_key),
            MessageId::derived,
            "message.",
            ids,
        )?;
        Ok(RunMessage {
            message_id,
            from: self.from,
            to: self.to,
            content_ref: self.content_ref,
            correlation: self.optional.correlation,
            reply_to: self.optional.reply_to,
            response_contract: self.optional.response_contract,
            expires_at_millis: self.optional.expires_at_millis,
            idempotency_key,
            policy_refs: self.optional.policy_refs,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::memory::SeededIds;

    fn draft(fields: Value) -> RunMessageDraft {
        let mut draft = json!({"from": "r1", "to": {"run": "r2"}, "content_ref": "content"});
        let fields = fields.as_object().unwrap().clone();
        draft.as_object_mut().unwrap().extend(fields);
        serde_json::from_value(draft).unwrap()
    }

    fn message(fields: Value) -> RunMessage {
        draft(fields).complete(&SeededIds::new(7)).unwrap()
    }

    /// The texts of a message's id and key.
    fn named(message: &RunMessage) -> (&str, &str) {
        (
            message.message_id.as_str(),
            message.idempotency_key.as_str(),
        )
    }

    #[test]
    fn of_id_and_key_the_one_left_out_is_the_text_of_the_other() {
        assert_eq!(named(&message(json!({"message_id": "m1"}))), ("m1", "m1"));
        assert_eq!(
            named(&message(json!({"idempotency_key": "k1"}))),
            ("k1", "k1")
        );
        let both = message(json!({"message_id": "m1", "idempotency_key": "k1"}));
        assert_eq!(named(&both), ("m1", "k1"));
    }

    #[test]
    fn an_id_of_the_greatest_length_serves_as_key_unchanged() {
        let longest = "x".repeat(crate::domain::MAX_ID_BYTES);
        let by_id = message(json!({"message_id": longest}));
        let by_key = message(json!({"idempotency_key": longest}));
        assert_eq!(named(&by_id), (&*longest, &*longest));
        assert_eq!(named(&by_key), (&*longest, &*longest));
    }

    #[test]
    fn with_both_left_out_every_message_is_one_of_its_own() {
        let ids = SeededIds::new(7);
        let first = draft(json!({})).complete(&ids).unwrap();
        let second = draft(json!({})).complete(&ids).unwrap();
        assert_ne!(first.message_id, second.message_id);
        for message in [first, second] {
            let (message_id, key) = named(&message);
            assert!(message_id.starts_with("message."));
            assert_eq!(message_id, key);
        }
        // The same seed gives the same ids.
        assert_eq!(message(json!({})), message(json!({})));
    }

    #[test]
    fn what_is_given_is_kept() {
        let full = json!({
            "message_id": "m1", "from": "r1", "to": RunAddress::run(RunId::new("r2").unwrap()),
            "content_ref": "content", "correlation": {"entries": [{"key": "k", "value": "v"}]},
            "reply_to": "m0", "response_contract": {"expected_responses": 2, "timeout_millis": 5},
            "expires_at_millis": 9, "idempotency_key": "k1",
            "policy_refs": [{"kind": "permission", "id": "p1"}],
        });
        assert_eq!(json!(message(full.clone())), full);
    }
}
