//! Message operations in flight. Of several with the same key or id, one is carried out at a time.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use crate::domain::{AgentError, Id, IdTable, IdempotencyKey, List, MessageId, RunId};
use crate::pool::latch::{Latch, Wait};
use crate::pool::names::Names;
use crate::pool::plan;
use crate::pool::state::PoolState;
use crate::record::{MessageReceipt, MessageStatus, RunMessage};

/// What a caller wants done with a message.
#[derive(PartialEq)]
pub(crate) struct MessageOperation {
    pub(crate) message: Arc<RunMessage>,
    /// The status to record, and the receivers; `None` if the message is to be sent.
    pub(crate) recorded: Option<(MessageStatus, List<RunId>)>,
}

/// The outcome of a message operation.
pub(crate) type Outcome = Result<Arc<MessageReceipt>, AgentError>;

/// The message operations in flight.
#[derive(Default)]
pub(crate) struct Flights {
    /// The operation in flight, while it is the only one; it is not in `last` then.
    only: Option<Rc<Flight>>,
    /// The latest operation for each text of an id or a key. Ids and keys are not told apart: if the id of one message
    /// is the key of another, the later operation waits for the earlier one although it need not.
    last: IdTable<Arc<str>, Rc<Flight>>,
    /// The names of their messages, except for the only one.
    names: Names,
    /// How many operations there have been.
    count: u64,
}

/// A message operation in flight, which begins with its call.
pub(crate) struct Flight {
    operation: MessageOperation,
    /// The operation's number. Later operations have higher numbers.
    number: u64,
    /// How many turns alone had been asked for when it was called.
    period: u64,
    /// Whether its message's names are among those of the messages in flight.
    is_named: Cell<bool>,
    /// The earlier operations with the same id or key that this one waits for.
    after: RefCell<Vec<Rc<Flight>>>,
    /// Empty if the operation was given up.
    outcome: OnceCell<Outcome>,
    landed: Latch,
    /// How many [`Flying`]s keep it in flight.
    holders: Cell<usize>,
}

impl Flights {
    /// The operation in flight whose outcome a repeated call can share: it is the same operation, and no turn alone was
    /// asked for since its call.
    pub(crate) fn same(
        &mut self,
        operation: &MessageOperation,
        period: u64,
        state: &PoolState,
    ) -> Option<Rc<Flight>> {
        self.file_only(state);
        let message = &operation.message;
        let of_id = self.last.get_text(message.message_id.as_str())?;
        let of_key = self.last.get_text(message.idempotency_key.as_str())?;
        let is_same =
            Rc::ptr_eq(of_id, of_key) && of_id.period == period && of_id.operation == *operation;
        is_same.then(|| Rc::clone(of_id))
    }

    /// The names of the messages in flight.
    pub(crate) fn names(&mut self, state: &PoolState) -> &Names {
        self.file_only(state);
        &self.names
    }

    fn add(&mut self, flight: Rc<Flight>, state: &PoolState) {
        // Whether the same is in flight was asked before, so an earlier one is not the `only` one any more.
        match self.last.is_empty() {
            true => self.only = Some(flight),
            false => self.file(&flight, state),
        }
    }

    /// Moves the only operation to `last`.
    fn file_only(&mut self, state: &PoolState) {
        if let Some(only) = self.only.take() {
            self.file(&only, state);
        }
    }

    fn file(&mut self, flight: &Rc<Flight>, state: &PoolState) {
        let (id, key) = flight.names();
        // If it is known otherwise, it will be refused.
        let known = plan::known_message(state, &flight.operation.message);
        let is_named = known.is_ok() && self.names.take(id.to_text(), key.to_text());
        flight.is_named.set(is_named);
        for text in flight.texts() {
            let before = self.last.insert(text, Rc::clone(flight));
            let other = before.filter(|before| !Rc::ptr_eq(before, flight));
            flight.comes_after_all(other);
        }
    }

    /// Removes an operation that is over. If it was given up, the earlier operations that it still waited for take its
    /// place in `last`.
    fn remove(&mut self, flight: &Rc<Flight>) {
        if self.only.take().is_some() {
            return;
        }
        if flight.is_named.get() {
            let [id, key] = flight.texts();
            self.names.give_back(&id, &key);
        }
        flight.pass_over_landed();
        for text in flight.texts() {
            let last = self.last.get(&text);
            if last.is_none_or(|last| !Rc::ptr_eq(last, flight)) {
                continue;
            }
            match flight.before_on(&text) {
                Some(before) => drop(self.last.insert(text, before)),
                None => drop(self.last.remove(&text)),
            }
        }
    }
}

