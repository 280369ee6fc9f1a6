//! Waiting, without time: for a signal, or for a number of turns of the executor.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Something that has not happened yet. Clones are the same signal.
#[derive(Clone, Debug, Default)]
pub struct Signal(Rc<State>);

#[derive(Debug, Default)]
struct State {
    given: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

impl Signal {
    /// Gives the signal: everything that waits for it goes on, and nothing waits for it any more.
    pub fn give(&self) {
        self.0.given.set(true);
        self.0.waiting.take().into_iter().for_each(Waker::wake);
    }

    pub fn wait(&self) -> impl Future<Output = ()> + 'static {
        let signal = self.clone();
        poll_fn(move |context| {
            if signal.0.given.get() {
                return Poll::Ready(());
            }
            let mut waiting = signal.0.waiting.borrow_mut();
            waiting.push(context.waker().clone());
            Poll::Pending
        })
    }
}

/// Is ready once it was polled `count` times.
pub fn ticks(mut count: u32) -> impl Future<Output = ()> {
    poll_fn(move |context| {
        if count == 0 {
            return Poll::Ready(());
        }
        count -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
}
