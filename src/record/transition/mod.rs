//! Transitions: the steps in which a pool changes, and the journal record, the event and the store record of each step.
//!
//! A transition holds the facts. Its record and its event repeat these facts many times over, among much that never
//! changes, so they are made only where somebody wants to see them: see [`JournalEntry`] and [`PoolEvent`].

mod constants;
mod entry;
mod event;
mod facts;
mod membership;
mod message;
mod stamp;
mod traits;
mod wake;

pub use entry::JournalEntry;
pub use event::PoolEvent;
pub use membership::MembershipTransition;
pub use message::MessageTransition;
pub use stamp::{EventStamp, RecordStamp};
pub use wake::WakeTransition;

use super::{
    AgentPoolStoreRecordPayload, EventFrame, EventKind, JournalRecord, JournalRecordPayload,
};
use crate::domain::{AgentPoolId, JournalCursor};
use facts::Facts;

/// One step in which a pool changes. Cloning one shares what it holds.
#[derive(Clone)]
pub enum Transition {
    /// The members change.
    Membership(MembershipTransition),
    /// A message gets a new status.
    Message(MessageTransition),
    /// A wake condition gets a new status.
    Wake(WakeTransition),
}

impl Transition {
    /// The kind of its event.
    pub fn event_kind(&self) -> EventKind {
        match self {
            Self::Membership(membership) => membership.status.event_kind(),
            Self::Message(message) => message.status.event_kind(),
            Self::Wake(wake) => wake.status.event_kind(),
        }
    }

    /// The journal record of a pool's transition.
    pub fn record(&self, pool_id: &AgentPoolId, stamp: &RecordStamp) -> JournalRecord {
        self.facts().record(stamp, self.payload(pool_id))
    }

    /// The frame of its event. `journal_cursor` is the cursor of its record, once the journal has the record.
    pub fn frame(&self, stamp: &EventStamp, journal_cursor: Option<JournalCursor>) -> EventFrame {
        let frame = self.facts().frame(stamp, journal_cursor);
        debug_assert_eq!(self.traits(), frame.event.envelope.traits());
        frame
    }

    /// What the store is given, once the journal has returned the cursor of the record.
    pub fn stored(&self, journal_cursor: &JournalCursor) -> AgentPoolStoreRecordPayload {
        match self {
            Self::Membership(membership) => membership.stored(),
            Self::Message(message) => message.stored(journal_cursor.clone()),
            Self::Wake(wake) => wake.stored(journal_cursor.clone()),
        }
    }

    /// Drops what only its record shows. A bus keeps events, and each change of the members would make it keep a list of
    /// them all.
    fn recorded(&mut self) {
        if let Self::Membership(membership) = self {
            membership.recorded();
        }
    }

    fn facts(&self) -> Facts<'_> {
        match self {
            Self::Membership(membership) => membership.facts(),
            Self::Message(message) => message.facts(),
            Self::Wake(wake) => wake.facts(),
        }
    }

    /// The payload of the journal record.
    pub fn payload(&self, pool_id: &AgentPoolId) -> JournalRecordPayload {
        match self {
            Self::Membership(membership) => membership.payload(pool_id),
            Self::Message(message) => message.payload(),
            Self::Wake(wake) => wake.payload(),
        }
    }
}

#[cfg(test)]
mod tests;
