//! The recorded corpus: every frame, journal record and store record that the reference wrote for it.

use std::{fs, path::Path};

use agent_pool::record::{AgentPoolStoreRecord, EventFrame, JournalRecord};
use serde_json::Value;

use crate::assert_same_on_our_side as same;

/// The members of an object, or none if there is no object.
fn members<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name]
        .as_object()
        .into_iter()
        .flat_map(|object| object.values())
}

/// The elements of an array.
fn elements(value: &Value) -> &[Value] {
    value.as_array().expect("the trace holds an array here")
}

#[test]
fn everything_recorded_is_read_and_written_as_it_was() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/traces");
    let (mut frames, mut journal_records, mut store_records) = (0, 0, 0);
    for entry in fs::read_dir(folder).expect("the corpus is part of the repository") {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let trace: Value = serde_json::from_str(&text).unwrap();
        for frame in members(&trace, "buses").flat_map(elements) {
            same::<EventFrame>(frame);
            frames += 1;
        }
        for record in members(&trace, "journals").flat_map(elements) {
            let read: JournalRecord = same(record);
            assert_eq!(read.record_kind, read.payload.record_kind());
            journal_records += 1;
        }
        for pools in members(&trace, "stores") {
            for record in pools.as_object().unwrap().values().flat_map(elements) {
                same::<AgentPoolStoreRecord>(record);
                store_records += 1;
            }
        }
    }
    assert!(frames > 4000 && journal_records > 3000 && store_records > 3000);
}
