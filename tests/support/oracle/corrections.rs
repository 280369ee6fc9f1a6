//! Documented differences for which our side can be computed from what the reference did.
//!
//! Each function is one row of DESIGN, "Where we differ from the reference".

use std::collections::BTreeSet;

use agent_sdk_core::{AgentPoolMember, JournalRecord, TopicId};
use serde_json::Value;

/// D6: "failed appends leave gaps in `journal_seq`" there, "no gaps" here.
///
/// `failed` counts the appends of the same handle that failed before this record.
pub fn d6_close_gaps(record: &mut JournalRecord, failed: u64) {
    record.journal_seq -= failed;
    record.timestamp_millis = record.journal_seq;
    record.record_id = format!("journal.record.agent_pool.{}", record.journal_seq);
}

/// D9: "topics of an earlier join stay in snapshots and records" there, "topics are those of the current members" here.
pub fn d9_topics_of(members: &[AgentPoolMember]) -> Vec<TopicId> {
    let topics: BTreeSet<_> = members.iter().flat_map(|member| &member.topics).collect();
    topics.into_iter().cloned().collect()
}

/// D11: "event times are no valid times from the 60th event on" there, "n seconds after 1970-01-01T00:00:00Z" here.
///
/// The recorded traces are written this way too, so this is not optional.
pub fn d11_valid_times(mut frame: Value) -> Value {
    for field in ["timestamp", "recorded_at"] {
        let time = &mut frame["event"]["envelope"][field];
        if let Some(seconds) = time.as_str().and_then(overflowing_seconds) {
            *time = Value::String(seconds_after_1970(seconds));
        }
    }
    frame
}

fn overflowing_seconds(time: &str) -> Option<u64> {
    let seconds = time
        .strip_prefix("1970-01-01T00:00:")?
        .strip_suffix('Z')?
        .parse()
        .ok()?;
    (seconds >= 60).then_some(seconds)
}

fn seconds_after_1970(seconds: u64) -> String {
    assert!(seconds < 86_400, "no script has a day's worth of events");
    format!(
        "1970-01-01T{:02}:{:02}:{:02}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
