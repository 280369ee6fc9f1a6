//! Sending a message to a simple address: its texts cross as they are, its optional fields as JSON, and its result as a
//! number.

use std::cell::RefCell;
use std::sync::Arc;

use wasm_bindgen::prelude::*;

use crate::domain::{AgentError, JournalCursor};
use crate::js::answer::{PendingReply, Reply, Started, start};
use crate::js::error::to_js;
use crate::js::in_hand::{self, InHand, release};
use crate::js::pool::WasmPool;
use crate::js::scratch;
use crate::js::text::write_js;
use crate::json;
use crate::pool::{AgentPool, MessageReceipt, OptionalFields, PlainMessage, PlainTarget};
use crate::record::RunMessage;

#[wasm_bindgen]
impl WasmPool {
    /// See [`AgentPool::send`]. The message is held in that slot. Its texts are in the scratch, one after the other:
    /// id, key, sender, target and content. `to` is the kind of target; the other numbers are the lengths of the
    /// texts. An id or a key that is left out has length 0. `optional` is a JSON object with the optional fields, or
    /// empty if they are those that JavaScript was told last.
    ///
    /// Returns the number of the message's status if JavaScript made its records, a number below 0 if the result comes
    /// later, and otherwise 1,000: then `takeSent` returns or throws the result. The host is told when the slot is free
    /// again.
    #[expect(clippy::too_many_arguments, reason = "numbers cross for nothing")]
    #[wasm_bindgen(js_name = sendPlain)]
    pub fn send_plain(
        &self,
        slot: u32,
        to: u32,
        message_id: i32,
        idempotency_key: i32,
        from: i32,
        target: i32,
        content_ref: i32,
        optional: Option<String>,
    ) -> f64 {
        let lengths = [message_id, idempotency_key, from, target, content_ref];
        match read(&self.pool, to, lengths, optional.as_deref()) {
            Ok(Some(message)) => {
                if let Some(text) = optional.filter(|text| !text.is_empty()) {
                    describe(slot, &message, text.len() <= MOST_REMEMBERED);
                }
                if message_id == 0 && idempotency_key == 0 {
                    in_hand::name(slot, &message.message_id);
                }
                // An id or a key that was left out either has the text of the other one, or was taken from a known
                // message. In the second case JavaScript does not know it.
                let both = message_id > 0 && idempotency_key > 0;
                let is_as_given =
                    both || message.message_id.as_str() == message.idempotency_key.as_str();
                let names = KnownNames {
                    is_as_given,
                    has_id: is_as_given || message_id > 0,
                };
                match start(Some(&self.pool), send(&self.pool, message, slot, names)) {
                    Started::Done(Ok(Reply::Status(status))) => f64::from(status),
                    Started::Done(result) => held(result.map(Reply::into_value)),
                    Started::Later(number) => -f64::from(number),
                }
            }
            read => {
                release(slot);
                held(read.map_or_else(|error| Err(to_js(&error)), |_| Ok(JsValue::UNDEFINED)))
            }
        }
    }
}

/// The answer of `sendPlain` if `takeSent` returns or throws the result. It is not the number of a status.
const TAKE_SENT: f64 = 1_000.0;

thread_local! {
    static SENT: RefCell<Option<Result<JsValue, JsValue>>> = const { RefCell::new(None) };
}

/// Holds a result for `takeSent`.
fn held(result: Result<JsValue, JsValue>) -> f64 {
    SENT.set(Some(result));
    TAKE_SENT
}

/// The result of the message that was just sent, if that is not a number:
///
/// - a text with the number of its status and then the cursor, if JavaScript has made no records of the message;
/// - the text of the receipt, if JavaScript cannot know the message's id;
/// - `undefined` if one of the texts is not a valid id, or the optional fields are malformed. Nothing was done then.
///
/// # Errors
/// The errors of [`AgentPool::complete_message`] and [`AgentPool::send`].
#[wasm_bindgen(js_name = takeSent)]
pub fn take_sent() -> Result<JsValue, JsValue> {
    SENT.take().unwrap_or(Ok(JsValue::UNDEFINED))
}

