//! The users of an outbox, the task that drives it, and its end.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use super::{Head, Outbox};
use crate::pool::race::unless;
use crate::port::EventBus;

impl Outbox {
    /// The outbox, for one more handle.
    pub(crate) fn taken(self: &Rc<Self>) -> Rc<Self> {
        self.users.set(self.users.get() + 1);
        Rc::clone(self)
    }

    /// Ends a handle's use of the outbox.
    pub(crate) fn give_back(self: &Rc<Self>) {
        self.users.set(self.users.get() - 1);
        if !self.is_used() {
            self.wake_driver();
            self.see_to_answer();
        }
    }

    /// Whether any handle uses the outbox.
    pub(crate) fn is_used(&self) -> bool {
        self.users.get() > 0
    }

    /// Drops the waiting events. Whether the frame that the bus was given arrives is up to the bus.
    pub(crate) fn dissolve(&self) {
        let given_up = self.events.take().len() as u64;
        self.gone.set(self.gone.get() + given_up);
        self.head.replace(Head::Waiting);
        self.dissolved.open();
    }

    /// Has the executor handle the answer to the publication under way, unless that may be left to the next use of the
    /// outbox.
    pub(super) fn see_to_answer(self: &Rc<Self>) {
        let is_under_way = matches!(*self.head.borrow(), Head::UnderWay { .. });
        if is_under_way && !self.may_be_left() {
            self.drive_in_background();
        }
    }

    /// Whether nothing has to be done as soon as the publication under way is answered. Most sends then save a task.
    fn may_be_left(&self) -> bool {
        let goes_on = |bus: &Rc<dyn EventBus>| bus.publishes_unpolled();
        self.bus.as_ref().is_some_and(goes_on)
            && self.events.borrow().len() == 1
            && self.streams.is_empty()
            && self.is_used()
    }

    /// Has the executor publish the rest, as the bus answers.
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

    /// Publishes as the bus answers, as long as a publication is under way or a handle uses the outbox.
    async fn publish_what_comes(self: &Rc<Self>) {
        loop {
            while let Some(publication) = self.under_way() {
                // A frame that failed stays at the head, for the next operation to try again.
                let _ = self.answered(publication).await;
                self.pump();
            }
            if !self.is_used() {
                break;
            }
            self.idle().await;
        }
    }

    /// Waits until a publication is under way, or no handle uses the outbox.
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
