//! What this crate promises and the reference cannot follow: each ends a case of the differential test.

use agent_sdk_core::{JournalRecord, JournalRecordPayload, MessageStatus};
use serde_json::{Value, json};

use super::{Agreement, Ours, same};
use crate::{
    compare::short,
    trace::{Runner, System},
};

/// Our side on its own, with one operation to run.
pub struct Alone<'a> {
    /// Our side.
    pub ours: &'a mut Runner<Ours>,
    /// The operation that is run, again and again.
    pub operation: &'a Value,
    /// The name of the journal that takes the records.
    pub journal: &'a str,
}

impl Alone<'_> {
    /// D1: "a failed append leaves no trace, a retry succeeds". `created` is in the journal and stays.
    ///
    /// # Errors
    ///
    /// What is not as it should be.
    pub fn d1_join_after_created(&mut self) -> Agreement {
        self.ours.instances.journals[self.journal].fail_after(1);
        let (result, records) = self.run();
        expect(
            result["err"]["kind"] == "JournalFailure",
            "the join fails",
            &result,
        )?;
        expect(
            kinds(&records) == ["agent_pool_created"],
            "`created` stays",
            &json!(records),
        )?;
        let (result, records) = self.run();
        expect(result.get("ok").is_some(), "the retry succeeds", &result)?;
        expect(
            kinds(&records) == ["agent_pool_run_joined"],
            "only the join is recorded",
            &json!(records),
        )?;
        let members = &records[0]["payload"]["member_run_ids"];
        expect(
            *members == json!([self.operation["member"]["run_id"]]),
            "it is a member",
            members,
        )
    }

    /// D2: "calling again with the same idempotency key finishes the rest": first the wake whose record `failed`, then
    /// the `delivered` of a send. A third call finds nothing to do.
    ///
    /// # Errors
    ///
    /// What is not as it should be.
    pub fn d2_finished_by_a_retry(
        &mut self,
        failed: &JournalRecord,
        stored: Option<&MessageStatus>,
    ) -> Agreement {
        let JournalRecordPayload::Wake(wake) = &failed.payload else {
            return Ok(());
        };
        let (result, records) = self.run();
        expect(result.get("ok").is_some(), "the retry succeeds", &result)?;
        let finished = records.first().map(|record| record["payload"].clone());
        let mut expected = json!(wake);
        expected["type"] = json!("wake");
        same(
            "the wake's record",
            &expected,
            &finished.unwrap_or_default(),
        )?;
        let of_messages = records
            .iter()
            .filter(|record| record["record_kind"] == "run_message");
        let statuses: Vec<_> = of_messages
            .map(|record| &record["payload"]["delivery_status"])
            .collect();
        let resumed = self.operation["op"] == "send" && stored == Some(&MessageStatus::Accepted);
        let expected = if resumed {
            json!(["delivered"])
        } else {
            json!([])
        };
        same("the message's records", &expected, &json!(statuses))?;
        let (again, records) = self.run();
        same("the same again", &result, &again)?;
        expect(records.is_empty(), "nothing is left to do", &json!(records))
    }

    /// D3: wakes of runs that left are passed over; the message is recorded as if they were not there.
    ///
    /// # Errors
    ///
    /// What is not as it should be.
    pub fn d3_passed_over(&mut self, wakes: &[String]) -> Agreement {
        let (result, records) = self.run();
        expect(
            result.get("ok").is_some(),
            "the message is recorded",
            &result,
        )?;
        let mut of_wakes = records
            .iter()
            .map(|record| &record["payload"]["condition_id"]);
        let touched = of_wakes.any(|id| wakes.iter().any(|wake| id == wake));
        expect(!touched, "the wakes stay as they are", &json!(records))
    }

    /// D3: a wake of a run that left can be cancelled.
    ///
    /// # Errors
    ///
    /// What is not as it should be.
    pub fn d3_cancelled(&mut self) -> Agreement {
        let (result, records) = self.run();
        expect(
            result["ok"]["status"] == "cancelled",
            "the wake is cancelled",
            &result,
        )?;
        expect(
            kinds(&records) == ["wake_condition_cancelled"],
            "that is recorded",
            &json!(records),
        )
    }

    /// The operation's answer, and the records it appended.
    fn run(&mut self) -> (Value, Vec<Value>) {
        let before = Ours::records(&self.ours.instances.journals[self.journal], 0).len();
        let result = self.ours.step(self.operation);
        let journal = &self.ours.instances.journals[self.journal];
        journal.stop_failing();
        (result, Ours::records(journal, before))
    }
}

fn kinds(records: &[Value]) -> Vec<&str> {
    let kinds = records
        .iter()
        .map(|record| record["event_index"]["event_kind"].as_str());
    kinds.map(Option::unwrap_or_default).collect()
}

fn expect(holds: bool, promise: &str, shown: &Value) -> Agreement {
    match holds {
        true => Ok(()),
        false => Err(vec![format!("expected that {promise}: {}", short(shown))]),
    }
}
