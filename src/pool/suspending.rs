//! The wake conditions that are being registered. Drafts that name one of them by id or key alone find it here.

use std::cell::RefCell;
use std::sync::Arc;

use crate::domain::{Id, IdTable};
use crate::record::WakeCondition;

/// The conditions by the texts of their ids and keys. Those with the same text are in the order of their calls, which
/// is the order in which most of them are removed.
#[derive(Default)]
pub(crate) struct Suspending {
    conditions: RefCell<IdTable<Arc<str>, Vec<Arc<WakeCondition>>>>,
}

impl Suspending {
    /// Adds a condition, until the returned guard is dropped.
    pub(crate) fn begin(&self, condition: &Arc<WakeCondition>) -> Registering<'_> {
        let mut conditions = self.conditions.borrow_mut();
        for text in texts(condition) {
            let of_text = conditions.get_or_default(&text);
            of_text.push(Arc::clone(condition));
        }
        Registering {
            suspending: self,
            condition: Arc::clone(condition),
        }
    }

    /// The first condition with this text as its id or key for which `is_like` holds. Later ones either are the same
    /// condition, or will be refused.
    pub(crate) fn first_on(
        &self,
        text: &str,
        is_like: impl Fn(&WakeCondition) -> bool,
    ) -> Option<Arc<WakeCondition>> {
        let conditions = self.conditions.borrow();
        let mut of_text = conditions.get_text(text)?.iter();
        of_text.find(|condition| is_like(condition)).cloned()
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
            place.map(|place| of_text.remove(place));
            if of_text.is_empty() {
                conditions.remove(&text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn condition(id: &str, key: &str) -> Arc<WakeCondition> {
        let condition =
            json!({"condition_id": id, "run_id": "r1", "filter": {}, "idempotency_key": key});
        Arc::new(serde_json::from_value(condition).unwrap())
    }

    #[test]
    fn the_first_that_is_left_is_found_by_its_id_and_by_its_key() {
        let suspending = Suspending::default();
        let (first, second) = (condition("w1", "k1"), condition("w1", "w1"));
        let of_id = |known: &WakeCondition| known.condition_id.as_str() == "w1";
        let of_key = |known: &WakeCondition| known.idempotency_key.as_str() == "k1";
        let registering = suspending.begin(&first);
        let again = suspending.begin(&first);
        let other = suspending.begin(&second);
        assert_eq!(suspending.first_on("w1", of_id), Some(Arc::clone(&first)));
        drop(registering);
        assert_eq!(suspending.first_on("k1", of_key), Some(first));
        assert_eq!(
            suspending.first_on("k1", of_id),
            suspending.first_on("w1", of_key)
        );
        drop(again);
        assert_eq!(suspending.first_on("k1", of_key), None);
        assert_eq!(suspending.first_on("w1", of_id), Some(second));
        drop(other);
        assert!(suspending.conditions.borrow().is_empty());
    }
}
