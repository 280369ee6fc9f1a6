//! The wake conditions that are being registered. Drafts that name one of them by id or key alone find it here.

use std::cell::{Ref, RefCell};
use std::sync::Arc;

use crate::domain::Id;
use crate::pool::names::Names;
use crate::pool::plan;
use crate::pool::state::PoolState;
use crate::record::WakeCondition;

/// The names of the conditions.
#[derive(Default)]
pub(crate) struct Suspending {
    names: RefCell<Names>,
}

impl Suspending {
    /// Adds a condition, until the returned guard is dropped; `None` if it will be refused.
    pub(crate) fn begin(
        &self,
        condition: &Arc<WakeCondition>,
        state: &PoolState,
    ) -> Option<Registering<'_>> {
        let (id, key) = (&condition.condition_id, &condition.idempotency_key);
        let known = plan::known_wake(state, condition);
        let is_named = known.is_ok() && self.names.borrow_mut().take(id.to_text(), key.to_text());
        is_named.then(|| Registering {
            suspending: self,
            condition: Arc::clone(condition),
        })
    }

    pub(crate) fn names(&self) -> Ref<'_, Names> {
        self.names.borrow()
    }
}

/// A condition that is being registered.
pub(crate) struct Registering<'a> {
    suspending: &'a Suspending,
    condition: Arc<WakeCondition>,
}

impl Drop for Registering<'_> {
    fn drop(&mut self) {
        let id = self.condition.condition_id.to_text();
        let key = self.condition.idempotency_key.to_text();
        self.suspending.names.borrow_mut().give_back(&id, &key);
    }
}