impl Flight {
    /// The outcome, once the operation has landed; `None` if it was given up.
    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        self.outcome.get()
    }

    /// Waits until the operation has landed.
    pub(crate) fn landed(&self) -> Wait<'_> {
        self.landed.wait()
    }

    /// Adds operations to wait for. Each is added once: otherwise the lists along a chain of operations that are given
    /// up would double with every link.
    fn comes_after_all(&self, flights: impl IntoIterator<Item = Rc<Self>>) {
        let mut after = self.after.borrow_mut();
        for flight in flights {
            if !after.iter().any(|other| Rc::ptr_eq(other, &flight)) {
                after.push(flight);
            }
        }
    }

    /// Replaces the earlier operations that were given up by those that they were waiting for.
    fn pass_over_landed(&self) {
        for before in self.after.take() {
            match before.landed.is_open() {
                true => self.comes_after_all(before.after.borrow().iter().cloned()),
                false => self.comes_after_all([before]),
            }
        }
    }

    /// The latest earlier operation in flight whose id or key has this text. In the place of an operation that was
    /// given up, those that it waited for count.
    fn before_on(&self, text: &str) -> Option<Rc<Self>> {
        let after = self.after.borrow();
        let before = after.iter().filter_map(|before| {
            if before.landed.is_open() {
                return before.before_on(text);
            }
            let texts = before.texts();
            let is_on = texts.iter().any(|other| **other == *text);
            is_on.then(|| Rc::clone(before))
        });
        before.max_by_key(|before| before.number)
    }

    fn names(&self) -> (&MessageId, &IdempotencyKey) {
        let message = &self.operation.message;
        (&message.message_id, &message.idempotency_key)
    }

    fn texts(&self) -> [Arc<str>; 2] {
        let (id, key) = self.names();
        [id.to_text(), key.to_text()]
    }
}

/// Keeps an operation in flight. The operation lands when the last clone is dropped.
pub(crate) struct Flying {
    flights: Rc<RefCell<Flights>>,
    flight: Rc<Flight>,
}

impl Flying {
    /// Begins the flight of an operation. `period` says how many turns alone have been asked for.
    pub(crate) fn begin(
        flights: &Rc<RefCell<Flights>>,
        operation: MessageOperation,
        period: u64,
        state: &PoolState,
    ) -> Self {
        let mut others = flights.borrow_mut();
        others.count += 1;
        let flight = Rc::new(Flight {
            operation,
            number: others.count,
            period,
            is_named: Cell::new(false),
            after: RefCell::default(),
            outcome: OnceCell::new(),
            landed: Latch::default(),
            holders: Cell::new(1),
        });
        others.add(Rc::clone(&flight), state);
        drop(others);
        let flights = Rc::clone(flights);
        Self { flights, flight }
    }

    pub(crate) fn operation(&self) -> &MessageOperation {
        &self.flight.operation
    }

    /// One of the earlier operations that have to land first.
    pub(crate) fn before(&self) -> Option<Rc<Flight>> {
        self.flight.after.borrow().last().cloned()
    }

    /// Notes that the operation returned by [`Self::before`] has landed.
    pub(crate) fn comes_after(&self, before: &Flight) {
        self.flight.after.borrow_mut().pop();
        // If it was given up, it may still have been waiting for others.
        self.flight
            .comes_after_all(before.after.borrow().iter().cloned());
    }

    /// Sets the outcome of the operation.
    pub(crate) fn comes_to(&self, outcome: Outcome) {
        // It is set only once.
        let _ = self.flight.outcome.set(outcome);
    }
}

impl Clone for Flying {
    fn clone(&self) -> Self {
        self.flight.holders.set(self.flight.holders.get() + 1);
        let (flights, flight) = (Rc::clone(&self.flights), Rc::clone(&self.flight));
        Self { flights, flight }
    }
}

impl Drop for Flying {
    fn drop(&mut self) {
        let holders = self.flight.holders.get() - 1;
        self.flight.holders.set(holders);
        if holders == 0 {
            self.flights.borrow_mut().remove(&self.flight);
            self.flight.landed.open();
        }
    }
}
