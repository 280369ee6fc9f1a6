//! Waiting for what a port answers later, for as long as anybody waits.
//!
//! A port may never answer, and the operation that waits for it may be given up. So nothing in this instance is tied to
//! the host's promise. The TypeScript side waits for the promise, and has a number for it. By this number the answer
//! finds the future that waits for it, or nothing if that future was dropped.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::*;

use crate::js::executor::go_on;
use crate::js::numbered::Numbered;
use crate::js::scratch;

/// What a port answered.
pub(super) enum PortAnswer {
    Value(JsValue),
    Text(String),
}

impl PortAnswer {
    /// The text, if it is one.
    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Self::Value(value) => value.as_string(),
            Self::Text(text) => Some(text),
        }
    }

    /// The answer as a JavaScript value.
    pub(super) fn into_value(self) -> JsValue {
        match self {
            Self::Value(value) => value,
            Self::Text(text) => JsValue::from_str(&text),
        }
    }

    /// Whether the answer is `undefined`.
    pub(super) fn is_undefined(&self) -> bool {
        matches!(self, Self::Value(value) if value.is_undefined())
    }
}

/// The answers that are waited for, by their numbers.
struct Waiting {
    states: RefCell<Numbered<State>>,
}

enum State {
    Waiting(Option<Waker>),
    Settled(Outcome),
}

enum Outcome {
    Answered(PortAnswer),
    Failed(JsValue),
    /// The answer is that of another number.
    Later(u64),
}

thread_local! {
    static WAITING: Waiting = const {
        Waiting {
            states: RefCell::new(Numbered::new()),
        }
    };
}

/// A number for a port to return instead of an answer that comes later. Ports return numbers for no other purpose.
#[wasm_bindgen]
pub fn later() -> f64 {
    WAITING.with(Waiting::begin) as f64
}

/// Settles the answer with this number: the port's value, or what the port failed with. The value may be another such
/// number. The future that waits for the answer goes on before this returns.
#[wasm_bindgen]
pub fn settle(number: f64, is_fulfilled: bool, value: JsValue) {
    settle_as(
        number,
        match is_fulfilled {
            true => Outcome::of(value),
            false => Outcome::Failed(value),
        },
    );
}

/// As [`settle`], for a text of that length in the scratch.
#[wasm_bindgen(js_name = settleText)]
pub fn settle_text(number: f64, length: i32) {
    let text = scratch::written(length, str::to_owned);
    settle_as(number, Outcome::Answered(PortAnswer::Text(text)));
}

/// As [`settle`], for `undefined`.
#[wasm_bindgen(js_name = settleNothing)]
pub fn settle_nothing(number: f64) {
    settle_as(
        number,
        Outcome::Answered(PortAnswer::Value(JsValue::UNDEFINED)),
    );
}

fn settle_as(number: f64, outcome: Outcome) {
    let before = WAITING.with(|waiting| waiting.settle(number as u64, outcome));
    match before {
        Ok(State::Waiting(Some(waker))) => go_on(|| waker.wake()),
        // Nobody waits, so nobody will wait for the later answer that this one names.
        Err(Outcome::Later(number)) => drop(Settled::new(number)),
        _ => {}
    }
}

impl Outcome {
    fn of(value: JsValue) -> Self {
        match value.as_f64() {
            Some(number) => Self::Later(number as u64),
            None => Self::Answered(PortAnswer::Value(value)),
        }
    }
}

/// The final answer of a port.
pub(super) struct Settled {
    number: u64,
}

impl Settled {
    /// Waits for the answer with that number.
    pub(super) fn new(number: u64) -> Self {
        Self { number }
    }
}

impl Waiting {
    fn begin(&self) -> u64 {
        self.states.borrow_mut().add(State::Waiting(None))
    }

    /// Returns the former state, or the outcome if nobody waits for it.
    fn settle(&self, number: u64, outcome: Outcome) -> Result<State, Outcome> {
        match self.states.borrow_mut().get_mut(number) {
            Some(state) => Ok(std::mem::replace(state, State::Settled(outcome))),
            None => Err(outcome),
        }
    }

    fn poll(&self, number: u64, context: &Context<'_>) -> Poll<Outcome> {
        let mut states = self.states.borrow_mut();
        match states.get_mut(number) {
            Some(State::Waiting(Some(waker))) => waker.clone_from(context.waker()),
            Some(state @ State::Waiting(None)) => {
                *state = State::Waiting(Some(context.waker().clone()));
            }
            Some(state) => {
                if let State::Settled(outcome) = std::mem::replace(state, State::Waiting(None)) {
                    return Poll::Ready(outcome);
                }
            }
            None => {}
        }
        Poll::Pending
    }
}

impl Future for Settled {
    type Output = Result<PortAnswer, JsValue>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match WAITING.with(|waiting| waiting.poll(self.number, context)) {
                Poll::Ready(Outcome::Answered(answer)) => return Poll::Ready(Ok(answer)),
                Poll::Ready(Outcome::Failed(thrown)) => return Poll::Ready(Err(thrown)),
                Poll::Ready(Outcome::Later(number)) => *self = Self::new(number),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl Drop for Settled {
    fn drop(&mut self) {
        let state = WAITING.with(|waiting| waiting.states.borrow_mut().remove(self.number));
        // Dropped with nothing borrowed: a task may be dropped with its waker.
        drop(state);
    }
}
