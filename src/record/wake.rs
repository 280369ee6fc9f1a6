//! Wake conditions: what suspended runs wait for, and the status of each condition.

use serde::Serialize;

use super::{EventFilter, EventKind, is_empty};
use crate::domain::{
    IdempotencyKey, JournalCursor, List, PolicyRef, RunId, WakeConditionId, wire_enum,
};
use crate::json::{self, from_json};

/// The condition that a suspended run waits for.
///
/// On input `resume_with` may be missing: it is then `matching_event_refs` (DESIGN D14).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct WakeCondition {
    /// The id of the condition.
    pub condition_id: WakeConditionId,
    /// The run that waits.
    pub run_id: RunId,
    /// The events that the run waits for, before the filter is cut down to what the run may see.
    pub filter: EventFilter,
    /// The timeout: after how many milliseconds the run waits no longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_millis: Option<u64>,
    /// What the run wants to receive when it resumes; only stored (REFERENCE 27).
    pub resume_with: ResumeInputPolicy,
    /// The key by which a repeated call is recognised.
    pub idempotency_key: IdempotencyKey,
    /// Policies that the wake's events and records show. The pool checks none of them.
    #[serde(skip_serializing_if = "is_empty")]
    pub policy_refs: List<PolicyRef>,
}

from_json!(WakeCondition, "a wake condition", {
    condition_id,
    run_id,
    filter,
    timeout_millis = None,
    resume_with = ResumeInputPolicy::default(),
    idempotency_key,
    policy_refs = List::default(),
});

impl WakeCondition {
    /// A condition without optional fields.
    pub fn new(
        condition_id: WakeConditionId,
        run_id: RunId,
        filter: EventFilter,
        idempotency_key: IdempotencyKey,
    ) -> Self {
        Self {
            condition_id,
            run_id,
            filter,
            timeout_millis: None,
            resume_with: ResumeInputPolicy::default(),
            idempotency_key,
            policy_refs: List::default(),
        }
    }

    /// The same condition, with a timeout.
    pub fn timeout_millis(mut self, timeout_millis: u64) -> Self {
        self.timeout_millis = Some(timeout_millis);
        self
    }

    /// Whether two conditions are equal, which is when their texts are. Only retries compare conditions; member by
    /// member, that would be half a per cent of the module.
    pub(crate) fn is_written_as(&self, other: &Self) -> bool {
        json::write(self) == json::write(other)
    }
}

wire_enum! {
    /// What a run wants to receive when it resumes.
    #[derive(Default)]
    pub enum ResumeInputPolicy {
        /// References to the events that woke it.
        #[default]
        MatchingEventRefs = "matching_event_refs",
        /// Summaries of those events that may be shown in public.
        RedactedSummary = "redacted_summary",
        /// Nothing.
        None = "none",
    }
}

/// The status of a wake condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WakeRegistration {
    /// The condition.
    pub condition_id: WakeConditionId,
    /// The run that waits.
    pub run_id: RunId,
    /// The status.
    pub status: WakeRegistrationStatus,
    /// The cursor of the status' record in the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_cursor: Option<JournalCursor>,
}

from_json!(WakeRegistration, "a wake registration", {
    condition_id,
    run_id,
    status,
    journal_cursor = None,
});

wire_enum! {
    /// The status of a wake condition.
    pub enum WakeRegistrationStatus {
        /// The run waits.
        Registered = "registered",
        /// The event that it waited for happened.
        Triggered = "triggered",
        /// Its timeout fell due.
        TimedOut = "timed_out",
        /// The wake was cancelled.
        Cancelled = "cancelled",
        /// The condition cannot be waited for. The pool never uses this status (REFERENCE, "Errors").
        Failed = "failed",
    }
}

impl WakeRegistrationStatus {
    /// The kind of event that reports it.
    pub const fn event_kind(self) -> EventKind {
        match self {
            Self::Registered => EventKind::WakeConditionRegistered,
            Self::Triggered => EventKind::WakeConditionTriggered,
            Self::TimedOut => EventKind::WakeConditionTimedOut,
            Self::Cancelled => EventKind::WakeConditionCancelled,
            Self::Failed => EventKind::WakeConditionFailed,
        }
    }

    /// The summary that events carry.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Registered => "wake condition registered",
            Self::Triggered => "wake condition triggered",
            Self::TimedOut => "wake condition timed out",
            Self::Cancelled => "wake condition cancelled",
            Self::Failed => "wake condition failed",
        }
    }

    /// Whether the run waits no longer.
    pub const fn is_ended(self) -> bool {
        !matches!(self, Self::Registered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_but_registered_ends_the_wait() {
        for &status in WakeRegistrationStatus::ALL {
            assert_eq!(
                status.is_ended(),
                status != WakeRegistrationStatus::Registered
            );
            assert_eq!(
                status.event_kind().as_str(),
                format!("wake_condition_{status}")
            );
            assert_eq!(
                status.summary(),
                format!("wake condition {status}").replace('_', " ")
            );
        }
    }

    fn read(filter: &str) -> Result<WakeCondition, String> {
        let json = format!(
            r#"{{"condition_id":"w1","run_id":"r1","idempotency_key":"k1","filter":{filter}}}"#
        );
        crate::json::read(&json).map_err(|error| error.path)
    }

    #[test]
    fn a_condition_resumes_with_the_matching_events_unless_it_says_otherwise() {
        let condition = read(r#"{"terminal_only":true}"#).unwrap();
        assert_eq!(condition.resume_with, ResumeInputPolicy::MatchingEventRefs);
        let json = serde_json::to_value(&condition).unwrap();
        assert_eq!(json["resume_with"], "matching_event_refs");
        assert_eq!(json["filter"]["run_ids"], "any");
    }

    #[test]
    fn what_is_wrong_in_the_filter_of_a_condition_is_located() {
        assert_eq!(
            read(r#"{"kinds":["run_started","x"]}"#).unwrap_err(),
            "filter.kinds[1]"
        );
        assert_eq!(
            read(r#"{"run_ids":{"include":[""]}}"#).unwrap_err(),
            "filter.run_ids.include[0]"
        );
        assert_eq!(read("[]").unwrap_err(), "filter");
    }
}
