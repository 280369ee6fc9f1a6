//! Messages that JavaScript holds as objects while they are being sent.
//!
//! JavaScript already has what a record or an event of such a message says, except for a few numbers and the names of
//! the receivers. So only these cross, and the TypeScript side makes the objects or texts for the ports itself, in a
//! tenth of the time that it takes to write JSON here and to read it there: pkg/src/message-objects.ts and
//! message-payload.ts. A test compares what it makes with what serde writes of the same transitions.

use std::cell::RefCell;
use std::sync::Arc;

use wasm_bindgen::prelude::*;

use crate::domain::{Id, MAX_ID_BYTES, MessageId, RunId};
use crate::js::names;
use crate::json::write;
use crate::pool::AgentPool;
use crate::record::{MessageStatus, MessageTransition, RunMessage, Transition};

/// A message that was sent stays held while its event waits for the bus, if fewer messages than this are held.
const MOST_WAITING: usize = 4_096;

#[wasm_bindgen]
extern "C" {
    /// The object that holds the messages.
    pub type MessageHost;

    /// Gives a name its number.
    #[wasm_bindgen(method)]
    fn learn(this: &MessageHost, number: u32, name: &str);

    /// Gives the id that was made up for a message, which is its key as well.
    #[wasm_bindgen(method)]
    fn name(this: &MessageHost, slot: u32, id: &str);

    /// Gives what a message has besides: the entries of its correlation, the message that it replies to and its policies,
    /// each as JSON or nothing, with a tab between one and the next.
    #[wasm_bindgen(method)]
    fn describe(this: &MessageHost, slot: u32, optional: &str);

    /// Gives the agent that a message is from and the receivers, by the numbers of their names, the agent first.
    #[wasm_bindgen(method)]
    fn address(this: &MessageHost, slot: u32, names: &[u32]);

    /// Says that the message need not be held any longer.
    #[wasm_bindgen(method)]
    fn release(this: &MessageHost, slot: u32);
}

/// A message and the slot that holds it. It is found by the message's address in memory.
struct Held {
    message: Arc<RunMessage>,
    slot: u32,
    /// Whether JavaScript knows the receivers, as it does from the first record on.
    is_addressed: bool,
    /// Whether the bus was given the last event of the message.
    is_published: bool,
    /// Whether the message was sent, and is held only because an event of it waits.
    is_sent: bool,
}

/// If the id of a message is longer than this, some ids made from it hold a digest in its place (DESIGN D5), and the
/// TypeScript side makes no records. It passes no such ids itself, but a host's source of ids may make them.
const LONGEST_ID: usize = MAX_ID_BYTES - MessageTransition::EFFECT_ID_PREFIX.len();

thread_local! {
    static HOST: RefCell<Option<MessageHost>> = const { RefCell::new(None) };
    static NUMBERS: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
    /// In the order of the messages' addresses.
    static HELD: RefCell<Vec<Held>> = const { RefCell::new(Vec::new()) };
}

/// Sets the object that holds messages.
#[wasm_bindgen(js_name = setMessageHost)]
pub fn set_message_host(host: MessageHost) {
    HOST.set(Some(host));
}

/// Calls the host, which does not call back.
fn with_message_host<Answer>(call: impl FnOnce(&MessageHost) -> Answer) -> Option<Answer> {
    HOST.with_borrow(|host| host.as_ref().map(call))
}

/// Tells JavaScript the id that was made up for a message, which is its key as well.
pub(super) fn name(slot: u32, id: &MessageId) {
    with_message_host(|host| host.name(slot, id.as_str()));
}

/// Tells JavaScript the optional fields of a message that its records and events show.
pub(super) fn describe(slot: u32, message: &RunMessage) {
    let mut texts = String::new();
    if !message.correlation.entries.is_empty() {
        texts.push_str(&write(&message.correlation.entries));
    }
    texts.push('\t');
    if let Some(reply_to) = &message.reply_to {
        texts.push_str(&write(reply_to));
    }
    texts.push('\t');
    if !message.policy_refs.is_empty() {
        texts.push_str(&write(&message.policy_refs));
    }
    with_message_host(|host| host.describe(slot, &texts));
}

/// Tells JavaScript that a slot is free again.
pub(super) fn release(slot: u32) {
    with_message_host(|host| host.release(slot));
}

/// Keeps a message held until this is dropped, or longer if the message was sent and events of it wait.
pub(super) struct InHand(*const RunMessage);

impl InHand {
    /// Notes that the message is held in that slot.
    pub(super) fn new(message: &Arc<RunMessage>, slot: u32) -> Self {
        let held = Held {
            message: Arc::clone(message),
            slot,
            is_addressed: false,
            is_published: false,
            is_sent: false,
        };
        let place = Arc::as_ptr(message);
        HELD.with_borrow_mut(|all| {
            let at = all.partition_point(|other| Arc::as_ptr(&other.message) < place);
            all.insert(at, held);
        });
        Self(place)
    }

    /// Notes that the message was sent. Returns whether JavaScript made a record of it.
    pub(super) fn sent(&self, pool: &AgentPool) -> bool {
        let waits = pool.has_unpublished();
        let sent = HELD.with_borrow_mut(|all| {
            let may_wait = waits && all.len() < MOST_WAITING;
            let held = find(all, self.0)?;
            held.is_sent = may_wait && held.is_addressed && !held.is_published;
            Some(held.is_addressed)
        });
        sent.unwrap_or_default()
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        let_go_if(self.0, |held| !held.is_sent);
    }
}

