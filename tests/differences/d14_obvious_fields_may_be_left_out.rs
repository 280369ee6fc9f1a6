//! D14: fields with an obvious default may be left out on input; the output is the full form.

use agent_pool::{
    pool::{
        AgentPoolMember, AgentPoolMessagePolicy, AgentPoolWakePolicy, MessageStatus, RunMessage,
        WakeCondition, WakeRegistrationStatus,
    },
    record::{CompiledEventFilter, EventCorrelation, EventFilter, EventFrame, EventKind},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::host::*;

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_str(&value.to_string()).expect("the short form is understood")
}

/// Asserts that the short form means the same as the full one, and is written as the full one.
#[track_caller]
fn assert_short_for<T>(short: Value, full: &T)
where
    T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug,
{
    let understood: T = read(short);
    assert_eq!(understood, *full);
    assert_eq!(
        serde_json::to_string(&understood).unwrap(),
        serde_json::to_string(full).unwrap()
    );
}

#[test]
fn d14_a_message_needs_no_correlation_and_a_short_address_will_do() {
    let full = message("m1", "r1", to_topic("t1"));
    for to in [
        json!({"topic": "t1"}),
        json!({"target": {"type": "topic", "topic_id": "t1"}}),
    ] {
        let short = json!({
            "message_id": "m1", "from": "r1", "to": to, "content_ref": "content.m1", "idempotency_key": "key.m1",
        });
        assert_short_for(short, &full);
    }
}

#[test]
fn d14_policies_of_a_pool_need_none_of_their_fields() {
    assert_short_for(json!({}), &AgentPoolMessagePolicy::default());
    assert_short_for(
        json!({}),
        &AgentPoolWakePolicy {
            envelope_only: true,
        },
    );
    let requiring: AgentPoolMessagePolicy = read(json!({"required_policy_refs": ["p1"]}));
    assert!(!requiring.include_sender_in_pool_broadcast);
}

#[test]
fn d14_a_member_needs_only_its_run_and_its_agent() {
    assert_short_for::<AgentPoolMember>(
        json!({"run_id": "r1", "agent_id": "ag1"}),
        &member("r1", "ag1"),
    );
}

#[test]
fn d14_a_filter_needs_only_the_fields_that_matter_and_has_the_fingerprint_of_the_full_one() {
    assert_short_for(json!({}), &EventFilter::default());
    let full = on_run(EventKind::RunMessageDelivered, "r1");
    let short = json!({"kinds": ["run_message_delivered"], "run_ids": ["r1"]});
    assert_short_for(short.clone(), &full);
    assert_eq!(
        CompiledEventFilter::compile(read(short)),
        CompiledEventFilter::compile(full)
    );
}

#[test]
fn d14_a_condition_needs_neither_filter_fields_nor_what_it_resumes_with() {
    let short = json!({
        "condition_id": "w1", "run_id": "r1", "filter": {}, "idempotency_key": "key.w1",
    });
    assert_short_for(short, &wake("w1", "r1", EventFilter::default()));
}

#[test]
fn d14_an_event_needs_no_correlation() {
    let full = host_event("e1", "r1", EventKind::ToolCompleted);
    assert_eq!(full.event.envelope.correlation, EventCorrelation::default());
    let mut short = serde_json::to_value(&full).unwrap();
    let envelope = short.pointer_mut("/event/envelope").unwrap();
    envelope.as_object_mut().unwrap().remove("correlation");
    assert_short_for::<EventFrame>(short, &full);
}

#[test]
fn d14_a_pool_works_with_short_forms_as_it_does_with_full_ones() {
    let short = World::new();
    done(
        short
            .pool
            .join_run(read(json!({"run_id": "r1", "agent_id": "ag1"}))),
    );
    done(short.pool.join_run(read(
        json!({"run_id": "r2", "agent_id": "ag2", "topics": ["t1"]}),
    )));
    let condition: WakeCondition = read(json!({
        "condition_id": "w1", "run_id": "r2", "idempotency_key": "key.w1",
        "filter": {"kinds": ["run_message_delivered"]},
    }));
    done(short.pool.suspend_until(run("r2"), condition));
    let sent: RunMessage = read(json!({
        "message_id": "m1", "from": "r1", "to": {"topic": "t1"}, "content_ref": "content.m1", "idempotency_key": "key.m1",
    }));
    assert_eq!(done(short.pool.send(sent)).status, MessageStatus::Delivered);

    let full = World::new();
    done(full.pool.join_run(member("r1", "ag1")));
    done(full.pool.join_run(member("r2", "ag2").topic(id("t1"))));
    let condition = wake("w1", "r2", on(EventKind::RunMessageDelivered));
    done(full.pool.suspend_until(run("r2"), condition));
    done(full.pool.send(message("m1", "r1", to_topic("t1"))));

    assert_eq!(short.journal.records(), full.journal.records());
    assert_eq!(short.bus.taken(), full.bus.taken());
    assert_eq!(short.history(), full.history());
    let registration = &short.snapshot().wakes[0].registration;
    assert_eq!(registration.status, WakeRegistrationStatus::Triggered);
}
