//! Waiting for what a port answers later, for as long as anybody does.
//!
//! A port may never answer, and then the operation that waits for it may be given up. So nothing of this instance hangs
//! on the host's promise: the TypeScript side waits for it, and has a number by which the answer finds whoever waits, or
//! nobody if they have left.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::*;

use crate::js::executor::go_on;
use crate::js::numbered::Numbered;

/// Who waits, by their numbers.
#[derive(Default)]
struct Waiting {
    states: RefCell<Numbered<State>>,
}

enum State {
    Waiting(Option<Waker>),
    Settled(Result<JsValue, JsValue>),
}

thread_local! {
    static WAITING: Waiting = Waiting::default();
}

/// A number for a port to answer instead of what it will answer later. No port answers numbers otherwise.
#[wasm_bindgen]
pub fn later() -> f64 {
    WAITING.with(Waiting::begin) as f64
}

/// The answer that `number` stands for is there, or what the port failed with. It may be such a number itself. Whoever
/// waits goes on before this returns.
#[wasm_bindgen]
pub fn settle(number: f64, is_kept: bool, value: JsValue) {
    let result = if is_kept { Ok(value) } else { Err(value) };
    let before = WAITING.with(|waiting| waiting.settle(number as u64, result));
    match before {
        Ok(State::Waiting(Some(waker))) => go_on(|| waker.wake()),
        Ok(_) => {}
        // Nobody waits for what the answer stands for either.
        Err(result) => drop(result.ok().as_ref().and_then(Settled::of)),
    }
}

/// What a port answers in the end.
pub(super) struct Settled {
    number: u64,
}

impl Settled {
    /// Waits for what this answer stands for; `None` if it is the answer itself.
    pub(super) fn of(answer: &JsValue) -> Option<Self> {
        let number = answer.as_f64()? as u64;
        Some(Self { number })
    }
}

impl Waiting {
    fn begin(&self) -> u64 {
        self.states.borrow_mut().add(State::Waiting(None))
    }

    /// Answers the state before, or the result if nobody waits for it.
    fn settle(
        &self,
        number: u64,
        result: Result<JsValue, JsValue>,
    ) -> Result<State, Result<JsValue, JsValue>> {
        match self.states.borrow_mut().get_mut(number) {
            Some(state) => Ok(std::mem::replace(state, State::Settled(result))),
            None => Err(result),
        }
    }

    fn poll(&self, number: u64, context: &Context<'_>) -> Poll<Result<JsValue, JsValue>> {
        let mut states = self.states.borrow_mut();
        let state = states.get_mut(number);
        let waits = State::Waiting(Some(context.waker().clone()));
        match state.map(|state| std::mem::replace(state, waits)) {
            Some(State::Settled(result)) => Poll::Ready(result),
            _ => Poll::Pending,
        }
    }
}

impl Future for Settled {
    type Output = Result<JsValue, JsValue>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match WAITING.with(|waiting| waiting.poll(self.number, context)) {
                Poll::Ready(Ok(answer)) => match Self::of(&answer) {
                    Some(next) => *self = next,
                    None => return Poll::Ready(Ok(answer)),
                },
                poll => return poll,
            }
        }
    }
}

impl Drop for Settled {
    fn drop(&mut self) {
        let state = WAITING.with(|waiting| waiting.states.borrow_mut().remove(self.number));
        // Whatever it holds goes when nothing is borrowed any more.
        drop(state);
    }
}
