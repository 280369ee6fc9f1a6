//! Message operations in flight: a key or an id is used by one at a time.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use crate::domain::{AgentError, Id, IdTable, List, RunId};
use crate::pool::ending::{Ending, Wait};
use crate::pool::shared_store::OpenPool;
use crate::record::{MessageReceipt, MessageStatus, RunMessage};

/// What a caller wants done with a message.
#[derive(PartialEq)]
pub(crate) struct MessageOperation {
    pub(crate) message: Arc<RunMessage>,
    /// The status that is to be recorded, and for whom; without one the message is to be sent.
    pub(crate) recorded: Option<(MessageStatus, List<RunId>)>,
}

/// What it comes to.
pub(crate) type Outcome = Result<Arc<MessageReceipt>, AgentError>;

/// The operations in flight, by the texts of their messages' ids and keys: for each the one that came last.
/// Where the id of one message is the key of another, they wait for each other in vain, and no longer than
/// they take.
#[derive(Default)]
pub(crate) struct Flights {
    last: RefCell<IdTable<Arc<str>, Rc<Flight>>>,
}

/// An operation in flight, from the call on.
pub(crate) struct Flight {
    operation: MessageOperation,
    /// How many had asked to be alone when it was called.
    period: u64,
    /// Those before that bear on the same id or key, until they have landed.
    after: RefCell<Vec<Rc<Flight>>>,
    /// Not there if it was given up.
    outcome: OnceCell<Outcome>,
    landed: Ending,
}

impl Flights {
    /// The operation in flight to which a call of the same would add nothing.
    pub(crate) fn same(&self, operation: &MessageOperation, period: u64) -> Option<Rc<Flight>> {
        let last = self.last.borrow();
        if last.is_empty() {
            return None;
        }
        let message = &operation.message;
        let of_id = last.get_text(message.message_id.as_str())?;
        let of_key = last.get_text(message.idempotency_key.as_str())?;
        let is_same =
            Rc::ptr_eq(of_id, of_key) && of_id.period == period && of_id.operation == *operation;
        is_same.then(|| Rc::clone(of_id))
    }

    /// An operation takes off. It flies until the last drops it who has it happen.
    pub(crate) fn take_off(open: &Rc<OpenPool>, operation: MessageOperation) -> Rc<Flying> {
        let flight = Rc::new(Flight {
            operation,
            period: open.turns.periods(),
            after: RefCell::default(),
            outcome: OnceCell::new(),
            landed: Ending::default(),
        });
        let mut last = open.flights.last.borrow_mut();
        for text in flight.texts() {
            let before = last.insert(text, Rc::clone(&flight));
            let other = before.filter(|before| !Rc::ptr_eq(before, &flight));
            flight.after.borrow_mut().extend(other);
        }
        let open = Rc::clone(open);
        Rc::new(Flying { open, flight })
    }
}

impl Flight {
    /// What it has come to, once it has landed.
    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        self.outcome.get()
    }

    /// Waits until it has landed.
    pub(crate) fn landed(&self) -> Wait<'_> {
        self.landed.wait()
    }

    fn texts(&self) -> [Arc<str>; 2] {
        let message = &self.operation.message;
        [
            message.message_id.to_text(),
            message.idempotency_key.to_text(),
        ]
    }
}

/// A flight, which ends when this is dropped.
pub(crate) struct Flying {
    open: Rc<OpenPool>,
    flight: Rc<Flight>,
}

impl Flying {
    pub(crate) fn operation(&self) -> &MessageOperation {
        &self.flight.operation
    }

    /// One of those before that has to land first.
    pub(crate) fn before(&self) -> Option<Rc<Flight>> {
        self.flight.after.borrow().last().cloned()
    }

    /// The one that [`Self::before`] answered has landed.
    pub(crate) fn comes_after(&self, before: &Flight) {
        let mut after = self.flight.after.borrow_mut();
        after.pop();
        // If it was given up, it may have been waiting itself.
        after.extend(before.after.borrow().iter().cloned());
    }

    /// It comes to this.
    pub(crate) fn comes_to(&self, outcome: Outcome) {
        // It comes to something once.
        let _ = self.flight.outcome.set(outcome);
    }
}

impl Drop for Flying {
    fn drop(&mut self) {
        {
            let mut last = self.open.flights.last.borrow_mut();
            for text in self.flight.texts() {
                let own = last.get(&text);
                if own.is_some_and(|last| Rc::ptr_eq(last, &self.flight)) {
                    last.remove(&text);
                }
            }
        }
        self.flight.landed.come();
    }
}
