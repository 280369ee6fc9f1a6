//! D8: which status a message may have after which.

use agent_pool::{
    domain::{AgentErrorKind, ErrorCode, RetryClassification},
    pool::{MessageReceipt, MessageStatus, RunMessage},
};

use crate::host::*;

use MessageStatus::{Accepted, Cancelled, Delivered, Expired, Failed, Responded, TimedOut};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    /// The status is recorded.
    Recorded,
    /// The message has this status already, so its receipt is returned.
    Same,
    /// The status cannot follow.
    Refused,
}

use Rule::{Recorded as Y, Refused as N, Same as S};

/// Rows: the former status. Columns: accepted, delivered, responded, failed, timed_out, expired, cancelled.
const TABLE: [(Option<MessageStatus>, [Rule; 7]); 8] = [
    (None, [Y, Y, Y, Y, Y, Y, Y]),
    (Some(Accepted), [S, Y, Y, Y, Y, Y, Y]),
    (Some(Delivered), [N, S, Y, Y, Y, Y, Y]),
    (Some(Responded), [N, N, S, N, N, N, N]),
    (Some(Failed), [N, N, N, S, N, N, N]),
    (Some(TimedOut), [N, N, N, N, S, N, N]),
    (Some(Expired), [N, N, N, N, N, S, N]),
    (Some(Cancelled), [N, N, N, N, N, N, S]),
];

const COLUMNS: [MessageStatus; 7] = [
    Accepted, Delivered, Responded, Failed, TimedOut, Expired, Cancelled,
];

fn world() -> World {
    let world = World::new();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world
}

fn told() -> RunMessage {
    message("m1", "r1", to_run("r2"))
}

fn record(world: &World, status: MessageStatus, to: &[&str]) -> MessageReceipt {
    let delivered_to = to.iter().map(|text| run(text)).collect();
    done(
        world
            .pool
            .record_message_status(told(), status, delivered_to),
    )
}

#[test]
fn d08_the_whole_table_of_statuses() {
    for (before, row) in TABLE {
        for (status, outcome) in COLUMNS.into_iter().zip(row) {
            let world = world();
            let earlier = before.map(|before| record(&world, before, &["r2"]));
            let extent = world.extent();
            let snapshot = world.snapshot();
            let answer =
                now(world
                    .pool
                    .record_message_status(told(), status, vec![run("r9"), run("r2")]));
            let case = format!("{before:?} -> {status:?}");
            match outcome {
                Y => {
                    let receipt = answer.expect(&case);
                    assert_eq!(receipt.status, status, "{case}");
                    // The receivers are taken as given (REFERENCE 13).
                    assert_eq!(*receipt.delivered_to, [run("r9"), run("r2")], "{case}");
                    assert_eq!(world.journal.len(), extent.0 + 1, "{case}");
                    assert_eq!(*world.snapshot().messages[0].receipt, receipt, "{case}");
                }
                S => {
                    assert_eq!(answer.ok(), earlier, "{case}");
                    assert_eq!(world.extent(), extent, "{case}");
                    assert_eq!(world.snapshot(), snapshot, "{case}");
                }
                N => {
                    let error = answer.expect_err(&case);
                    assert_eq!(error.code, ErrorCode::InvalidStatusTransition, "{case}");
                    assert_eq!(error.kind, AgentErrorKind::InvalidStateTransition);
                    assert_eq!(error.retry, RetryClassification::NotRetryable);
                    assert_eq!(error.ids.message_id, Some(id("m1")));
                    assert_eq!(world.extent(), extent, "{case}");
                    assert_eq!(world.snapshot(), snapshot, "{case}");
                }
            }
            world.assert_sound();
        }
    }
}

#[test]
fn d08_the_table_holds_for_messages_that_were_sent_too() {
    let expired = RunMessage {
        expires_at_millis: Some(0),
        ..told()
    };
    let to_nobody = RunMessage {
        to: to_run("r9").into(),
        ..told()
    };
    for (sent, before) in [(told(), Delivered), (to_nobody, Failed), (expired, Expired)] {
        let (_, row) = TABLE[1 + COLUMNS.iter().position(|status| *status == before).unwrap()];
        for (status, outcome) in COLUMNS.into_iter().zip(row) {
            let world = world();
            let receipt = done(world.pool.send(sent.clone()));
            assert_eq!(receipt.status, before);
            let answer = now(world
                .pool
                .record_message_status(sent.clone(), status, vec![]));
            match outcome {
                Y => assert_eq!(answer.unwrap().status, status),
                S => assert_eq!(answer.unwrap(), receipt),
                N => assert_eq!(answer.unwrap_err().code, ErrorCode::InvalidStatusTransition),
            }
        }
    }
}

#[test]
fn d08_send_answers_the_latest_receipt_of_a_message_that_has_come_to_an_end() {
    for status in COLUMNS.into_iter().filter(|status| *status != Accepted) {
        let world = world();
        let receipt = record(&world, status, &["r2"]);
        let extent = world.extent();
        assert_eq!(done(world.pool.send(told())), receipt);
        assert_eq!(world.extent(), extent);
    }
}

#[test]
fn d08_a_message_that_the_host_recorded_as_accepted_is_delivered_by_sending_it() {
    let world = world();
    record(&world, Accepted, &["r9", "r2"]);
    let receipt = done(world.pool.send(told()));
    assert_eq!(receipt.status, Delivered);
    assert_eq!(*receipt.delivered_to, [run("r9"), run("r2")]);
}

#[test]
fn d08_the_same_status_again_needs_a_member_as_every_status_does() {
    let world = world();
    record(&world, Responded, &[]);
    done(world.pool.leave_run(&run("r1")));
    for status in [Responded, Failed] {
        let recorded = world.pool.record_message_status(told(), status, vec![]);
        assert_eq!(refused(recorded), ErrorCode::SenderNotMember);
    }
}
