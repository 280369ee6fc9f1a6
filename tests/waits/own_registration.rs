//! A wake's own registration is an event like others. A wake that waits for it is triggered at once (REFERENCE 20).

use agent_pool::{
    domain::ErrorCode,
    pool::{WakeMatching, WakeRegistrationStatus},
    record::{EventFilter, EventKind, WakeCondition},
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

/// A pool in which the registration of `w2` ends `w1`, which is what `w2` waits for.
fn ends_another() -> (World, WakeCondition) {
    let world = world(WakeMatching::Live);
    let first = wake("w1", "r1", on_run(EventKind::WakeConditionRegistered, "r2"));
    done(world.pool.suspend_until(run("r1"), first));
    let second = wake("w2", "r2", on_run(EventKind::WakeConditionTriggered, "r1"));
    (world, second)
}

#[test]
fn what_it_brings_about_ends_the_wake_though_the_bus_does_not_have_it_yet() {
    let (world, second) = ends_another();
    world.bus.replies.are([Reply::never()]);
    let suspended = done(world.pool.suspend_until(run("r2"), second));
    assert_eq!(suspended.status, WakeRegistrationStatus::Triggered);
}

#[test]
fn an_end_that_fails_with_the_journal_or_the_bus_is_made_up_for_by_the_next_operation() {
    type Failing = fn(&World);
    let failing: [(Failing, ErrorCode); 2] = [
        (
            |world| world.journal.replies.fail_after(2),
            ErrorCode::JournalRejected,
        ),
        (
            |world| world.bus.questions.fail_after(0),
            ErrorCode::EventBusRejected,
        ),
    ];
    for (fail, code) in failing {
        let (world, second) = ends_another();
        world.bus.replies.are([Reply::never()]);
        fail(&world);
        assert_eq!(
            refused(world.pool.suspend_until(run("r2"), second.clone())),
            code
        );
        done(world.pool.join_run(member("r3", "ag3")));
        let story = world.journal.story();
        assert_eq!(
            story[story.len() - 2..],
            ["triggered w2 by 6", "run_joined r3"]
        );
        let again = done(world.pool.suspend_until(run("r2"), second));
        assert_eq!(again.status, WakeRegistrationStatus::Triggered);
    }
}
