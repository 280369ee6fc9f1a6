//! The examples of `REFERENCE.md`. `examples.json` holds them with the names of their types.

use agent_pool::{domain as our_domain, record as ours};
use agent_sdk_core::{agent_pool as theirs, domain, event, journal};
use serde_json::Value;

use crate::assert_same_on_both_sides as same;

#[test]
fn every_example_is_read_and_written_as_the_reference_does() {
    let examples: Vec<Value> = serde_json::from_str(include_str!("examples.json")).unwrap();
    assert_eq!(examples.len(), 31);
    for example in examples {
        let value = &example["value"];
        match example["type"].as_str().unwrap() {
            "PolicyRef" => same::<our_domain::PolicyRef, domain::PolicyRef>(value),
            "AgentPoolMember" => same::<ours::AgentPoolMember, theirs::AgentPoolMember>(value),
            "AgentPoolMessagePolicy" => {
                same::<ours::AgentPoolMessagePolicy, theirs::AgentPoolMessagePolicy>(value);
            }
            "AgentPoolWakePolicy" => {
                same::<ours::AgentPoolWakePolicy, theirs::AgentPoolWakePolicy>(value);
            }
            "RunMessage" => same::<ours::RunMessage, theirs::RunMessage>(value),
            "RunAddress" => same::<ours::RunAddress, theirs::RunAddress>(value),
            "EventFilter" => same::<ours::EventFilter, event::EventFilter>(value),
            "WakeCondition" => same::<ours::WakeCondition, theirs::WakeCondition>(value),
            "EventFrame" => same::<ours::EventFrame, event::EventFrame>(value),
            "EventCursor" => same::<ours::EventCursor, event::EventCursor>(value),
            "EventOverflowNotice" => {
                same::<ours::EventOverflowNotice, event::EventOverflowNotice>(value);
            }
            "MessageReceipt" => same::<ours::MessageReceipt, theirs::MessageReceipt>(value),
            "WakeRegistration" => same::<ours::WakeRegistration, theirs::WakeRegistration>(value),
            "CompiledEventFilter" => {
                same::<ours::CompiledEventFilter, event::CompiledEventFilter>(value);
            }
            "AgentPoolSnapshot" => {
                same::<ours::AgentPoolSnapshot, theirs::AgentPoolSnapshot>(value)
            }
            "AgentPoolStoreRecord" => {
                same::<ours::AgentPoolStoreRecord, theirs::AgentPoolStoreRecord>(value);
            }
            "JournalRecord" => same::<ours::JournalRecord, journal::JournalRecord>(value),
            "JournalRecordPayload" => {
                same::<ours::JournalRecordPayload, journal::JournalRecordPayload>(value);
            }
            other => panic!("{other} has no type"),
        }
    }
}
