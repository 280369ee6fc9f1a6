//! A wake's own registration is an event like others. A wake that waits for it is triggered at once (REFERENCE 20).

use agent_pool::{
    pool::{WakeMatching, WakeRegistrationStatus},
    record::{EventFilter, EventKind},
};

use crate::host::*;

fn world(matching: WakeMatching) -> World {
    let world = World::of(WorldPlan {
        matching,
        ..WorldPlan::default()
    });
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world
}

fn both() -> [WakeMatching; 2] {
    [WakeMatching::Live, WakeMatching::OnMessage]
}

fn suspend(world: &World, filter: EventFilter) -> WakeRegistrationStatus {
    let suspended = world
        .pool
        .suspend_until(run("r2"), wake("w1", "r2", filter));
    done(suspended).status
}

#[test]
fn a_wake_that_waits_for_registrations_is_triggered_by_its_own() {
    for matching in both() {
        for filter in [
            on(EventKind::WakeConditionRegistered),
            on_run(EventKind::WakeConditionRegistered, "r2"),
        ] {
            let world = world(matching);
            assert_eq!(suspend(&world, filter), WakeRegistrationStatus::Triggered);
            assert_eq!(
                world.journal.story()[3..],
                ["registered w1", "triggered w1 by 4"]
            );
            world.assert_sound();
        }
    }
}

#[test]
fn an_older_registration_comes_first() {
    for matching in both() {
        let world = world(matching);
        let earlier = wake("w0", "r1", on(EventKind::RunMessageFailed));
        done(world.pool.suspend_until(run("r1"), earlier));
        suspend(&world, on(EventKind::WakeConditionRegistered));
        assert_eq!(world.journal.story().last().unwrap(), "triggered w1 by 4");
    }
}

#[test]
fn the_registration_of_another_run_is_not_its_own() {
    for matching in both() {
        let world = world(matching);
        let filter = on_run(EventKind::WakeConditionRegistered, "r1");
        assert_eq!(suspend(&world, filter), WakeRegistrationStatus::Registered);
    }
}

#[test]
fn a_wake_that_waits_for_anything_is_triggered_by_the_oldest_event_in_sight() {
    for matching in both() {
        let world = world(matching);
        let status = suspend(&world, EventFilter::default());
        assert_eq!(status, WakeRegistrationStatus::Triggered);
        assert_eq!(world.journal.story().last().unwrap(), "triggered w1 by 1");
    }
}

#[test]
fn a_wake_that_waits_for_terminal_events_only_is_not_triggered_by_its_registration() {
    for matching in both() {
        let world = world(matching);
        let filter = EventFilter {
            terminal_only: true,
            ..EventFilter::default()
        };
        assert_eq!(suspend(&world, filter), WakeRegistrationStatus::Registered);
    }
}

#[test]
fn it_counts_while_the_bus_does_not_have_it_yet_and_through_a_handle_with_another_bus() {
    let world = world(WakeMatching::Live);
    world.bus.replies.are([Reply::never()]);
    let status = suspend(&world, on(EventKind::WakeConditionRegistered));
    assert_eq!(status, WakeRegistrationStatus::Triggered);

    let other_bus = std::rc::Rc::default();
    let other = done(world.builder_over(&world.journal, &other_bus).build());
    let waiting = wake("w2", "r1", on(EventKind::WakeConditionRegistered));
    let registration = done(other.suspend_until(run("r1"), waiting));
    assert_eq!(registration.status, WakeRegistrationStatus::Triggered);
    assert_eq!(world.journal.story().last().unwrap(), "triggered w2 by 6");
}
