//! Journals and buses with each entry as one line, so that a test can state what it expects to have happened.

use agent_pool::record::{EventFrame, JournalRecord, JournalRecordPayload};

/// A record in one line: `run_joined r1`, `accepted m1 for r2 r3`, `triggered w1 by 7`. The number is that of the event
/// that triggered the wake.
pub fn record_story(record: &JournalRecord) -> String {
    match &record.payload {
        JournalRecordPayload::AgentPool(pool) => {
            format!("{} {}", pool.lifecycle_status, record.run_id.as_str())
        }
        JournalRecordPayload::RunMessage(message) => {
            let mut story = format!(
                "{} {}",
                message.delivery_status,
                message.message_id.as_str()
            );
            let receivers: Vec<_> = message
                .delivered_to
                .iter()
                .map(|run| run.as_str())
                .collect();
            if !receivers.is_empty() {
                story += " for ";
                story += &receivers.join(" ");
            }
            story
        }
        JournalRecordPayload::Wake(wake) => {
            let mut story = format!("{} {}", wake.trigger_status, wake.condition_id.as_str());
            if let Some(event_id) = &wake.matched_event_id {
                story += " by ";
                story += event_number(event_id.as_str());
            }
            story
        }
    }
}

/// An event in one line: its number in the pool, its kind and what it is about.
pub fn frame_story(frame: &EventFrame) -> String {
    let event = &frame.event.envelope;
    format!(
        "{} {} {}",
        event_number(event.event_id.as_str()),
        event.event_kind,
        event.subject_ref.id.as_str()
    )
}

/// The number of a pool's event; the whole id of any other event.
pub fn event_number(event_id: &str) -> &str {
    match event_id.strip_prefix("event.agent_pool.") {
        Some(_) => event_id.rsplit('.').next().unwrap_or(event_id),
        None => event_id,
    }
}
