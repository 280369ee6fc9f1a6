//! Wake conditions that are being registered, for those who name them by their id or their key alone meanwhile.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::record::WakeCondition;

/// In the order in which they came, which is that in which most of them go.
#[derive(Default)]
pub(crate) struct Suspending {
    conditions: RefCell<VecDeque<Arc<WakeCondition>>>,
}

impl Suspending {
    /// A condition is being registered until what this answers is dropped.
    pub(crate) fn begin(&self, condition: &Arc<WakeCondition>) -> Registering<'_> {
        self.conditions
            .borrow_mut()
            .push_back(Arc::clone(condition));
        Registering {
            suspending: self,
            condition: Arc::clone(condition),
        }
    }

    /// The latest one like that.
    pub(crate) fn latest(
        &self,
        is_like: impl Fn(&WakeCondition) -> bool,
    ) -> Option<Arc<WakeCondition>> {
        let conditions = self.conditions.borrow();
        let latest = conditions
            .iter()
            .rfind(|condition| is_like(condition.as_ref()));
        latest.cloned()
    }
}

/// A condition that is being registered.
pub(crate) struct Registering<'a> {
    suspending: &'a Suspending,
    condition: Arc<WakeCondition>,
}

impl Drop for Registering<'_> {
    fn drop(&mut self) {
        let mut conditions = self.suspending.conditions.borrow_mut();
        let place = conditions
            .iter()
            .position(|other| Arc::ptr_eq(other, &self.condition));
        if let Some(place) = place {
            conditions.remove(place);
        }
    }
}
