//! What a run of the differential test has covered.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use super::vocabulary::POOL_EVENT_KINDS;

/// Counts, so that a generator that no longer reaches something is not taken for agreement.
#[derive(Debug, Default)]
pub struct Tally {
    /// Operations run on both sides, or on this crate's alone.
    pub operations: u64,
    /// The journal failures that an operation met.
    pub failures: u64,
    /// Operations that a documented difference ruled out or replaced, by its number.
    pub differences: BTreeMap<&'static str, u64>,
    /// The answers of the reference, by operation and kind.
    pub results: BTreeMap<String, u64>,
    /// The journal records of the reference, by the kind of their event.
    pub events: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts an answer of the reference to an operation.
    pub fn result(&mut self, operation: &Value, result: &Value) {
        let name = operation["op"].as_str().unwrap_or("malformed");
        let answer = result["err"]["kind"].as_str().unwrap_or("ok");
        *self.results.entry(format!("{name} {answer}")).or_default() += 1;
    }

    /// Counts a journal record.
    pub fn record(&mut self, record: &Value) {
        let kind = record["event_index"]["event_kind"].as_str();
        *self
            .events
            .entry(kind.unwrap_or_default().to_owned())
            .or_default() += 1;
    }

    /// Fails if there were enough cases to cover everything, and something was not covered.
    pub fn assert_reached_everything(&self, cases: u64, journals_fail: bool) {
        if cases < 256 {
            return;
        }
        for kind in POOL_EVENT_KINDS.split_whitespace() {
            // The pool never records that a wake failed (REFERENCE, "Errors").
            let expected = kind != "wake_condition_failed";
            assert_eq!(self.events.contains_key(kind), expected, "{kind}");
        }
        assert_eq!(self.failures > 0, journals_fail);
    }

    /// Counts a use of a rule, by the number of its difference.
    pub fn difference(&mut self, number: &'static str) {
        *self.differences.entry(number).or_default() += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} operations compared; journal failures met: {}; rules used: {:?}; answers: {:?}; events: {:?}",
            self.operations, self.failures, self.differences, self.results, self.events
        )
    }
}
