//! Frames: events as they travel on a bus, and the cursors from which a reader continues.

use std::sync::Arc;

use serde::Serialize;

use super::{
    AgentEvent, CompiledEventFilter, EventEnvelope, EventFilterFingerprint, EventFilterId,
    SubscriberOverflowPolicy,
};
use crate::domain::{AgentId, ArchiveCursorId, EventId, JournalCursor, RunId, Text, wire_enum};
use crate::json::{self, FromJson, Json, deserialize, from_json, value};

/// An event on a bus or in a stream. Cloning one shares the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventFrame {
    /// The event.
    pub event: Arc<AgentEvent>,
    /// Where the frame is in its stream.
    pub cursor: EventCursor,
    /// Where the event is in an archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archive_cursor: Option<Box<ArchiveCursor>>,
    /// A notice of the frames that were left out of the stream before this frame, or that this frame stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overflow: Option<Box<EventOverflowNotice>>,
}

from_json!(EventFrame, "an event frame", {
    event,
    cursor,
    archive_cursor = None,
    overflow = None,
});

impl EventFrame {
    /// A frame of the given event in a stream of the given scope.
    pub fn new(event: AgentEvent, scope: EventStreamScope) -> Self {
        Self {
            cursor: event.envelope.cursor(scope),
            event: Arc::new(event),
            archive_cursor: None,
            overflow: None,
        }
    }

    /// The same frame at place `event_seq` of a bus. The cursor is made anew from the envelope, except for its scope
    /// (REFERENCE 35).
    pub fn numbered(mut self, event_seq: u64) -> Self {
        Arc::make_mut(&mut self.event).envelope.event_seq = event_seq;
        self.cursor = self.event.envelope.cursor(self.cursor.scope);
        self
    }
}

/// The place of a reader in a stream: it has seen everything up to and including the event named here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventCursor {
    /// The stream that the cursor belongs to.
    pub scope: EventStreamScope,
    /// The place of the event on its bus.
    pub event_seq: u64,
    /// The event; not compared (REFERENCE 31).
    pub event_id: EventId,
    /// The cursor of the event's record in the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_cursor: Option<JournalCursor>,
}

from_json!(EventCursor, "a cursor", {
    scope,
    event_seq,
    event_id,
    journal_cursor = None,
});

/// The stream that a cursor belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventStreamScope {
    /// Everything on the bus.
    All,
    /// Everything of one run.
    Run(RunId),
    /// Everything of one agent.
    Agent(AgentId),
    /// Everything that matches a filter.
    Filter {
        /// The id of the filter; not compared (REFERENCE 31).
        filter_id: EventFilterId,
        /// The filter's fingerprint.
        filter_fingerprint: EventFilterFingerprint,
    },
}

impl EventEnvelope {
    /// The cursor of this event in a stream of the given scope.
    pub fn cursor(&self, scope: EventStreamScope) -> EventCursor {
        EventCursor {
            scope,
            event_seq: self.event_seq,
            event_id: self.event_id.clone(),
            journal_cursor: self.journal_cursor.clone(),
        }
    }
}

impl CompiledEventFilter {
    /// The scope of the cursors of a stream of this filter.
    pub fn cursor_scope(&self) -> EventStreamScope {
        EventStreamScope::Filter {
            filter_id: self.filter_id().clone(),
            filter_fingerprint: self.fingerprint().clone(),
        }
    }
}

impl FromJson for EventStreamScope {
    fn blank() -> Self {
        Self::All
    }

    fn fill(&mut self, json: &Json<'_>) -> json::Result<()> {
        const EXPECTED: &str = r#""all", or an object with a run, an agent or a filter"#;
        if matches!(json, Json::Text(text) if text == "all") {
            *self = Self::All;
            return Ok(());
        }
        *self = match json.fields(EXPECTED)?.single(EXPECTED)? {
            ("run", run_id) => Self::Run(value(run_id)?),
            ("agent", agent_id) => Self::Agent(value(agent_id)?),
            ("filter", filter) => filter_scope(filter)?,
            _ => return Err(json.unexpected(EXPECTED)),
        };
        Ok(())
    }
}

deserialize!(EventStreamScope);

fn filter_scope(json: &Json<'_>) -> json::Result<EventStreamScope> {
    let fields = json.fields("a compiled filter's id and fingerprint")?;
    Ok(EventStreamScope::Filter {
        filter_id: fields.get("filter_id")?,
        filter_fingerprint: fields.get("filter_fingerprint")?,
    })
}

/// The place of an event in an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArchiveCursor {
    /// The id of the archive.
    pub archive_id: ArchiveCursorId,
    /// The place in the archive, in the archive's own notation.
    pub position: Text,
    /// The event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
    /// The place up to which the archive is complete, in its own notation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watermark: Option<Text>,
}

from_json!(ArchiveCursor, "an archive cursor", {
    archive_id,
    position,
    event_id = None,
    watermark = None,
});

