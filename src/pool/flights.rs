//! Message operations in flight: a key or an id is used by one at a time.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use crate::domain::{AgentError, Id, IdTable, List, RunId};
use crate::pool::ending::Ending;
use crate::record::{MessageReceipt, MessageStatus, RunMessage};

/// What a caller wants done with a message.
#[derive(PartialEq)]
pub(crate) struct MessageOperation {
    pub(crate) message: Arc<RunMessage>,
    /// The status that is to be recorded, and for whom; without one the message is to be sent.
    pub(crate) recorded: Option<(MessageStatus, List<RunId>)>,
}

/// What it comes to.
pub(crate) type Outcome = Result<MessageReceipt, AgentError>;

/// The operations in flight, by the texts of their messages' ids and keys. Where the id of one message is the
/// key of another, they wait for each other in vain, and no longer than they take.
#[derive(Default)]
pub(crate) struct Flights {
    flying: RefCell<IdTable<Arc<str>, Rc<Flight>>>,
}

/// An operation in flight.
pub(crate) struct Flight {
    pub(crate) operation: MessageOperation,
    /// Not there if it was given up.
    pub(crate) outcome: OnceCell<Outcome>,
    pub(crate) landed: Ending,
}

impl Flight {
    fn texts(&self) -> [Arc<str>; 2] {
        let message = &self.operation.message;
        [
            message.message_id.to_text(),
            message.idempotency_key.to_text(),
        ]
    }
}

impl Flights {
    /// The operation in flight on whose id or key this message bears.
    pub(crate) fn meeting(&self, message: &RunMessage) -> Option<Rc<Flight>> {
        let flying = self.flying.borrow();
        if flying.is_empty() {
            return None;
        }
        let of_id = flying.get_text(message.message_id.as_str());
        let found = of_id.or_else(|| flying.get_text(message.idempotency_key.as_str()));
        found.cloned()
    }

    /// An operation that meets none takes off.
    pub(crate) fn take_off(&self, operation: MessageOperation) -> Flying<'_> {
        let flight = Rc::new(Flight {
            operation,
            outcome: OnceCell::new(),
            landed: Ending::default(),
        });
        let mut flying = self.flying.borrow_mut();
        for text in flight.texts() {
            flying.insert(text, Rc::clone(&flight));
        }
        Flying {
            flights: self,
            flight,
        }
    }
}

/// A flight, which ends when this is dropped.
pub(crate) struct Flying<'a> {
    flights: &'a Flights,
    pub(crate) flight: Rc<Flight>,
}

impl Drop for Flying<'_> {
    fn drop(&mut self) {
        {
            let mut flying = self.flights.flying.borrow_mut();
            for text in self.flight.texts() {
                flying.remove(&text);
            }
        }
        self.flight.landed.come();
    }
}
