//! Who uses an outbox, who drives it, and how it ends.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use super::{Head, Outbox};
use crate::pool::race::unless;
use crate::port::EventBus;

impl Outbox {
    /// This outbox, for one more handle to use.
    pub(crate) fn taken(self: &Rc<Self>) -> Rc<Self> {
        self.users.set(self.users.get() + 1);
        Rc::clone(self)
    }

    /// A handle uses it no longer.
    pub(crate) fn give_back(self: &Rc<Self>) {
        self.users.set(self.users.get() - 1);
        if !self.is_used() {
            self.wake_driver();
            self.see_to_answer();
        }
    }

    /// Whether a handle uses it.
    pub(crate) fn is_used(&self) -> bool {
        self.users.get() > 0
    }

    /// Gives up what waits. Whether the frame that is with the bus gets there is the bus's affair.
    pub(crate) fn dissolve(&self) {
        let given_up = self.events.take().len() as u64;
        self.gone.set(self.gone.get() + given_up);
        self.head.replace(Head::Waiting);
        self.dissolved.open();
    }

    /// If there is a publication under way whose answer is not left to whoever uses the outbox next, has the executor see
    /// to it.
    pub(super) fn see_to_answer(self: &Rc<Self>) {
        let is_under_way = matches!(*self.head.borrow(), Head::UnderWay { .. });
        if is_under_way && !self.may_be_left() {
            self.drive_in_background();
        }
    }

    /// Whether nothing is to be done as soon as the publication under way is answered: then most sends save a task.
    fn may_be_left(&self) -> bool {
        let goes_on = |bus: &Rc<dyn EventBus>| bus.publishes_unpolled();
        self.bus.as_ref().is_some_and(goes_on)
            && self.events.borrow().len() == 1
            && self.readers.is_empty()
            && self.is_used()
    }

    /// Has the executor publish the rest as the bus answers.
    fn drive_in_background(self: &Rc<Self>) {
        let Some(executor) = &self.executor else {
            return;
        };
        match self.driven.replace(true) {
            true => self.wake_driver(),
            false => {
                let outbox = Rc::clone(self);
                executor.spawn(Box::pin(async move { outbox.drive().await }));
            }
        }
    }

    async fn drive(self: Rc<Self>) {
        let publishing = pin!(self.publish_what_comes());
        unless(self.dissolved.wait(), publishing).await;
        self.driven.set(false);
    }

    /// Publishes as the bus answers, for as long as there is anything to publish or a handle that may have something.
    async fn publish_what_comes(self: &Rc<Self>) {
        loop {
            while let Some(publication) = self.under_way() {
                // A failure stays at the head and is the next operation's business.
                let _ = self.answered(publication).await;
                self.pump();
            }
            if !self.is_used() {
                break;
            }
            self.idle().await;
        }
    }

    /// Waits until there is something to publish again, or no handle any more.
    fn idle(&self) -> impl Future<Output = ()> {
        poll_fn(|context| {
            let is_under_way = matches!(*self.head.borrow(), Head::UnderWay { .. });
            if is_under_way || !self.is_used() {
                return Poll::Ready(());
            }
            self.idle_driver.replace(Some(context.waker().clone()));
            Poll::Pending
        })
    }

    fn wake_driver(&self) {
        if let Some(waker) = self.idle_driver.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests;