/// A notice that frames were left out of a reader's stream (REFERENCE 36).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventOverflowNotice {
    /// The policy by which the frames were left out.
    pub policy: SubscriberOverflowPolicy,
    /// How many. Of the frames that `fail_subscriber` cuts off, only the first is counted (REFERENCE 37).
    pub dropped_count: u64,
    /// The frame that was left out first. It may come after `gap_end`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap_start: Option<EventCursor>,
    /// The frame that was left out last.
    pub gap_end: EventCursor,
    /// The cursor in the journal from which the gap can be filled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repair_from: Option<JournalCursor>,
    /// Whether none of the frames counted was terminal.
    pub terminal_preserved: bool,
    /// Why the frames were left out.
    pub reason: EventOverflowReason,
}

from_json!(EventOverflowNotice, "an event overflow notice", {
    policy,
    dropped_count,
    gap_start = None,
    gap_end,
    repair_from = None,
    terminal_preserved,
    reason,
});

wire_enum! {
    /// Why frames were left out of a stream.
    pub enum EventOverflowReason {
        /// The queue was full.
        SubscriberQueueFull = "subscriber_queue_full",
        /// The subscriber was too slow.
        SubscriberLagged = "subscriber_lagged",
        /// The bus no longer had the frames.
        LiveBufferExpired = "live_buffer_expired",
        /// The frames only reported progress.
        PolicyDroppedProgress = "policy_dropped_progress",
        /// The frames were not terminal.
        PolicyDroppedNonTerminal = "policy_dropped_non_terminal",
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{frame, id};
    use super::super::{
        AgentPoolSnapshot, AgentPoolStoreRecord, CompiledEventFilter, EventKind, JournalRecord,
    };
    use super::*;

    #[test]
    fn a_bus_numbers_a_frame_and_makes_its_cursor_anew_but_for_the_scope() {
        let mut published = frame(EventKind::RunStarted, 0);
        published.cursor = EventCursor {
            scope: EventStreamScope::Run(RunId::new("r9").unwrap()),
            event_seq: 99,
            event_id: EventId::new("e99").unwrap(),
            journal_cursor: JournalCursor::new("j99").ok(),
        };
        let numbered = published.clone().numbered(7);
        assert_eq!(numbered.event.envelope.event_seq, 7);
        assert_eq!(
            numbered.cursor,
            numbered.event.envelope.cursor(published.cursor.scope)
        );
    }

    #[test]
    fn a_scope_is_read_as_it_is_written() {
        let filter = CompiledEventFilter::compile(Default::default());
        let (filter_id, fingerprint) = (filter.filter_id(), filter.fingerprint());
        let of_filter = serde_json::json!({
            "filter": { "filter_id": filter_id, "filter_fingerprint": fingerprint },
        });
        for (scope, json) in [
            (EventStreamScope::All, r#""all""#),
            (EventStreamScope::Run(id("r1")), r#"{"run":"r1"}"#),
            (EventStreamScope::Agent(id("ag1")), r#"{"agent":"ag1"}"#),
            (filter.cursor_scope(), &of_filter.to_string()),
        ] {
            let read = json::read::<EventStreamScope>(json);
            assert_eq!(read.as_ref(), Ok(&scope));
            assert_eq!(json::read(&json::write(&scope)), read);
        }
        for (json, path) in [
            (r#""run""#, ""),
            (r#"{"topic":"t1"}"#, ""),
            (r#"{"run":"r1","agent":"ag1"}"#, ""),
            (r#"{"run":""}"#, "run"),
            (r#"{"filter":{"filter_id":"f"}}"#, "filter"),
        ] {
            let error = json::read::<EventStreamScope>(json).unwrap_err();
            assert_eq!(error.path, path, "{json}");
        }
    }

    #[test]
    fn what_is_wrong_in_a_frame_is_located() {
        let good = serde_json::to_value(frame(EventKind::RunStarted, 1)).unwrap();
        for (pointer, path) in [
            (
                "/event/envelope/subject_ref/id",
                "event.envelope.subject_ref.id",
            ),
            ("/event/envelope/event_kind", "event.envelope.event_kind"),
            (
                "/event/payload/redacted_summary",
                "event.payload.redacted_summary",
            ),
            ("/cursor/event_seq", "cursor.event_seq"),
        ] {
            let mut bad = good.clone();
            *bad.pointer_mut(pointer).unwrap() = false.into();
            let error = crate::json::read::<EventFrame>(&bad.to_string()).unwrap_err();
            assert_eq!(error.path, path);
        }
    }

    #[test]
    fn records_can_be_handed_to_other_threads() {
        fn assert_plain_data<T: Clone + Eq + Send + Sync + 'static>() {}
        assert_plain_data::<EventFrame>();
        assert_plain_data::<JournalRecord>();
        assert_plain_data::<AgentPoolStoreRecord>();
        assert_plain_data::<AgentPoolSnapshot>();
        assert_plain_data::<CompiledEventFilter>();
    }
}
