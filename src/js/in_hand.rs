//! Messages that JavaScript holds as objects while they are being sent.
//!
//! What a record or an event of such a message says is on the other side already, but for a few numbers and the names of
//! its receivers. So the other side is told these, and makes the objects or texts for the ports itself, in a tenth of
//! the time that it takes to write JSON here and to read it there: pkg/src/message-objects.ts. A test holds what it makes
//! to what serde writes of the same transitions.

use std::cell::RefCell;
use std::sync::Arc;

use wasm_bindgen::prelude::*;

use crate::domain::Id;
use crate::js::names;
use crate::record::{MessageTransition, RunMessage, Transition};

#[wasm_bindgen]
extern "C" {
    /// Who holds the messages.
    pub type MessageHost;

    /// The name that has this number from now on.
    #[wasm_bindgen(method)]
    fn learn(this: &MessageHost, number: u32, name: &str);

    /// Whose agent a message is from and whom it goes to, by the numbers of their names: the agent first.
    #[wasm_bindgen(method)]
    fn address(this: &MessageHost, slot: u32, names: &[u32]);
}

/// Whose pointer says where a message is held.
struct Held {
    message: Arc<RunMessage>,
    slot: u32,
    /// Whether the other side knows the receivers, as it does from the first record on.
    is_addressed: bool,
}

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
fn with_host(call: impl FnOnce(&MessageHost)) {
    HOST.with_borrow(|host| host.as_ref().map(call));
}

/// A message is in hand until this is dropped.
pub(super) struct InHand(*const RunMessage);

impl InHand {
    /// The message is held in that slot.
    pub(super) fn new(message: &Arc<RunMessage>, slot: u32) -> Self {
        let held = Held {
            message: Arc::clone(message),
            slot,
            is_addressed: false,
        };
        let place = Arc::as_ptr(message);
        HELD.with_borrow_mut(|all| {
            let at = all.partition_point(|other| Arc::as_ptr(&other.message) < place);
            all.insert(at, held);
        });
        Self(place)
    }

    /// Whether a record of the message was made on the other side.
    pub(super) fn is_addressed(&self) -> bool {
        find(self.0, |held| held.is_addressed).unwrap_or_default()
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        let held = HELD.with_borrow_mut(|all| {
            let at = all.binary_search_by(|other| Arc::as_ptr(&other.message).cmp(&self.0));
            at.ok().map(|at| all.remove(at))
        });
        drop(held);
    }
}

fn find<T>(message: *const RunMessage, look: impl FnOnce(&mut Held) -> T) -> Option<T> {
    HELD.with_borrow_mut(|all| {
        let at = all.binary_search_by(|other| Arc::as_ptr(&other.message).cmp(&message));
        at.ok().and_then(|at| all.get_mut(at)).map(look)
    })
}

/// If a transition is of a message that is held: the slot in which it is, and the number of its status. The other side
/// makes its record, and knows from then on whom the message is for and where its records are.
pub(super) fn to_record(transition: &Transition) -> Option<(u32, u32)> {
    let Transition::Message(transition) = transition else {
        return None;
    };
    let (slot, was_addressed) = find(Arc::as_ptr(&transition.message), |held| {
        (held.slot, std::mem::replace(&mut held.is_addressed, true))
    })?;
    if !was_addressed {
        address(slot, transition);
    }
    Some((slot, transition.status as u32))
}

/// The same of one whose record was made by the other side, which can make its event too.
pub(super) fn recorded(transition: &Transition) -> Option<(u32, u32)> {
    let Transition::Message(transition) = transition else {
        return None;
    };
    let message = Arc::as_ptr(&transition.message);
    let slot = find(message, |held| held.is_addressed.then_some(held.slot))?;
    slot.map(|slot| (slot, transition.status as u32))
}

fn address(slot: u32, transition: &MessageTransition) {
    let mut numbers = NUMBERS.take();
    numbers.clear();
    with_host(|host| {
        let receivers = transition.delivered_to.iter().map(|id| id as &dyn Id);
        let ids = std::iter::once(&transition.agent_id as &dyn Id).chain(receivers);
        let count = transition.delivered_to.len() + 1;
        names::number(count, ids, &mut numbers, &|number, name| {
            host.learn(number, name)
        });
        host.address(slot, &numbers);
    });
    NUMBERS.set(numbers);
}
