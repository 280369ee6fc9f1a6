//! D4: a key or a message id that was used for one message is refused for another, and nothing is recorded.

use std::sync::Arc;

use agent_pool::{
    domain::{AgentErrorKind, CorrelationEntry, ErrorCode, PolicyRef, RetryClassification},
    pool::{MessageResponseContract, MessageStatus, RunMessage},
    record::EventCorrelation,
};

use crate::host::*;

/// Three members, and message `m1` delivered from `r1` to `r2`.
fn world() -> World {
    let world = World::new();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2"), ("r3", "ag3")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    done(world.pool.send(known()));
    world
}

fn known() -> RunMessage {
    message("m1", "r1", to_run("r2"))
}

/// The known message, with one thing changed that is neither its id nor its key.
fn variants() -> Vec<RunMessage> {
    let entry = CorrelationEntry {
        key: id("ck"),
        value: id("cv"),
    };
    let contract = MessageResponseContract {
        expected_responses: 1,
        timeout_millis: None,
    };
    let mut other_refs = known();
    Arc::make_mut(&mut other_refs.to).related_refs = Default::default();
    vec![
        RunMessage {
            from: run("r3"),
            ..known()
        },
        // The sender is no member. The conflict is reported all the same, as the key is looked at first.
        RunMessage {
            from: run("r9"),
            ..known()
        },
        RunMessage {
            to: to_run("r3").into(),
            ..known()
        },
        RunMessage {
            to: to_agent("ag2").into(),
            ..known()
        },
        RunMessage {
            to: to_topic("r2").into(),
            ..known()
        },
        RunMessage {
            to: to_pool().into(),
            ..known()
        },
        other_refs,
        RunMessage {
            content_ref: id("content.other"),
            ..known()
        },
        RunMessage {
            correlation: EventCorrelation {
                entries: [entry].into(),
            },
            ..known()
        },
        RunMessage {
            reply_to: Some(id("m0")),
            ..known()
        },
        RunMessage {
            response_contract: Some(contract),
            ..known()
        },
        RunMessage {
            expires_at_millis: Some(u64::MAX),
            ..known()
        },
        known().policy_ref(PolicyRef::permission("p1").unwrap()),
    ]
}

#[track_caller]
fn assert_conflicts(world: &World, message: &RunMessage) {
    let extent = world.extent();
    let snapshot = world.snapshot();
    let error = error_of(world.pool.send(message.clone()));
    assert_eq!(error.code, ErrorCode::IdempotencyConflict);
    assert_eq!(error.kind, AgentErrorKind::InvalidStateTransition);
    assert_eq!(error.retry, RetryClassification::NotRetryable);
    assert_eq!(error.ids.message_id.as_ref(), Some(&message.message_id));
    assert_eq!(
        error.ids.idempotency_key.as_ref(),
        Some(&message.idempotency_key)
    );
    assert_eq!(world.extent(), extent, "nothing is recorded");
    assert_eq!(world.snapshot(), snapshot, "nothing is overwritten");
}

#[test]
fn d04_a_known_key_and_id_for_a_message_that_is_different_is_a_conflict() {
    let world = world();
    for variant in variants() {
        assert_conflicts(&world, &variant);
    }
    // The message itself still returns its receipt.
    assert_eq!(
        done(world.pool.send(known())).status,
        MessageStatus::Delivered
    );
}

#[test]
fn d04_a_known_key_for_another_message_id_is_a_conflict() {
    let world = world();
    assert_conflicts(
        &world,
        &RunMessage {
            message_id: id("m2"),
            ..known()
        },
    );
}

#[test]
fn d04_a_known_message_id_under_another_key_is_a_conflict() {
    let world = world();
    assert_conflicts(
        &world,
        &RunMessage {
            idempotency_key: id("key.other"),
            ..known()
        },
    );
}

#[test]
fn d04_the_key_of_one_message_with_the_id_of_another_is_a_conflict() {
    let world = world();
    let other = message("m2", "r1", to_run("r3"));
    done(world.pool.send(other.clone()));
    for (one, another) in [(known(), other.clone()), (other, known())] {
        let message_id = another.message_id;
        assert_conflicts(&world, &RunMessage { message_id, ..one });
    }
}

