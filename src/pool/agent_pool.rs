//! A handle on a pool, for its user.

use std::rc::Rc;

use crate::domain::{AgentError, AgentPoolId, RunId};
use crate::pool::draft::{RunMessageDraft, WakeConditionDraft};
use crate::pool::handle::Handle;
use crate::pool::live_stream::LiveStreams;
use crate::record::{RunMessage, WakeCondition};

/// A handle on a pool. Clones are the same handle.
///
/// Messages of different runs run side by side, over all handles of one store. An operation that others depend on waits
/// for what is under way and holds back what comes after it, first come first served. So nobody sees half of an
/// operation, and all operations have the same outcome as if they ran one after the other. With ports that answer at
/// once an operation is finished after one poll; see [`poll_once`](crate::port::poll_once). Wakers must have their
/// tasks polled later: a waker that polled its task itself, while it is woken, would come in between the two halves of
/// a step.
///
/// # Errors
/// Each operation names its own errors; other errors are common to many operations. The error's `code` says which case
/// it is, its `retry` whether calling again can help.
///
/// *Every operation* fails with `closed` on a handle that was closed. It fails with `reentrant_call` if it is called
/// while a port is being called that another operation waits for: the journal's
/// [`append`](crate::port::Journal::append) and [`append_batch`](crate::port::Journal::append_batch), the bus's
/// [`first_match`](crate::port::EventBus::first_match) and the store's
/// [`append`](crate::port::AgentPoolStore::append). It would wait for its own caller.
///
/// *Every operation that records*, by joining or leaving, with a message, with a wake or with an event of the host's,
/// may also fail before anything of it is recorded:
///
/// - with the error of the event bus, if the bus rejects a frame again that it rejected before;
/// - with the error of the clock;
/// - with `journal_required`, `event_bus_required` or `bus_backlogged`, if there is something to record and no port for
///   it or, behind a bus that does not answer, no room for its events
///   ([`AgentPoolBuilder::outbox_capacity`](crate::pool::AgentPoolBuilder::outbox_capacity));
/// - with the error of the journal or the store about the rest of an earlier operation that failed half-way: the next
///   operation begins with that rest.
///
/// It fails half-way with the error of the journal or the store about a record of its own: the first record that is
/// refused ends the operation, and the records before it stay. Called again, the operation does the rest; if it has an
/// idempotency key, the key has to be the same (DESIGN D2). The wakes that its events trigger are ended within it, so
/// an error may be about the end of a wake although everything else has happened. That end is then left to the next
/// operation that records.
///
/// An event that the bus does not take is no error of the operation that the event belongs to: see
/// [`EventBus::publish`](crate::port::EventBus::publish).
///
/// The error of a port is passed on as it is, at most with the id of the record that the journal refused, or of the
/// event that the bus did not take. The ports of JavaScript hosts fail with `journal_rejected`, `event_bus_rejected` or
/// `run_launcher_rejected`, and with `invalid_port_answer` for an answer that is not valid.
#[derive(Clone)]
pub struct AgentPool {
    pub(crate) handle: Rc<Handle>,
}

impl AgentPool {
    /// The pool's id.
    pub fn pool_id(&self) -> &AgentPoolId {
        &self.handle.pool_id
    }

    /// The whole message of a draft. What the draft leaves out is taken from the message with its id or key that is
    /// recorded or being sent, and made up if there is no such message.
    ///
    /// # Errors
    /// The error of the source of ids, which is asked if id and key are both left out.
    pub fn complete_message(&self, mut draft: RunMessageDraft) -> Result<RunMessage, AgentError> {
        let open = &self.handle.open;
        open.read(|state| draft.recognise(&open.flights, state));
        draft.complete(&*self.handle.ports.ids)
    }

    /// The whole condition of a draft, for this run unless the draft names another; as [`Self::complete_message`].
    ///
    /// # Errors
    /// As [`Self::complete_message`].
    pub fn complete_wake(
        &self,
        run_id: &RunId,
        mut draft: WakeConditionDraft,
    ) -> Result<WakeCondition, AgentError> {
        let open = &self.handle.open;
        open.read(|state| draft.recognise(&open.suspending, state));
        draft.complete(run_id, &*self.handle.ports.ids)
    }

    /// Whether events wait for the event bus.
    pub fn has_unpublished(&self) -> bool {
        self.handle.outbox.take_in_answer();
        !self.handle.outbox.is_empty()
    }

    /// Waits until the event bus has every event of the operations so far.
    ///
    /// # Errors
    /// The errors of every operation ([`AgentPool`](AgentPool#errors)), and `reentrant_call` also from within
    /// [`EventBus::publish`](crate::port::EventBus::publish). A publication that is answered later and awaits this call
    /// would wait for itself.
    ///
    /// The error of the bus when it rejects the next event; if it rejected that event before, when it rejects it again.
    /// The event keeps its place and is tried again by the next operation that records, and by the next call of this.
    pub async fn flush(&self) -> Result<(), AgentError> {
        self.handle.require_callable()?;
        self.handle.finish().await
    }

    /// Ends the handle: later calls fail with `closed`; calls that are under way, and events that wait for the event
    /// bus, are finished first. Closing again waits for the same. Live streams of the handle end with what they have
    /// received until then. A host that no longer waits calls [`Self::abandon`].
    ///
    /// # Errors
    /// The error of the bus, as with [`Self::flush`]; the handle is closed all the same, and closing again tries the
    /// bus again. `reentrant_call` as with [`Self::flush`], and the handle stays open.
    pub async fn close(&self) -> Result<(), AgentError> {
        self.handle.require_outside_of_ports()?;
        self.handle.require_outside_of_publish()?;
        self.handle.closed.set(true);
        let _streams = EndOfStreams(&self.handle.streams);
        self.handle.finish().await
    }
}

/// Ends the live streams when the closing of their handle ends, even if it fails or is dropped.
struct EndOfStreams<'a>(&'a LiveStreams);

impl Drop for EndOfStreams<'_> {
    fn drop(&mut self) {
        self.0.notify(|stream| stream.finish());
    }
}
