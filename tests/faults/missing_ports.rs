//! The error if a port is missing. Nothing happens then.

use std::rc::Rc;

use agent_pool::{
    domain::{AgentErrorKind, ErrorCode, PolicyRef, RetryClassification},
    memory::{LogicalClock, MemoryEventBus, MemoryJournal},
    pool::{AgentPool, AgentPoolMessagePolicy, RuntimePorts, SharedStore},
    record::EventKind,
};

use crate::host::*;

fn pool_over(ports: RuntimePorts, store: &SharedStore) -> AgentPool {
    let builder = AgentPool::builder(pool_id()).runtime(ports);
    done(builder.store(store.clone()).build())
}

fn without_ports() -> RuntimePorts {
    RuntimePorts::new(Rc::new(LogicalClock))
}

/// A pool of two members, a message and a wake, behind a handle that lacks a port.
fn pool_lacking(ports: RuntimePorts) -> AgentPool {
    let store = SharedStore::in_memory();
    let whole = pool_over(RuntimePorts::in_memory(Rc::new(LogicalClock)), &store);
    done(whole.join_run(member("r1", "ag1")));
    done(whole.join_run(member("r2", "ag2")));
    done(whole.send(message("m1", "r1", to_run("r2"))));
    done(whole.suspend_until(run("r2"), wake("w1", "r2", on(EventKind::RunMessageFailed))));
    pool_over(ports, &store)
}

fn recording_calls() -> [Call; 5] {
    let failed = agent_pool::pool::MessageStatus::Failed;
    [
        Call::Join(member("r3", "ag3")),
        Call::Leave(run("r1")),
        Call::Send(message("m2", "r1", to_run("r2"))),
        Call::Status(message("m3", "r1", to_run("r2")), failed, vec![]),
        Call::Cancel(condition("w1")),
    ]
}

#[test]
fn a_pool_is_not_built_without_ports() {
    let error = error_of(AgentPool::builder(pool_id()).build());
    assert_eq!(error.code, ErrorCode::RuntimeRequired);
    assert_eq!(error.kind, AgentErrorKind::HostConfigurationNeeded);
    assert_eq!(error.retry, RetryClassification::HostConfigurationNeeded);
    assert_eq!(error.to_string(), "agent pool requires runtime");
}

#[test]
fn without_a_journal_nothing_is_recorded_and_nothing_published() {
    let bus = Rc::new(MemoryEventBus::new());
    let pool = pool_lacking(without_ports().event_bus(bus.clone()));
    let snapshot = done(pool.snapshot());
    let suspended = wake("w2", "r1", on(EventKind::RunMessageFailed));
    for call in recording_calls()
        .into_iter()
        .chain([Call::Suspend(suspended)])
    {
        let error = now(call.make(&pool)).unwrap_err();
        assert_eq!(error.code, ErrorCode::JournalRequired);
        assert_eq!(error.kind, AgentErrorKind::HostConfigurationNeeded);
        assert_eq!(
            error.to_string(),
            "missing required runtime port: run journal"
        );
    }
    assert_eq!(done(pool.snapshot()), snapshot);
    assert!(bus.is_empty());
}

#[test]
fn without_an_event_bus_nothing_is_recorded_either() {
    let journal = Rc::new(MemoryJournal::new());
    let pool = pool_lacking(without_ports().journal(journal.clone()));
    let snapshot = done(pool.snapshot());
    let asking = [
        Call::Suspend(wake("w2", "r1", on(EventKind::RunMessageFailed))),
        Call::Poll(condition("w1")),
        Call::Observe(host_event("e0", "r1", EventKind::ToolCompleted)),
    ];
    for call in recording_calls().into_iter().chain(asking) {
        let error = now(call.make(&pool)).unwrap_err();
        assert_eq!(error.code, ErrorCode::EventBusRequired);
        assert_eq!(error.kind, AgentErrorKind::HostConfigurationNeeded);
        assert_eq!(
            error.to_string(),
            "missing required runtime port: agent event bus"
        );
    }
    let subscribed = pool.subscribe(on(EventKind::RunMessageFailed), None);
    assert_eq!(refused(subscribed), ErrorCode::EventBusRequired);
    assert_eq!(done(pool.snapshot()), snapshot);
    assert!(journal.is_empty());
}

#[test]
fn who_is_no_member_is_told_so_before_a_missing_port_is() {
    let pool = pool_lacking(without_ports());
    assert_eq!(refused(pool.leave_run(&run("r9"))), ErrorCode::NotAMember);
    assert_eq!(
        refused(pool.send(message("m2", "r9", to_run("r1")))),
        ErrorCode::SenderNotMember
    );
    let suspended = pool.suspend_until(run("r9"), wake("w2", "r9", on(EventKind::RunStarted)));
    assert_eq!(refused(suspended), ErrorCode::NotAMember);
    assert_eq!(
        refused(pool.poll_wake(&condition("w9"))),
        ErrorCode::WakeNotRegistered
    );
}

#[test]
fn what_is_only_read_or_recorded_already_needs_neither_journal_nor_bus() {
    let pool = pool_lacking(without_ports());
    assert_eq!(done(pool.members()).len(), 2);
    assert_eq!(done(pool.snapshot()).messages.len(), 1);
    assert_eq!(done(pool.watch_pool(None)).len(), 7);
    done(pool.scope_filter(on(EventKind::RunMessageFailed)));
    done(pool.compile_scoped_filter(on(EventKind::RunMessageFailed)));
    let receipt = done(pool.send(message("m1", "r1", to_run("r2"))));
    assert_eq!(receipt.status.as_str(), "delivered");
    done(pool.suspend_until(run("r2"), wake("w1", "r2", on(EventKind::RunMessageFailed))));
    done(pool.flush());
    done(pool.close());
}

#[test]
fn a_pool_that_is_open_under_another_configuration_is_not_built() {
    let store = SharedStore::in_memory();
    let builder = || {
        let builder = AgentPool::builder(pool_id()).store(store.clone());
        builder.runtime(RuntimePorts::in_memory(Rc::new(LogicalClock)))
    };
    let policy = |text| PolicyRef::permission(text).unwrap();
    let both = || builder().policy_ref(policy("p1")).policy_ref(policy("p2"));
    let pool = done(both().build());
    done(pool.join_run(member("r1", "ag1")));
    let including = AgentPoolMessagePolicy {
        include_sender_in_pool_broadcast: true,
        ..AgentPoolMessagePolicy::default()
    };
    for other in [
        builder(),
        builder().policy_ref(policy("p2")).policy_ref(policy("p1")),
        both().policy_ref(policy("p1")),
        both().message_policy(including),
    ] {
        let error = error_of(other.build());
        assert_eq!(error.code, ErrorCode::StoreConfigConflict);
        assert_eq!(error.retry, RetryClassification::RepairNeeded);
        assert_eq!(error.ids.pool_id, Some(pool_id()));
    }
    assert_eq!(done(done(both().build()).members()).len(), 1);
}
