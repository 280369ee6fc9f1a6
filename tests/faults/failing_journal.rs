//! A journal that fails at any one record of a long day: once the failed call was made again, no trace of it is left.

use agent_pool::{
    domain::{AgentErrorKind, ErrorCode, RetryClassification},
    pool::{MessageStatus, RunMessage, WakeMatching},
    record::EventKind,
};

use crate::host::*;

/// Every kind of operation, with wakes that are triggered in every way.
fn day() -> Vec<Call> {
    let topic_listener = |run_id, agent_id| member(run_id, agent_id).topic(id("t1"));
    let expired = RunMessage {
        expires_at_millis: Some(0),
        ..message("m.late", "r1", to_run("r2"))
    };
    let answered = message("m.topic", "r1", to_topic("t1"));
    vec![
        Call::Join(member("r1", "ag1")),
        Call::Join(topic_listener("r2", "ag2")),
        Call::Join(topic_listener("r3", "ag2")),
        // Triggered by a past event, by a message, by a later message, by a timeout, and not at all.
        Call::Suspend(wake("w.past", "r1", on(EventKind::AgentPoolCreated))),
        Call::Suspend(wake("w.accepted", "r2", on(EventKind::RunMessageAccepted))),
        Call::Suspend(wake("w.also", "r3", on(EventKind::RunMessageAccepted))),
        Call::Suspend(wake(
            "w.delivered",
            "r2",
            on(EventKind::RunMessageDelivered),
        )),
        Call::Suspend(wake("w.answer", "r1", on(EventKind::RunMessageResponded))),
        Call::Suspend(wake("w.never", "r1", on(EventKind::RunMessageCancelled)).timeout_millis(0)),
        Call::Suspend(wake(
            "w.called_off",
            "r3",
            on(EventKind::RunMessageTimedOut),
        )),
        Call::Send(answered.clone()),
        Call::Send(message("m.nobody", "r2", to_run("r9"))),
        Call::Send(expired),
        Call::Status(answered.clone(), MessageStatus::Responded, vec![run("r2")]),
        Call::Send(answered),
        Call::Cancel(condition("w.called_off")),
        Call::Join(member("r2", "ag9")),
        Call::Send(message("m.pool", "r2", to_pool())),
        Call::Suspend(wake(
            "w.left",
            "r1",
            on_run(EventKind::AgentPoolRunLeft, "r3"),
        )),
        Call::Leave(run("r3")),
        Call::Poll(condition("w.left")),
        Call::Send(message("m.agent", "r1", to_agent("ag9"))),
    ]
}

/// Makes the calls, each again until it succeeds; returns their answers.
fn go_through(world: &World, mut failed: impl FnMut(&Call)) -> Vec<serde_json::Value> {
    let calls = day().into_iter();
    calls
        .map(|call| {
            loop {
                match now(call.clone().make(&world.pool)) {
                    Ok(answer) => return answer,
                    Err(error) => {
                        assert_eq!(error.code, ErrorCode::JournalRejected);
                        failed(&call);
                    }
                }
            }
        })
        .collect()
}

fn world(matching: WakeMatching) -> World {
    World::of(WorldPlan {
        matching,
        ..WorldPlan::default()
    })
}

#[test]
fn a_failure_at_any_record_leaves_no_trace_once_the_operation_was_called_again() {
    let undisturbed = world(WakeMatching::OnMessage);
    let answers = go_through(&undisturbed, |_| unreachable!("the journal works"));
    let records = undisturbed.journal.records();
    assert!(records.len() > 30, "the day is long");

    for failing in 0..records.len() {
        let world = world(WakeMatching::OnMessage);
        world.journal.replies.fail_after(failing);
        let mut failures = 0;
        let retried = go_through(&world, |_| failures += 1);
        assert_eq!(failures, 1, "record {failing}");
        assert_eq!(retried, answers, "record {failing}");
        assert_eq!(world.journal.records(), records, "record {failing}");
        assert_eq!(
            world.bus.taken(),
            undisturbed.bus.taken(),
            "record {failing}"
        );
        assert_eq!(world.history(), undisturbed.history(), "record {failing}");
        assert_eq!(world.snapshot(), undisturbed.snapshot(), "record {failing}");
        world.assert_sound();
    }
}

