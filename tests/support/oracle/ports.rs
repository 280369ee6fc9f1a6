//! The ports of the reference: they record what they are asked to do, and can be told to fail.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard},
};

use agent_sdk_core::{
    AgentError, AgentErrorKind, AgentEventBus, AgentPoolStore, EventFrame, InMemoryAgentEventBus,
    InMemoryAgentPoolStore, JournalCursor, JournalRecord, JournalRecordPayload,
    RetryClassification, RunJournal,
    event::{EventCursor, EventStreamScope, SubscriberQueueConfig, SubscriptionOptions},
};
use serde_json::Value;

use super::{corrections, json};

/// A journal that answers the n-th successful append with `journal.<n>`, whoever appended.
#[derive(Clone, Default)]
pub struct RecordingJournal(Arc<Mutex<Log>>);

#[derive(Default)]
struct Log {
    records: Vec<JournalRecord>,
    fail_after: Option<usize>,
    failed: Option<JournalRecord>,
}

impl RecordingJournal {
    /// The journal as one handle's port.
    pub fn handle(&self) -> HandleJournal {
        HandleJournal {
            journal: self.clone(),
            corrected_by: None,
        }
    }

    /// The same, with the corrections D6 and D9 applied to every record.
    pub fn corrected_handle(&self, store: InMemoryAgentPoolStore) -> HandleJournal {
        HandleJournal {
            journal: self.clone(),
            corrected_by: Some((store, Mutex::new(0))),
        }
    }

    /// Lets the next append fail after `successes` more that succeed.
    pub fn fail_after(&self, successes: usize) {
        self.log().fail_after = Some(successes);
    }

    /// Withdraws an order to fail; returns the record that failed, if the order was carried out.
    pub fn stop_failing(&self) -> Option<JournalRecord> {
        let mut log = self.log();
        log.fail_after = None;
        log.failed.take()
    }

    /// The records appended so far, without the first `skip`.
    pub fn records(&self, skip: usize) -> Vec<Value> {
        self.log().records.iter().skip(skip).map(json).collect()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0
            .lock()
            .expect("nothing panics while it holds the log")
    }
}

/// [`RecordingJournal`] as the port of one handle, which numbers its own records.
pub struct HandleJournal {
    journal: RecordingJournal,
    corrected_by: Option<(InMemoryAgentPoolStore, Mutex<u64>)>,
}

impl RunJournal for HandleJournal {
    fn append(&self, mut record: JournalRecord) -> Result<JournalCursor, AgentError> {
        let fails = {
            let mut log = self.journal.log();
            match log.fail_after {
                Some(0) => log.fail_after.take().is_some(),
                Some(successes) => {
                    log.fail_after = Some(successes - 1);
                    false
                }
                None => false,
            }
        };
        if let Some((store, failed)) = &self.corrected_by {
            let mut failed = failed.lock().expect("nothing panics while it counts");
            corrections::d6_close_gaps(&mut record, *failed);
            *failed += u64::from(fails);
            if let JournalRecordPayload::AgentPool(pool) = &mut record.payload {
                let members = store.snapshot(&pool.pool_id)?.members;
                pool.topics = corrections::d9_topics_of(&members);
            }
        }
        let mut log = self.journal.log();
        if fails {
            log.failed = Some(record);
            return Err(injected_failure());
        }
        log.records.push(record);
        Ok(JournalCursor::new(format!("journal.{}", log.records.len())))
    }
}

fn injected_failure() -> AgentError {
    AgentError::new(
        AgentErrorKind::JournalFailure,
        RetryClassification::RepairNeeded,
        "injected journal failure",
    )
}

/// All frames that a bus has taken, without the first `skip`. Nothing is cut off.
pub fn frames(bus: &InMemoryAgentEventBus, skip: usize) -> Vec<EventFrame> {
    let options = SubscriptionOptions {
        queue: SubscriberQueueConfig {
            capacity: NonZeroUsize::MAX,
            ..SubscriberQueueConfig::default()
        },
        ..SubscriptionOptions::default()
    };
    // Only the scope and the number of a cursor are looked at (REFERENCE 31).
    let after = EventCursor {
        scope: EventStreamScope::All,
        event_seq: skip as u64,
        event_id: "event.any".into(),
        journal_cursor: None,
    };
    bus.subscribe_all_with_options(Some(after), options)
        .expect("a cursor of the same scope is compatible")
        .collect()
}