#[test]
fn d04_messages_that_reached_nobody_hold_their_keys_and_ids_as_well() {
    let world = world();
    for (message_id, expires_at_millis) in [("m.failed", None), ("m.expired", Some(0))] {
        let sent = RunMessage {
            expires_at_millis,
            ..message(message_id, "r1", to_run("r9"))
        };
        done(world.pool.send(sent.clone()));
        assert_conflicts(
            &world,
            &RunMessage {
                to: to_run("r2").into(),
                ..sent.clone()
            },
        );
        assert_conflicts(
            &world,
            &RunMessage {
                message_id: id("m8"),
                ..sent.clone()
            },
        );
        assert_conflicts(
            &world,
            &RunMessage {
                idempotency_key: id("k8"),
                ..sent
            },
        );
    }
}

#[test]
fn d04_a_send_that_failed_on_the_way_holds_its_key_and_id_and_one_that_never_began_does_not() {
    let world = world();
    let first = message("m2", "r1", to_run("r2"));
    let other = RunMessage {
        to: to_run("r3").into(),
        ..first.clone()
    };
    world.journal.replies.fail_after(0);
    refused(world.pool.send(first));
    world.journal.replies.fail_after(1);
    assert_eq!(
        refused(world.pool.send(other.clone())),
        ErrorCode::JournalRejected
    );
    assert_conflicts(&world, &message("m2", "r1", to_run("r2")));
    assert_eq!(*done(world.pool.send(other)).delivered_to, [run("r3")]);
}

#[test]
fn d04_statuses_are_recorded_only_of_the_message_that_is_known() {
    let world = world();
    let others = [
        RunMessage {
            message_id: id("m2"),
            ..known()
        },
        RunMessage {
            idempotency_key: id("key.other"),
            ..known()
        },
    ];
    let is_member = |message: &RunMessage| message.from != run("r9");
    for message in variants().into_iter().filter(is_member).chain(others) {
        let extent = world.extent();
        for status in [MessageStatus::Delivered, MessageStatus::Responded] {
            let recorded =
                world
                    .pool
                    .record_message_status(message.clone(), status, vec![run("r2")]);
            assert_eq!(refused(recorded), ErrorCode::IdempotencyConflict);
        }
        assert_eq!(world.extent(), extent);
    }
}

#[test]
fn d04_a_message_whose_status_was_recorded_is_known_to_send() {
    let world = world();
    let told = message("m2", "r1", to_run("r2"));
    let recorded = world
        .pool
        .record_message_status(told.clone(), MessageStatus::Cancelled, vec![]);
    let receipt = done(recorded);
    assert_eq!(done(world.pool.send(told.clone())), receipt);
    assert_conflicts(
        &world,
        &RunMessage {
            to: to_run("r3").into(),
            ..told.clone()
        },
    );
    assert_conflicts(
        &world,
        &RunMessage {
            message_id: id("m3"),
            ..told
        },
    );
}

#[test]
fn d04_conflicts_are_seen_through_every_handle_and_after_a_restart() {
    let world = world();
    let other = RunMessage {
        to: to_run("r3").into(),
        ..known()
    };
    assert_eq!(
        refused(world.handle().send(other.clone())),
        ErrorCode::IdempotencyConflict
    );
    let world = world.restarted();
    assert_conflicts(&world, &other);
    assert_eq!(
        done(world.pool.send(known())).status,
        MessageStatus::Delivered
    );
}

#[test]
fn d04_effects_of_different_messages_have_different_ids() {
    let world = world();
    done(world.pool.send(message("m2", "r1", to_run("r2"))));
    let records = world.journal.records();
    let intents: Vec<_> = records
        .iter()
        .filter_map(|record| match &record.payload {
            agent_pool::record::JournalRecordPayload::RunMessage(message) => {
                message.effect_intent.as_ref()
            }
            _ => None,
        })
        .map(|intent| intent.effect_id.as_str())
        .collect();
    assert_eq!(intents, ["effect.run_message.m1", "effect.run_message.m2"]);
}
