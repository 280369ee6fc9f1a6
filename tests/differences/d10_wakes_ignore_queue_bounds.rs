//! D10: the bounds of a filter's queue are for subscribers; wakes ignore them.

use std::num::NonZeroU64;

use agent_pool::{
    domain::ErrorCode,
    pool::{WakeCondition, WakeRegistration, WakeRegistrationStatus},
    record::{EventFilter, EventKind, SubscriberOverflowPolicy, SubscriberQueueConfig},
};

use crate::host::*;

/// A pool whose bus holds far more events than any queue. The joining of `r1` (event 2) is among the oldest.
fn busy(mut world: World) -> World {
    let pool = &mut world.pool;
    done(pool.join_run(member("r1", "ag1")));
    done(pool.join_run(member("r2", "ag2")));
    for number in 0..70 {
        done(pool.send(message(&format!("m{number}"), "r1", to_run("r2"))));
    }
    world
}

fn bounded(
    kind: EventKind,
    capacity: u64,
    terminal_reserve: u64,
    overflow: SubscriberOverflowPolicy,
) -> EventFilter {
    EventFilter {
        queue: SubscriberQueueConfig {
            capacity: NonZeroU64::new(capacity).unwrap(),
            terminal_reserve: NonZeroU64::new(terminal_reserve).unwrap(),
            overflow,
        },
        ..on(kind)
    }
}

fn suspend(world: &World, condition: WakeCondition) -> WakeRegistration {
    done(
        world
            .pool
            .suspend_until(condition.run_id.clone(), condition),
    )
}

/// Queues that hold nothing, or next to nothing, under every policy.
fn queues() -> impl Iterator<Item = (u64, u64, SubscriberOverflowPolicy)> {
    SubscriberOverflowPolicy::ALL.iter().flat_map(|overflow| {
        [
            (1, 1, *overflow),
            (1, u64::MAX, *overflow),
            (2, 1, *overflow),
        ]
    })
}

#[test]
fn d10_a_wake_finds_the_oldest_matching_event_whatever_its_queue() {
    let world = busy(World::new());
    for (number, (capacity, reserve, overflow)) in queues().enumerate() {
        let name = format!("w{number:02}");
        // Neither kind is terminal, so a queue that only has room for terminal events would hide them.
        for (kind, event) in [
            (EventKind::AgentPoolRunJoined, 2),
            (EventKind::RunMessageDelivered, 5),
        ] {
            let name = format!("{name}.{event}");
            let filter = bounded(kind, capacity, reserve, overflow);
            let registration = suspend(&world, wake(&name, "r2", filter));
            assert_eq!(registration.status, WakeRegistrationStatus::Triggered);
            let story = world.journal.story();
            assert_eq!(
                *story.last().unwrap(),
                format!("triggered {name} by {event}")
            );
        }
    }
    world.assert_sound();
}

#[test]
fn d10_a_poll_finds_the_oldest_matching_event_whatever_its_queue() {
    let world = busy(World::on_message());
    let mut names = Vec::new();
    for (number, (capacity, reserve, overflow)) in queues().enumerate() {
        let name = format!("w{number:02}");
        let filter = bounded(EventKind::AgentPoolRunLeft, capacity, reserve, overflow);
        let registration = suspend(&world, wake(&name, "r1", filter));
        assert_eq!(registration.status, WakeRegistrationStatus::Registered);
        names.push(name);
    }
    done(world.pool.leave_run(&run("r2")));
    let left = world.bus.len();
    for number in 0..70 {
        done(
            world
                .pool
                .send(message(&format!("n{number}"), "r1", to_run("r1"))),
        );
    }
    done(world.pool.join_run(member("r2", "ag2")));
    done(world.pool.leave_run(&run("r2")));
    for name in names {
        let polled = done(world.pool.poll_wake(&condition(&name)));
        assert_eq!(polled.status, WakeRegistrationStatus::Triggered);
        let story = world.journal.story();
        assert_eq!(
            *story.last().unwrap(),
            format!("triggered {name} by {left}")
        );
    }
    world.assert_sound();
}

#[test]
fn d10_an_event_triggers_a_wake_whatever_its_queue() {
    for world in [World::new(), World::on_message()] {
        done(world.pool.join_run(member("r1", "ag1")));
        let mut count = 0;
        for (number, (capacity, reserve, overflow)) in queues().enumerate() {
            let filter = bounded(EventKind::RunMessageAccepted, capacity, reserve, overflow);
            suspend(&world, wake(&format!("w{number:02}"), "r1", filter));
            count += 1;
        }
        done(world.pool.send(message("m1", "r1", to_run("r1"))));
        let triggered = world.journal.story().into_iter();
        assert_eq!(
            triggered
                .filter(|line| line.starts_with("triggered"))
                .count(),
            count
        );
        world.assert_sound();
    }
}

#[test]
fn d10_backpressure_is_still_refused_to_subscribers() {
    let world = busy(World::new());
    let filter = bounded(
        EventKind::RunMessageDelivered,
        64,
        1,
        SubscriberOverflowPolicy::BackpressureCaller,
    );
    let error = error_of(world.pool.subscribe(filter, None));
    assert_eq!(error.code, ErrorCode::InvalidOverflowPolicy);
}

#[test]
fn d10_subscribers_are_still_bounded() {
    let world = busy(World::new());
    let filter = bounded(
        EventKind::RunMessageDelivered,
        8,
        1,
        SubscriberOverflowPolicy::DropNonTerminal,
    );
    let frames = done(world.pool.subscribe(filter, None));
    assert_eq!(frames.len(), 7);
    assert!(frames[6].overflow.is_some());
}