fn read(
    pool: &AgentPool,
    to: u32,
    lengths: [i32; 5],
    optional: Option<&str>,
) -> Result<Option<Arc<RunMessage>>, AgentError> {
    let draft = scratch::written(lengths.iter().sum(), |mut texts| {
        let [message_id, key, from, target, content_ref] = lengths.map(|length| {
            let (text, rest) = texts.split_at_checked(length as usize).unwrap_or_default();
            texts = rest;
            text
        });
        pool.plain_draft(&PlainMessage {
            message_id: Some(message_id).filter(|id| !id.is_empty()),
            from,
            to: match to {
                0 => PlainTarget::Run(target),
                1 => PlainTarget::Agent(target),
                2 => PlainTarget::Topic(target),
                _ => PlainTarget::Pool(target),
            },
            content_ref,
            idempotency_key: Some(key).filter(|key| !key.is_empty()),
        })
    });
    // The scratch is free from here on: a host's source of ids may call the pool.
    let optional = optional.map(read_optional).transpose();
    match (draft, optional) {
        (Some(draft), Ok(optional)) => {
            let draft = match optional {
                Some(optional) => draft.with(optional),
                None => draft,
            };
            Ok(Some(Arc::new(pool.complete_message(draft)?)))
        }
        _ => Ok(None),
    }
}

/// The optional fields of a message, as `sendPlain` gets them.
fn read_optional(text: &str) -> Result<OptionalFields, json::ReadError> {
    match text {
        "" => Ok(DESCRIBED.with_borrow(Option::clone).unwrap_or_default()),
        text => json::read(text),
    }
}

/// Optional fields are not remembered if their JSON is longer than this, in bytes. It is three times the number of
/// UTF-16 code units beyond which JavaScript does not refer to them (pkg/src/message-host.ts).
const MOST_REMEMBERED: usize = 3_000;

thread_local! {
    /// The optional fields that JavaScript was told last.
    static DESCRIBED: RefCell<Option<OptionalFields>> = const { RefCell::new(None) };
}

/// Tells JavaScript the optional fields of a message, and remembers them if they are short: most messages with optional
/// fields have the same ones as the message before, and JavaScript does not pass them again.
fn describe(slot: u32, message: &RunMessage, is_short: bool) {
    DESCRIBED.set(is_short.then(|| OptionalFields::of(message)));
    in_hand::describe(slot, message);
}

/// What JavaScript knows of the id and the key of a message.
#[derive(Clone, Copy)]
struct KnownNames {
    /// Whether it knows the id, perhaps by way of the key.
    has_id: bool,
    /// Whether it knows both, so that it can make records.
    is_as_given: bool,
}

/// Sends a message.
fn send(pool: &AgentPool, message: Arc<RunMessage>, slot: u32, names: KnownNames) -> PendingReply {
    let pool = pool.clone();
    Box::pin(async move {
        let in_hand = match names.is_as_given {
            true => InHand::new(&message, slot),
            // A copy is held, so that JavaScript makes no record of the message that is sent.
            false => InHand::new(&Arc::new(RunMessage::clone(&message)), slot),
        };
        match pool.send_shared(message).await {
            Ok(receipt) if in_hand.sent(&pool) => Ok(Reply::Status(receipt.status as u32)),
            Ok(receipt) if names.has_id => Ok(Reply::Value(known(slot, &receipt, &pool))),
            Ok(receipt) => write_js(&receipt).map(Reply::Value),
            Err(error) => Err(to_js(&error)),
        }
    })
}

/// The result for a message of which JavaScript has made no record. JavaScript is told the receivers. The text is the
/// status, a number of one digit, and then the cursor.
fn known(slot: u32, receipt: &MessageReceipt, pool: &AgentPool) -> JsValue {
    // A receipt does not say which agent the message is from. The pool's id stands in for it.
    in_hand::address(slot, pool.pool_id(), &receipt.delivered_to);
    let cursor = receipt.journal_cursor.as_ref();
    let mut answer = String::from(char::from(b'0' + receipt.status as u8));
    answer.push_str(cursor.map_or("", JournalCursor::as_str));
    JsValue::from_str(&answer)
}