#[test]
fn under_live_matching_only_a_membership_that_was_recorded_already_tells_of_the_failure() {
    let undisturbed = world(WakeMatching::Live);
    go_through(&undisturbed, |_| unreachable!("the journal works"));
    let records = undisturbed.journal.records();
    for failing in 0..records.len() {
        let world = world(WakeMatching::Live);
        world.journal.replies.fail_after(failing);
        let mut failed = None;
        for call in day() {
            let answer = now(call.clone().make(&world.pool));
            if answer.is_err() {
                let again = now(call.clone().make(&world.pool));
                // A run that has left cannot leave again. Wakes that waited for its leaving are triggered all the same.
                assert!(again.is_ok() || matches!(call, Call::Leave(_)));
                failed = Some(call);
            }
        }
        assert!(failed.is_some(), "record {failing}");
        assert_eq!(world.journal.records(), records, "record {failing}");
        assert_eq!(
            world.bus.taken(),
            undisturbed.bus.taken(),
            "record {failing}"
        );
        assert_eq!(world.snapshot(), undisturbed.snapshot(), "record {failing}");
        world.assert_sound();
    }
}

#[test]
fn two_failures_in_a_row_leave_no_trace_either() {
    let undisturbed = world(WakeMatching::OnMessage);
    go_through(&undisturbed, |_| unreachable!("the journal works"));
    for failing in 0..undisturbed.journal.len() {
        for then in 0..3 {
            let world = world(WakeMatching::OnMessage);
            let mut replies = vec![Reply::Now; failing];
            replies.push(Reply::Rejected);
            replies.extend(vec![Reply::Now; then]);
            replies.push(Reply::Rejected);
            world.journal.replies.are(replies);
            go_through(&world, |_| {});
            assert_eq!(world.journal.records(), undisturbed.journal.records());
            assert_eq!(world.bus.taken(), undisturbed.bus.taken());
            assert_eq!(world.snapshot(), undisturbed.snapshot());
        }
    }
}

#[test]
fn the_error_names_the_record_and_holds_what_the_journal_threw() {
    let world = world(WakeMatching::Live);
    done(world.pool.join_run(member("r1", "ag1")));
    world.journal.replies.fail_after(1);
    let error = error_of(world.pool.send(message("m1", "r1", to_run("r1"))));
    assert_eq!(error.code, ErrorCode::JournalRejected);
    assert_eq!(error.kind, AgentErrorKind::JournalFailure);
    assert_eq!(error.retry, RetryClassification::Retryable);
    assert_eq!(
        error.ids.record_id.as_deref(),
        Some("journal.record.agent_pool.4")
    );
    assert_eq!(thrown(&error), Some(&PortFault(JOURNAL_FAULT)));
}

#[test]
fn nothing_is_published_or_stored_of_a_record_that_the_journal_rejected() {
    let world = world(WakeMatching::Live);
    done(world.pool.join_run(member("r1", "ag1")));
    let attempts = world.bus.attempts();
    let history = world.history();
    for call in [
        Call::Join(member("r2", "ag2")),
        Call::Leave(run("r1")),
        Call::Send(message("m1", "r1", to_run("r1"))),
        Call::Suspend(wake("w1", "r1", on(EventKind::AgentPoolCreated))),
        Call::Status(
            message("m2", "r1", to_run("r1")),
            MessageStatus::Failed,
            vec![],
        ),
    ] {
        world.journal.replies.fail_after(0);
        let snapshot = world.snapshot();
        assert!(now(call.make(&world.pool)).is_err());
        assert_eq!(world.bus.attempts(), attempts);
        assert_eq!(world.history(), history);
        assert_eq!(world.snapshot(), snapshot);
    }
}

#[test]
fn what_is_only_read_or_recorded_already_needs_no_journal_that_works() {
    let world = world(WakeMatching::Live);
    done(world.pool.join_run(member("r1", "ag1")));
    let receipt = done(world.pool.send(message("m1", "r1", to_run("r1"))));
    world.journal.replies.are(vec![Reply::Rejected; 100]);
    assert_eq!(
        done(world.pool.send(message("m1", "r1", to_run("r1")))),
        receipt
    );
    assert_eq!(done(world.pool.members()).len(), 1);
    assert_eq!(done(world.pool.watch_pool(None)).len(), 5);
    done(
        world
            .pool
            .subscribe(on(EventKind::RunMessageDelivered), None),
    );
    done(world.pool.snapshot());
    done(world.pool.flush());
}