#[inline]
fn place(all: &[Held], message: *const RunMessage) -> Option<usize> {
    let found = all.binary_search_by(|other| Arc::as_ptr(&other.message).cmp(&message));
    found.ok()
}

#[inline]
fn find(all: &mut [Held], message: *const RunMessage) -> Option<&mut Held> {
    let at = place(all, message)?;
    all.get_mut(at)
}

/// Releases a message, if it is held and `is_over` is true of it.
fn let_go_if(message: *const RunMessage, is_over: fn(&Held) -> bool) {
    let held = HELD.with_borrow_mut(|all| {
        let at = place(all, message)?;
        is_over(&all[at]).then(|| all.remove(at))
    });
    if let Some(held) = held {
        release(held.slot);
    }
}

/// Releases all messages that were sent and whose events wait, of any pool: nobody may be left to publish the events.
pub(super) fn let_go_of_sent() {
    let sent: Vec<Held> =
        HELD.with_borrow_mut(|all| all.extract_if(.., |held| held.is_sent).collect());
    sent.iter().for_each(|held| release(held.slot));
}

/// What JavaScript is told of transitions that are recorded together; `None` if it cannot make the records of all of
/// them.
pub(super) fn to_record_together<'a>(
    transitions: impl Iterator<Item = &'a Transition> + Clone,
) -> Option<Vec<Recording>> {
    let mut names = 0;
    // Everything is checked before JavaScript is told of any of them.
    for transition in transitions.clone() {
        let transition = recordable(transition)?;
        names += transition.delivered_to.len() + 1;
        let message = Arc::as_ptr(&transition.message);
        HELD.with_borrow_mut(|all| find(all, message).is_some())
            .then_some(())?;
    }
    if !names::make_room(names) {
        return None;
    }
    transitions.map(to_record).collect()
}

/// The transition, if it is of a message and JavaScript may make records of that.
fn recordable(transition: &Transition) -> Option<&MessageTransition> {
    match transition {
        Transition::Message(of) => {
            let may_be_made = of.message.message_id.as_str().len() <= LONGEST_ID
                && of.status != MessageStatus::Expired;
            may_be_made.then_some(of)
        }
        _ => None,
    }
}

/// What JavaScript is told of a record of a message that it holds.
pub(super) struct Recording {
    /// The slot that holds the message.
    pub(super) slot: u32,
    /// The number of the status.
    pub(super) status: u32,
    /// The numbers of the names of the sender's agent and of the receiver, from 1 on. Both are 0 if JavaScript was told
    /// before, or if there is not exactly one receiver.
    pub(super) agent: u32,
    pub(super) receiver: u32,
}

/// What JavaScript is told of a transition, if it holds the message. JavaScript then makes the record. From then on it
/// knows whom the message is for, and the cursors of the message's records.
pub(super) fn to_record(transition: &Transition) -> Option<Recording> {
    let transition = recordable(transition)?;
    let (slot, was_addressed) = HELD.with_borrow_mut(|all| {
        let held = find(all, Arc::as_ptr(&transition.message))?;
        let was_addressed = std::mem::replace(&mut held.is_addressed, true);
        Some((held.slot, was_addressed))
    })?;
    let [agent, receiver] = match was_addressed {
        true => [0, 0],
        false => addressed(slot, &transition.agent_id, &transition.delivered_to),
    };
    Some(Recording {
        slot,
        status: transition.status as u32,
        agent,
        receiver,
    })
}

/// The slot and the status of a transition whose record JavaScript made. JavaScript is to make the event too.
pub(super) fn to_publish(transition: &Transition) -> Option<(u32, u32)> {
    let Transition::Message(transition) = transition else {
        return None;
    };
    let slot = HELD.with_borrow_mut(|all| {
        let held = find(all, Arc::as_ptr(&transition.message))?;
        held.is_published = transition.status != MessageStatus::Accepted;
        held.is_addressed.then_some(held.slot)
    })?;
    Some((slot, transition.status as u32))
}

/// Notes that the bus was given the event. If the bus rejects it, the retry is with what serde writes of the event.
pub(super) fn published(transition: &Transition) {
    let Transition::Message(transition) = transition else {
        return;
    };
    let_go_if(Arc::as_ptr(&transition.message), |held| {
        held.is_sent && held.is_published
    });
}

/// Tells JavaScript the sender's agent and the receivers.
pub(super) fn address(slot: u32, agent: &dyn Id, receivers: &[RunId]) {
    with_names(agent, receivers, |host, names| host.address(slot, names));
}

/// As [`address`], but if there is one receiver, nothing is told, and the numbers of both are returned, from 1 on.
fn addressed(slot: u32, agent: &dyn Id, receivers: &[RunId]) -> [u32; 2] {
    let told = with_names(agent, receivers, |host, names| match *names {
        [agent, receiver] => [agent + 1, receiver + 1],
        _ => {
            host.address(slot, names);
            [0, 0]
        }
    });
    told.unwrap_or_default()
}

/// Makes the names of the agent and of the receivers known to JavaScript; `then` gets their numbers, in this order.
fn with_names<Answer>(
    agent: &dyn Id,
    receivers: &[RunId],
    then: impl FnOnce(&MessageHost, &[u32]) -> Answer,
) -> Option<Answer> {
    let mut numbers = NUMBERS.take();
    numbers.clear();
    let answer = with_message_host(|host| {
        let ids = std::iter::once(agent).chain(receivers.iter().map(|id| id as &dyn Id));
        names::number(receivers.len() + 1, ids, &mut numbers, &|number, name| {
            host.learn(number, name);
        });
        then(host, &numbers)
    });
    NUMBERS.set(numbers);
    answer
}
