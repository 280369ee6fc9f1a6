//! Messages that JavaScript holds as objects while they are being sent.
//!
//! What a record or an event of such a message says is on the other side already, but for a few numbers and the names of
//! its receivers. So the other side is told these, and makes the objects or texts for the ports itself, in a tenth of
//! the time that it takes to write JSON here and to read it there: pkg/src/message-objects.ts. A test holds what it makes
//! to what serde writes of the same transitions.

use std::cell::RefCell;
use std::sync::Arc;

use wasm_bindgen::prelude::*;

use crate::domain::{Id, MAX_ID_BYTES, MessageId, RunId};
use crate::js::names;
use crate::json::write;
use crate::pool::AgentPool;
use crate::record::{MessageStatus, MessageTransition, RunMessage, Transition};

/// How many messages are held at most after they were sent, because their events wait for the bus.
const MOST_WAITING: usize = 4_096;

#[wasm_bindgen]
extern "C" {
    /// Who holds the messages.
    pub type MessageHost;

    /// The name that has this number from now on.
    #[wasm_bindgen(method)]
    fn learn(this: &MessageHost, number: u32, name: &str);

    /// The id of a message for which none was given, and its key.
    #[wasm_bindgen(method)]
    fn name(this: &MessageHost, slot: u32, id: &str);

    /// What a message has besides: its correlation's entries, the message that it replies to and its policies, each as JSON or
    /// nothing, with a tab between one and the next.
    #[wasm_bindgen(method)]
    fn describe(this: &MessageHost, slot: u32, optional: &str);

    /// Whose agent a message is from and whom it goes to, by the numbers of their names: the agent first.
    #[wasm_bindgen(method)]
    fn address(this: &MessageHost, slot: u32, names: &[u32]);

    /// The message need not be held any longer.
    #[wasm_bindgen(method)]
    fn release(this: &MessageHost, slot: u32);
}

/// A message whose pointer says where it is held.
struct Held {
    message: Arc<RunMessage>,
    slot: u32,
    /// Whether the other side knows the receivers, as it does from the first record on.
    is_addressed: bool,
    /// Whether the bus was given its last event.
    is_published: bool,
    /// Whether it was sent, and only an event of it waits.
    is_sent: bool,
}

/// With a longer id of a message there are ids that hold a digest in its place (DESIGN D5): then the other side makes no
/// records. It gives no such ids, but a host's source of ids may.
const LONGEST_ID: usize = MAX_ID_BYTES - MessageTransition::EFFECT_ID_PREFIX.len();

thread_local! {
    static HOST: RefCell<Option<MessageHost>> = const { RefCell::new(None) };
    static NUMBERS: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
    /// In the order of their places in memory.
    static HELD: RefCell<Vec<Held>> = const { RefCell::new(Vec::new()) };
}

/// Has `host` hold messages.
#[wasm_bindgen(js_name = setMessageHost)]
pub fn set_message_host(host: MessageHost) {
    HOST.set(Some(host));
}

/// Calls the host, which does not call back.
fn with_host<Answer>(call: impl FnOnce(&MessageHost) -> Answer) -> Option<Answer> {
    HOST.with_borrow(|host| host.as_ref().map(call))
}

/// Tells the other side the id that was made up for a message, which is its key as well.
pub(super) fn name(slot: u32, id: &MessageId) {
    with_host(|host| host.name(slot, id.as_str()));
}

/// Tells the other side what a message has besides that its records say, if it has anything.
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
    if texts.len() > 2 {
        with_host(|host| host.describe(slot, &texts));
    }
}

/// A slot is free again.
pub(super) fn release(slot: u32) {
    with_host(|host| host.release(slot));
}

/// A message is held until this is dropped, or longer if it was sent and events of it wait.
pub(super) struct InHand(*const RunMessage);

impl InHand {
    /// The message is held in that slot.
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

    /// The message was sent. Answers whether a record of it was made on the other side.
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

/// Lets go of a message that is held, if that is over.
fn let_go_if(message: *const RunMessage, is_over: fn(&Held) -> bool) {
    let held = HELD.with_borrow_mut(|all| {
        let at = place(all, message)?;
        is_over(&all[at]).then(|| all.remove(at))
    });
    if let Some(held) = held {
        release(held.slot);
    }
}

/// Lets go of what was sent, whoever it waits for: nobody may be left to wait.
pub(super) fn let_go_of_sent() {
    let sent: Vec<Held> =
        HELD.with_borrow_mut(|all| all.extract_if(.., |held| held.is_sent).collect());
    sent.iter().for_each(|held| release(held.slot));
}

/// What the other side is told of transitions that are recorded together; `None` if one of them is of a message that it
/// does not hold.
pub(super) fn to_record_together<'a>(
    transitions: impl Iterator<Item = &'a Transition> + Clone,
) -> Option<Vec<Recording>> {
    let mut names = 0;
    // Before anything is told of any.
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

/// The transition of a message of which the other side can make records.
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

/// What the other side is told of a record of a message that it holds.
pub(super) struct Recording {
    /// Where it holds the message.
    pub(super) slot: u32,
    /// The number of the status.
    pub(super) status: u32,
    /// Whose agent the message is from and whom it is for, if that is one and it was not told so far: the numbers of
    /// their names, from 1 on. Otherwise they are 0.
    pub(super) agent: u32,
    pub(super) receiver: u32,
}

/// If a transition is of a message that is held, what the other side is told: it makes the record, and knows from then on
/// whom the message is for and where its records are.
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

/// The same of one whose record was made by the other side, which is to make its event too.
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

/// The bus was given that event. If it rejects it, it is given what serde writes of it next time.
pub(super) fn published(transition: &Transition) {
    let Transition::Message(transition) = transition else {
        return;
    };
    let_go_if(Arc::as_ptr(&transition.message), |held| {
        held.is_sent && held.is_published
    });
}

/// Tells the other side the sender's agent and the receivers.
pub(super) fn address(slot: u32, agent: &dyn Id, receivers: &[RunId]) {
    with_names(agent, receivers, |host, names| host.address(slot, names));
}

/// The same, but if there is one receiver nothing is told: the answer is the numbers of both, from 1 on.
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

/// Has the other side know the names of the agent and of the receivers; `then` gets their numbers, in this order.
fn with_names<Answer>(
    agent: &dyn Id,
    receivers: &[RunId],
    then: impl FnOnce(&MessageHost, &[u32]) -> Answer,
) -> Option<Answer> {
    let mut numbers = NUMBERS.take();
    numbers.clear();
    let answer = with_host(|host| {
        let ids = std::iter::once(agent).chain(receivers.iter().map(|id| id as &dyn Id));
        names::number(receivers.len() + 1, ids, &mut numbers, &|number, name| {
            host.learn(number, name);
        });
        then(host, &numbers)
    });
    NUMBERS.set(numbers);
    answer
}
