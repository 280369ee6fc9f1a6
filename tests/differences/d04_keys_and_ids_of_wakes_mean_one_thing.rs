//! D4: a key or a condition id that was used for one wake is refused for another, and nothing is recorded.

use agent_pool::{
    domain::{ErrorCode, PolicyRef},
    pool::{ResumeInputPolicy, WakeCondition, WakeRegistrationStatus},
    record::{EventFilter, EventKind},
};

use crate::host::*;

/// Two members, and condition `w1` of run `r1` registered.
fn world() -> World {
    let world = World::new();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    suspend(&world, &known());
    world
}

fn known() -> WakeCondition {
    wake("w1", "r1", on(EventKind::RunMessageFailed))
}

fn suspend(world: &World, condition: &WakeCondition) -> WakeRegistrationStatus {
    let registered = world
        .pool
        .suspend_until(condition.run_id.clone(), condition.clone());
    done(registered).status
}

#[track_caller]
fn assert_conflicts(world: &World, condition: &WakeCondition) {
    let extent = world.extent();
    let snapshot = world.snapshot();
    let error = error_of(
        world
            .pool
            .suspend_until(condition.run_id.clone(), condition.clone()),
    );
    assert_eq!(error.code, ErrorCode::IdempotencyConflict);
    assert_eq!(
        error.ids.condition_id.as_ref(),
        Some(&condition.condition_id)
    );
    assert_eq!(
        error.ids.idempotency_key.as_ref(),
        Some(&condition.idempotency_key)
    );
    assert_eq!(world.extent(), extent, "nothing is recorded");
    assert_eq!(world.snapshot(), snapshot, "nothing is overwritten");
}

#[test]
fn d04_a_known_key_and_id_for_a_condition_that_is_different_is_a_conflict() {
    let world = world();
    let mut bounded = known();
    bounded.filter.queue.capacity = 1.try_into().unwrap();
    for variant in [
        WakeCondition {
            run_id: run("r2"),
            ..known()
        },
        // The run is no member. The conflict is reported all the same, as the key is looked at first.
        WakeCondition {
            run_id: run("r9"),
            ..known()
        },
        WakeCondition {
            filter: EventFilter::default(),
            ..known()
        },
        bounded,
        known().timeout_millis(0),
        known().timeout_millis(7),
        WakeCondition {
            resume_with: ResumeInputPolicy::None,
            ..known()
        },
        WakeCondition {
            policy_refs: [PolicyRef::permission("p1").unwrap()].into(),
            ..known()
        },
    ] {
        assert_conflicts(&world, &variant);
    }
    assert_eq!(
        suspend(&world, &known()),
        WakeRegistrationStatus::Registered
    );
}

#[test]
fn d04_a_known_key_for_another_condition_id_is_a_conflict() {
    let world = world();
    assert_conflicts(
        &world,
        &WakeCondition {
            condition_id: id("w2"),
            ..known()
        },
    );
}

#[test]
fn d04_a_known_condition_id_under_another_key_is_a_conflict() {
    let world = world();
    assert_conflicts(
        &world,
        &WakeCondition {
            idempotency_key: id("key.other"),
            ..known()
        },
    );
}

#[test]
fn d04_the_key_of_one_condition_with_the_id_of_another_is_a_conflict() {
    let world = world();
    let other = wake("w2", "r2", on(EventKind::RunMessageFailed));
    suspend(&world, &other);
    for (one, another) in [(known(), other.clone()), (other, known())] {
        let condition_id = another.condition_id;
        assert_conflicts(
            &world,
            &WakeCondition {
                condition_id,
                ..one
            },
        );
    }
}

#[test]
fn d04_wakes_that_have_ended_hold_their_keys_and_ids_as_well() {
    let world = world();
    done(world.pool.cancel_wake(&condition("w1")));
    let at_once = wake("w2", "r1", on(EventKind::RunMessageFailed)).timeout_millis(0);
    assert_eq!(suspend(&world, &at_once), WakeRegistrationStatus::TimedOut);
    let joined = wake("w3", "r1", on(EventKind::AgentPoolRunJoined));
    assert_eq!(suspend(&world, &joined), WakeRegistrationStatus::Triggered);
    for ended in [known(), at_once, joined] {
        assert_conflicts(
            &world,
            &WakeCondition {
                condition_id: id("w8"),
                ..ended.clone()
            },
        );
        assert_conflicts(
            &world,
            &WakeCondition {
                idempotency_key: id("k8"),
                ..ended.clone()
            },
        );
        assert_conflicts(&world, &ended.timeout_millis(8));
    }
}

#[test]
fn d04_a_registration_that_never_began_holds_neither_key_nor_id() {
    let world = world();
    let first = wake("w2", "r1", on(EventKind::RunMessageFailed));
    world.journal.replies.fail_after(0);
    refused(world.pool.suspend_until(run("r1"), first.clone()));
    let other = first.timeout_millis(9);
    assert_eq!(suspend(&world, &other), WakeRegistrationStatus::Registered);
}

#[test]
fn d04_that_the_run_is_another_than_the_one_to_suspend_is_told_before_anything_else() {
    let world = world();
    let conflicting = known().timeout_millis(1);
    assert_eq!(
        refused(world.pool.suspend_until(run("r2"), conflicting)),
        ErrorCode::WakeRunMismatch
    );
}

#[test]
fn d04_conflicts_are_seen_through_every_handle_and_after_a_restart() {
    let world = world();
    let other = known().timeout_millis(1);
    assert_eq!(
        refused(world.handle().suspend_until(run("r1"), other.clone())),
        ErrorCode::IdempotencyConflict
    );
    let world = world.restarted();
    assert_conflicts(&world, &other);
    assert_eq!(
        suspend(&world, &known()),
        WakeRegistrationStatus::Registered
    );
}
