//! Giving up a handle whose ports do not answer.

use std::future::Future;
use std::pin::pin;

use crate::domain::AgentError;
use crate::pool::agent_pool::AgentPool;
use crate::pool::race::unless;

impl AgentPool {
    /// Ends the handle as it is, and its live streams with it, for a host that has waited for [`Self::close`] long
    /// enough. Later calls fail with `closed`, and so do those that wait in [`Self::unless_abandoned`]. The waiting
    /// calls are dropped, which ends their turns, so other handles on the pool go on. What a dropped call left half
    /// done is owed, as after any call that was given up. Events that wait for the event bus stay with the other
    /// handles on that bus; if there are none, they are never published.
    ///
    /// Answers of ports that come later reach nobody. So the journal may hold a record of a transition that did not
    /// happen here.
    ///
    /// # Errors
    /// `reentrant_call` from within a port that is being called.
    pub fn abandon(&self) -> Result<(), AgentError> {
        let handle = &*self.handle;
        handle.require_outside_of_ports()?;
        handle.require_outside_of_publish()?;
        handle.closed.set(true);
        if !handle.abandoned.is_open() {
            handle.abandoned.open();
            handle.open.leave(&handle.outbox);
            handle.streams.notify(|stream| stream.finish());
        }
        Ok(())
    }

    /// Refuses to wait for anything on a handle that was abandoned.
    ///
    /// # Errors
    /// `closed` if the handle was abandoned.
    pub fn require_not_abandoned(&self) -> Result<(), AgentError> {
        match self.handle.abandoned.is_open() {
            true => Err(self.handle.closed_error()),
            false => Ok(()),
        }
    }

    /// Runs an operation of this handle, unless the handle is abandoned before the operation is finished.
    ///
    /// # Errors
    /// `closed` if the handle is abandoned first; the unfinished operation is dropped.
    pub async fn unless_abandoned<T>(
        &self,
        operation: impl Future<Output = T>,
    ) -> Result<T, AgentError> {
        // `abandoned` is polled before the operation, so that nothing goes on in a handle that was abandoned.
        let output = unless(self.handle.abandoned.wait(), pin!(operation)).await;
        output.ok_or_else(|| self.handle.closed_error())
    }
}
