//! Listeners that are told of something for as long as they exist.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// Listeners in the order in which they were added. They are not kept alive, and need not be removed.
pub struct Listeners<T: ?Sized> {
    listeners: RefCell<Vec<Weak<T>>>,
}

impl<T: ?Sized> Default for Listeners<T> {
    fn default() -> Self {
        Self {
            listeners: RefCell::default(),
        }
    }
}

impl<T: ?Sized> Listeners<T> {
    /// Adds a listener.
    pub fn add(&self, listener: Weak<T>) {
        let mut listeners = self.listeners.borrow_mut();
        // Even a listener that is gone occupies memory. So these are removed before the list grows, in constant time on
        // average.
        if listeners.len() == listeners.capacity() {
            listeners.retain(|listener| listener.strong_count() > 0);
            let room = listeners.len().max(8);
            listeners.reserve(room);
        }
        listeners.push(listener);
    }

    /// Whether there are no listeners. Listeners that are gone count until the next [`Self::notify`].
    pub fn is_empty(&self) -> bool {
        self.listeners.borrow().is_empty()
    }

    /// Notifies every listener that still exists. No borrow is held meanwhile.
    pub fn notify(&self, notify: impl Fn(&T)) {
        let mut present: Vec<Rc<T>> = Vec::new();
        self.listeners.borrow_mut().retain(|listener| {
            let listener = listener.upgrade();
            let is_there = listener.is_some();
            present.extend(listener);
            is_there
        });
        for listener in &present {
            notify(listener);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn those_who_are_gone_are_not_told_and_take_up_no_room() {
        let listeners = Listeners::<Cell<u32>>::default();
        let there = Rc::new(Cell::new(0));
        listeners.add(Rc::downgrade(&there));
        for _ in 0..10_000 {
            listeners.add(Rc::downgrade(&Rc::new(Cell::new(0))));
        }
        assert!(listeners.listeners.borrow().capacity() < 100);
        listeners.notify(|listener| listener.set(listener.get() + 1));
        assert_eq!(there.get(), 1);
        assert_eq!(listeners.listeners.borrow().len(), 1);
    }

    #[test]
    fn a_listener_may_add_another_who_is_told_from_then_on() {
        let listeners = Rc::new(Listeners::<dyn Fn()>::default());
        let told = Rc::new(Cell::new(0));
        let count = Rc::clone(&told);
        let late: Rc<dyn Fn()> = Rc::new(move || count.set(count.get() + 1));
        let (again, added) = (Rc::clone(&listeners), Rc::downgrade(&late));
        let first: Rc<dyn Fn()> = Rc::new(move || again.add(added.clone()));
        listeners.add(Rc::downgrade(&first));
        listeners.notify(|listener| listener());
        assert_eq!(told.get(), 0);
        listeners.notify(|listener| listener());
        assert_eq!(told.get(), 1);
    }
}
