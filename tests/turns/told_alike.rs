//! What holds of journals, buses and store, however operations overlapped.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use agent_pool::record::{EventFrame, JournalRecord, JournalRecordPayload};
use serde_json::Value;

use crate::host::*;

/// The ports of one handle: its journal and its bus.
pub type Ports = (Rc<HostJournal>, Rc<HostBus>);

/// Has every bus check that every frame that it is asked to publish is in a journal already.
pub fn watch_for_early_frames(handles: &[Ports]) {
    for (_, bus) in handles {
        let journals: Vec<_> = handles
            .iter()
            .map(|(journal, _)| Rc::clone(journal))
            .collect();
        bus.handle(move |frame| {
            if let Some(cursor) = &frame.event.envelope.journal_cursor {
                let taken = journals
                    .iter()
                    .any(|journal| journal.taken().contains_key(cursor.as_str()));
                assert!(
                    taken,
                    "{} is published before its record is there",
                    frame_story(frame)
                );
            }
            None
        });
    }
}

/// Asserts that journals, buses and store agree. Every record has one event and one store record. Every event is
/// published once. Events are numbered without gaps, in the order in which the journals answered. Only numbers of
/// records that a journal did not take are unused.
#[track_caller]
pub fn assert_told_alike(world: &World, handles: &[Ports]) {
    let mut taken = BTreeMap::new();
    let journals = distinct(handles.iter().map(|(journal, _)| journal));
    for journal in &journals {
        // Every handle numbers its own records.
        if journals.len() == handles.len() {
            assert_numbers(journal);
        }
        taken.extend(journal.taken());
    }
    let mut frames = BTreeMap::new();
    for bus in distinct(handles.iter().map(|(_, bus)| bus)) {
        let published = bus
            .taken()
            .into_iter()
            .filter(|frame| frame.event.envelope.journal_cursor.is_some());
        let mut last = 0;
        for frame in published {
            let number = number_of(&frame);
            assert!(number > last, "a bus gets events in their order");
            last = number;
            assert!(
                frames.insert(number, frame).is_none(),
                "event {number} is published once"
            );
        }
    }
    let numbers: Vec<u64> = frames.keys().copied().collect();
    let expected: Vec<u64> = (1..=frames.len() as u64).collect();
    assert_eq!(numbers, expected, "event numbers have no gaps");
    assert_eq!(frames.len(), taken.len(), "every record is published");
    assert_eq!(
        world.history().len(),
        taken.len() + 1,
        "every record is stored"
    );
    let mut last = 0;
    for frame in frames.values() {
        let event = &frame.event.envelope;
        let cursor = event.journal_cursor.as_ref().expect("it is the pool's");
        let (moment, record) = &taken[cursor.as_str()];
        assert!(
            *moment > last,
            "events leave in the order of the journals' answers"
        );
        last = *moment;
        assert_eq!(event.event_kind.as_str(), record.event_index.event_kind);
        assert_eq!(event.subject_ref, record.subject_ref);
    }
    assert_once(taken.values().map(|(_, record)| record));
}

fn number_of(frame: &EventFrame) -> u64 {
    let number = event_number(frame.event.envelope.event_id.as_str());
    number.parse().expect("an event of the pool")
}

fn distinct<'a, T: 'a>(ports: impl Iterator<Item = &'a Rc<T>>) -> Vec<Rc<T>> {
    let mut distinct: Vec<Rc<T>> = Vec::new();
    for port in ports {
        if !distinct.iter().any(|other| Rc::ptr_eq(other, port)) {
            distinct.push(Rc::clone(port));
        }
    }
    distinct
}

#[track_caller]
fn assert_numbers(journal: &HostJournal) {
    let records = journal.records();
    let taken: BTreeSet<u64> = records.iter().map(|record| record.journal_seq).collect();
    assert_eq!(taken.len(), records.len(), "a number is taken once");
    let given: BTreeSet<u64> = journal.calls().into_iter().flatten().collect();
    let last = taken.last().copied().unwrap_or_default();
    for number in 1..=last {
        assert!(given.contains(&number), "number {number} was skipped");
    }
    for record in records {
        let record_id = format!("journal.record.agent_pool.{}", record.journal_seq);
        assert_eq!(record.record_id, record_id);
    }
}

/// Asserts that a message gets each status once, and that a wake is registered once and ends once.
fn assert_once<'a>(records: impl Iterator<Item = &'a JournalRecord>) {
    let mut told = BTreeSet::new();
    for record in records {
        let line = match &record.payload {
            JournalRecordPayload::AgentPool(_) => continue,
            JournalRecordPayload::RunMessage(message) => {
                format!(
                    "{} {}",
                    message.message_id.as_str(),
                    message.delivery_status
                )
            }
            JournalRecordPayload::Wake(wake) => {
                let ended = wake.trigger_status.as_str() != "registered";
                format!("{} ended: {ended}", wake.condition_id.as_str())
            }
        };
        assert!(told.insert(line.clone()), "{line} is recorded once");
    }
}

/// What the journals hold of a run's messages, in the order in which they took it.
pub fn story_of_sender(handles: &[Ports], run_id: &str) -> Vec<String> {
    let mut taken: Vec<(u64, JournalRecord)> = Vec::new();
    for journal in distinct(handles.iter().map(|(journal, _)| journal)) {
        taken.extend(journal.taken().into_values());
    }
    taken.sort_by_key(|(moment, _)| *moment);
    let records = taken.iter().map(|(_, record)| record);
    let own = records.filter(|record| {
        let about_message = matches!(record.payload, JournalRecordPayload::RunMessage(_));
        about_message && record.run_id.as_str() == run_id
    });
    own.map(record_story).collect()
}

/// The same value without journal cursors, which depend on who was faster.
pub fn without_journal_cursors(mut value: Value) -> Value {
    strip(&mut value);
    value
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("journal_cursor");
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}
