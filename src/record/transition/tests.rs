//! What transitions promise.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::domain::{ClockReading, CorrelationEntry, List, RunId};
use crate::record::{
    AgentPoolLifecycleStatus, AgentPoolStoredWake, CompiledEventFilter, EventCorrelation,
    MessageStatus, RunAddress, RunMessage, WakeCondition, WakeRegistration, WakeRegistrationStatus,
    fixture::{self, id},
};

fn message(to: RunAddress, status: MessageStatus, delivered_to: List<RunId>) -> Transition {
    let mut message = RunMessage::new(id("m1"), id("r1"), to, id("content"), id("k1"));
    let entry: CorrelationEntry =
        serde_json::from_value(json!({ "key": "case", "value": "7" })).unwrap();
    message.correlation = EventCorrelation {
        entries: [entry].into(),
    };
    let message = Arc::new(message);
    Transition::Message(MessageTransition::new(
        message,
        id("ag1"),
        status,
        delivered_to,
    ))
}

/// The transition of a wake to a status.
fn wake(status: WakeRegistrationStatus) -> Transition {
    let condition = WakeCondition::new(id("w1"), id("r2"), Default::default(), id("k2"));
    Transition::Wake(WakeTransition {
        wake: Arc::new(AgentPoolStoredWake {
            compiled_filter: Arc::new(CompiledEventFilter::compile(condition.filter.clone())),
            registration: WakeRegistration {
                condition_id: condition.condition_id.clone(),
                run_id: condition.run_id.clone(),
                status: WakeRegistrationStatus::Registered,
                journal_cursor: None,
            },
            condition: Arc::new(condition),
            deadline_millis: None,
        }),
        agent_id: id("ag2"),
        status,
        matched_event_id: None,
    })
}

fn transitions() -> Vec<Transition> {
    let membership = AgentPoolLifecycleStatus::ALL.iter();
    let mut all: Vec<_> = membership
        .map(|status| fixture::event(*status, 1).transition().clone())
        .collect();
    all.extend(WakeRegistrationStatus::ALL.iter().copied().map(wake));
    for &status in MessageStatus::ALL {
        for to in [
            RunAddress::run(id("r2")),
            RunAddress::agent(id("ag2")),
            RunAddress::topic(id("t1")),
            RunAddress::pool(id("pool.x")),
        ] {
            let receivers: [List<RunId>; 2] = [List::default(), [id("r2"), id("r3")].into()];
            all.extend(receivers.map(|receivers| message(to.clone(), status, receivers)));
        }
    }
    all
}

#[test]
fn what_filters_look_at_is_known_before_the_event_is_made() {
    let stamp = fixture::event(AgentPoolLifecycleStatus::Created, 1)
        .stamp()
        .clone();
    for transition in transitions() {
        let frame = transition.frame(&stamp, None);
        assert_eq!(transition.traits(), frame.event.envelope.traits());
    }
}

#[test]
fn a_change_of_the_members_lists_them_in_its_record_and_not_in_its_event() {
    let joined = fixture::event(AgentPoolLifecycleStatus::RunJoined, 1);
    let Transition::Membership(mut membership) = joined.transition().clone() else {
        panic!("a run that joins changes the members");
    };
    membership.member_run_ids = [id("r1"), id("r2")].into();
    membership.topics = [id("t1")].into();
    let transition = Transition::Membership(membership);
    let expected = transition.frame(joined.stamp(), Some(id("j1")));
    let stamp = RecordStamp {
        journal_seq: 1,
        clock: ClockReading::Logical,
    };
    let entry = JournalEntry::new(id("pool.x"), transition, stamp);
    let payload = json!(entry.record().payload);
    assert_eq!(payload["member_run_ids"], json!(["r1", "r2"]));
    let happened = entry.happened(joined.stamp().event_number, id("j1"));
    let Transition::Membership(kept) = happened.transition() else {
        panic!("the event is of the same transition");
    };
    assert!(kept.member_run_ids.is_empty() && kept.topics.is_empty());
    assert_eq!(happened.frame(), expected);
}
