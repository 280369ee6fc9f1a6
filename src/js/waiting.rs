//! Waiting for a promise, for as long as anybody does.
//!
//! A port may never answer, and then the operation that waits for it may be given up. So nothing of
//! this instance may hang on the promise: it is told a number, by which the answer finds whoever waits,
//! or nobody if they have left. (`JsFuture` keeps what it holds until the promise is settled.)

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use js_sys::{Function, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::js::numbered::Numbered;

#[wasm_bindgen]
extern "C" {
    type Numbering;

    #[wasm_bindgen(method)]
    fn bind(this: &Numbering, context: &JsValue, number: f64) -> Function;

    type Pending;

    #[wasm_bindgen(method)]
    fn then(this: &Pending, fulfil: &Function, reject: &Function);
}

/// Who waits, by their numbers.
#[derive(Default)]
struct Waiting {
    states: RefCell<Numbered<State>>,
}

enum State {
    Waiting(Option<Waker>),
    Settled(Result<JsValue, JsValue>),
}

type Settle = Closure<dyn FnMut(f64, JsValue)>;

thread_local! {
    static WAITING: Waiting = Waiting::default();
    static FULFIL: Settle = Closure::new(|number: f64, value| settle(number as u64, Ok(value)));
    static REJECT: Settle = Closure::new(|number: f64, value| settle(number as u64, Err(value)));
}

/// What a promise comes to.
pub(super) struct Settled {
    number: u64,
}

impl Settled {
    /// Begins to wait: what the promise is rejected with is taken care of from now on.
    pub(super) fn of(promise: &Promise) -> Self {
        let number = WAITING.with(Waiting::begin);
        let [fulfil, reject] =
            [&FULFIL, &REJECT].map(|settle| settle.with(|settle| numbered(settle, number)));
        promise.unchecked_ref::<Pending>().then(&fulfil, &reject);
        Self { number }
    }
}

fn numbered(settle: &Settle, number: u64) -> Function {
    let settle: &Numbering = settle.as_ref().unchecked_ref();
    settle.bind(&JsValue::UNDEFINED, number as f64)
}

impl Waiting {
    fn begin(&self) -> u64 {
        self.states.borrow_mut().add(State::Waiting(None))
    }
}

fn settle(number: u64, result: Result<JsValue, JsValue>) {
    let before = WAITING.with(|waiting| {
        let mut states = waiting.states.borrow_mut();
        let state = states.get_mut(number)?;
        Some(std::mem::replace(state, State::Settled(result)))
    });
    if let Some(State::Waiting(Some(waker))) = before {
        waker.wake();
    }
}

impl Future for Settled {
    type Output = Result<JsValue, JsValue>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        WAITING.with(|waiting| {
            let waits = State::Waiting(Some(context.waker().clone()));
            let mut states = waiting.states.borrow_mut();
            let state = states.get_mut(self.number);
            match state.map(|state| std::mem::replace(state, waits)) {
                Some(State::Settled(result)) => Poll::Ready(result),
                _ => Poll::Pending,
            }
        })
    }
}

impl Drop for Settled {
    fn drop(&mut self) {
        let state = WAITING.with(|waiting| waiting.states.borrow_mut().remove(self.number));
        // Whatever it holds goes when nothing is borrowed any more.
        drop(state);
    }
}
