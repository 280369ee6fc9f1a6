//! Whose events a wake can wait for: those of the members at its registration (REFERENCE 22).

use agent_pool::{
    domain::PolicyRef,
    pool::{AgentPool, AgentPoolMember, WakeRegistrationStatus},
    record::{EventFilter, EventKind},
};

use crate::host::*;

fn world() -> World {
    let world = World::new();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world
}

fn suspend(pool: &AgentPool, condition_id: &str, filter: EventFilter) -> WakeRegistrationStatus {
    let waiting = wake(condition_id, "r1", filter);
    done(pool.suspend_until(run("r1"), waiting)).status
}

fn poll(pool: &AgentPool, condition_id: &str) -> WakeRegistrationStatus {
    done(pool.poll_wake(&condition(condition_id))).status
}

#[test]
fn runs_that_join_later_do_not_wake_it() {
    let world = world();
    suspend(&world.pool, "w1", on(EventKind::RunMessageAccepted));
    suspend(
        &world.pool,
        "w2",
        on_run(EventKind::RunMessageAccepted, "r3"),
    );
    done(world.pool.join_run(member("r3", "ag3")));
    done(world.pool.send(message("m1", "r3", to_run("r1"))));
    for condition_id in ["w1", "w2"] {
        assert_eq!(
            poll(&world.pool, condition_id),
            WakeRegistrationStatus::Registered
        );
    }
    done(world.pool.send(message("m2", "r2", to_run("r1"))));
    assert_eq!(poll(&world.pool, "w1"), WakeRegistrationStatus::Triggered);
    assert_eq!(poll(&world.pool, "w2"), WakeRegistrationStatus::Registered);
}

#[test]
fn runs_that_leave_still_wake_it() {
    let world = world();
    suspend(&world.pool, "w1", on_run(EventKind::AgentPoolRunLeft, "r2"));
    done(world.pool.leave_run(&run("r2")));
    assert_eq!(
        world.journal.story()[4..],
        ["run_left r2", "triggered w1 by 5"]
    );
}

#[test]
fn what_a_run_did_before_it_left_is_out_of_sight_afterwards() {
    let world = world();
    done(world.pool.leave_run(&run("r2")));
    let status = suspend(&world.pool, "w1", on(EventKind::AgentPoolRunLeft));
    assert_eq!(status, WakeRegistrationStatus::Registered);
}

#[test]
fn members_that_lack_a_policy_of_the_pool_are_out_of_sight() {
    let policy = || PolicyRef::permission("p1").unwrap();
    let world = World::new();
    let builder = AgentPool::builder(id("pool.guarded")).runtime(world.ports());
    let pool = done(builder.policy_ref(policy()).build());
    let trusted = |joiner: AgentPoolMember| joiner.policy_ref(policy());
    done(pool.join_run(trusted(member("r1", "ag1"))));
    done(pool.join_run(member("r2", "ag2")));
    suspend(&pool, "w1", on(EventKind::RunMessageAccepted));
    done(pool.send(message("m1", "r2", to_run("r1"))));
    assert_eq!(poll(&pool, "w1"), WakeRegistrationStatus::Registered);
    done(pool.send(message("m2", "r1", to_run("r2"))));
    assert_eq!(poll(&pool, "w1"), WakeRegistrationStatus::Triggered);
}

#[test]
fn mail_is_waited_for_by_its_senders_and_not_by_the_one_who_waits() {
    let world = world();
    suspend(
        &world.pool,
        "w.self",
        on_run(EventKind::RunMessageDelivered, "r1"),
    );
    suspend(
        &world.pool,
        "w.sender",
        on_run(EventKind::RunMessageDelivered, "r2"),
    );
    done(world.pool.send(message("m1", "r2", to_run("r1"))));
    assert_eq!(
        poll(&world.pool, "w.self"),
        WakeRegistrationStatus::Registered
    );
    assert_eq!(
        poll(&world.pool, "w.sender"),
        WakeRegistrationStatus::Triggered
    );
}

#[test]
fn a_pool_rebuilt_from_its_records_keeps_the_scope_that_a_wake_was_registered_with() {
    let world = world();
    suspend(&world.pool, "w1", on(EventKind::RunMessageAccepted));
    done(world.pool.join_run(member("r3", "ag3")));
    let world = world.restarted();
    done(world.pool.send(message("m1", "r3", to_run("r1"))));
    assert_eq!(poll(&world.pool, "w1"), WakeRegistrationStatus::Registered);
    done(world.pool.send(message("m2", "r2", to_run("r1"))));
    assert_eq!(poll(&world.pool, "w1"), WakeRegistrationStatus::Triggered);
}
