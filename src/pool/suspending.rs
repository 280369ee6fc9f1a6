//! Wake conditions that are being registered, for those who name them by their id or their key alone meanwhile.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::domain::{Id, IdTable};
use crate::record::WakeCondition;

/// By the texts of their ids and keys, for each in the order in which they came, which is that in which most of them go.
#[derive(Default)]
pub(crate) struct Suspending {
    conditions: RefCell<IdTable<Arc<str>, VecDeque<Arc<WakeCondition>>>>,
}

impl Suspending {
    /// A condition is being registered until what this answers is dropped.
    pub(crate) fn begin(&self, condition: &Arc<WakeCondition>) -> Registering<'_> {
        let mut conditions = self.conditions.borrow_mut();
        for text in texts(condition) {
            let of_text = conditions.get_or_default(&text);
            of_text.push_back(Arc::clone(condition));
        }
        Registering {
            suspending: self,
            condition: Arc::clone(condition),
        }
    }

    /// The latest one like that whose id or key is this.
    pub(crate) fn latest_on(
        &self,
        text: &str,
        is_like: impl Fn(&WakeCondition) -> bool,
    ) -> Option<Arc<WakeCondition>> {
        let conditions = self.conditions.borrow();
        let mut of_text = conditions.get_text(text)?.iter();
        of_text.rfind(|condition| is_like(condition)).cloned()
    }
}

fn texts(condition: &WakeCondition) -> [Arc<str>; 2] {
    [
        condition.condition_id.to_text(),
        condition.idempotency_key.to_text(),
    ]
}

/// A condition that is being registered.
pub(crate) struct Registering<'a> {
    suspending: &'a Suspending,
    condition: Arc<WakeCondition>,
}

impl Drop for Registering<'_> {
    fn drop(&mut self) {
        let mut conditions = self.suspending.conditions.borrow_mut();
        for text in texts(&self.condition) {
            let of_text = conditions.get_or_default(&text);
            let place = of_text
                .iter()
                .position(|other| Arc::ptr_eq(other, &self.condition));
            place.and_then(|place| of_text.remove(place));
            if of_text.is_empty() {
                conditions.remove(&text);
            }
        }
    }
}
