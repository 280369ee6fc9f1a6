//! Events of the host. Those that the pool is shown trigger wakes under live matching. A poll finds all of them.

use agent_pool::{
    domain::ErrorCode,
    memory::MemoryEventBus,
    pool::{WakeMatching, WakeRegistrationStatus},
    record::{EventFilter, EventKind},
};
use std::rc::Rc;
use std::sync::Arc;

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

fn suspend(world: &World, condition_id: &str, filter: EventFilter) -> WakeRegistrationStatus {
    let suspended = world
        .pool
        .suspend_until(run("r2"), wake(condition_id, "r2", filter));
    done(suspended).status
}

fn shown(world: &World, event_id: &str, run_id: &str) {
    let event = host_event(event_id, run_id, EventKind::ToolCompleted);
    done(world.pool.observe(event));
}

#[test]
fn an_event_that_the_pool_is_shown_wakes_those_who_wait_for_it() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w1", on(EventKind::ToolCompleted));
    suspend(&world, "w2", on_run(EventKind::ToolCompleted, "r1"));
    suspend(&world, "w3", on(EventKind::ToolFailed));
    shown(&world, "e0", "r1");
    assert_eq!(
        world.journal.story()[6..],
        ["triggered w1 by e0", "triggered w2 by e0"]
    );
}

#[test]
fn an_event_of_a_turn_wakes_those_who_wait_for_that_turn() {
    let world = world(WakeMatching::Live);
    for (condition_id, turn_id) in [("w1", "t1"), ("w2", "t2")] {
        let of_turn = EventFilter {
            turn_ids: [id(turn_id)].into_iter().collect(),
            ..EventFilter::default()
        };
        suspend(&world, condition_id, of_turn);
    }
    shown(&world, "e0", "r1");
    let mut event = host_event("e1", "r1", EventKind::ToolCompleted);
    Arc::make_mut(&mut event.event).envelope.turn_id = Some(id("t2"));
    done(world.pool.observe(event));
    assert_eq!(world.journal.story()[5..], ["triggered w2 by e1"]);
}

#[test]
fn a_host_event_whose_end_is_refused_is_not_owed() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w1", on(EventKind::ToolCompleted));
    world.journal.replies.are([Reply::Rejected]);
    let event = || host_event("e0", "r1", EventKind::ToolCompleted);
    let refusal = refused(world.pool.observe(event()));
    assert_eq!(refusal, ErrorCode::JournalRejected);
    done(world.pool.join_run(member("r3", "ag3")));
    assert_eq!(world.journal.story()[4..], ["run_joined r3"]);
    done(world.pool.observe(event()));
    assert_eq!(world.journal.story()[5..], ["triggered w1 by e0"]);
}

#[test]
fn an_event_that_the_pool_is_shown_is_on_a_bus_that_keeps_events() {
    let world = world(WakeMatching::Live);
    shown(&world, "e0", "r1");
    assert_eq!(world.bus.story()[3..], ["e0 tool_completed r1"]);
    assert_eq!(world.journal.len(), 3, "it is not the pool's to journal");
    let frames = done(world.pool.subscribe(on(EventKind::ToolCompleted), None));
    assert_eq!(frames.len(), 1);
    assert_eq!(
        suspend(&world, "w1", on(EventKind::ToolCompleted)).as_str(),
        "triggered"
    );
}

#[test]
fn an_event_of_a_run_outside_the_pool_wakes_nobody() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w1", on(EventKind::ToolCompleted));
    shown(&world, "e0", "r9");
    assert_eq!(world.journal.len(), 4);
    let polled = done(world.pool.poll_wake(&condition("w1")));
    assert_eq!(polled.status, WakeRegistrationStatus::Registered);
}

#[test]
fn an_event_that_the_host_only_published_is_found_by_a_poll() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w1", on(EventKind::ToolCompleted));
    world
        .bus
        .publish_own(host_event("e0", "r1", EventKind::ToolCompleted));
    done(world.pool.send(message("m1", "r1", to_run("r2"))));
    let polled = done(world.pool.poll_wake(&condition("w1")));
    assert_eq!(polled.status, WakeRegistrationStatus::Triggered);
    assert_eq!(world.journal.story().last().unwrap(), "triggered w1 by e0");
}

#[test]
fn on_message_an_event_that_the_pool_is_shown_is_left_to_a_poll() {
    let world = world(WakeMatching::OnMessage);
    suspend(&world, "w1", on(EventKind::ToolCompleted));
    shown(&world, "e0", "r1");
    assert_eq!(world.journal.len(), 4);
    let polled = done(world.pool.poll_wake(&condition("w1")));
    assert_eq!(polled.status, WakeRegistrationStatus::Triggered);
}

#[test]
fn on_message_that_holds_for_events_that_look_like_the_pools_own_too() {
    let world = world(WakeMatching::OnMessage);
    suspend(&world, "w1", on(EventKind::RunMessageDelivered));
    done(
        world
            .pool
            .observe(host_event("e0", "r1", EventKind::RunMessageDelivered)),
    );
    assert_eq!(
        world.journal.len(),
        4,
        "no message of this pool was delivered"
    );
}

#[test]
fn an_event_that_is_shown_after_a_deadline_times_the_wake_out() {
    let world = World::at(1_000);
    done(world.pool.join_run(member("r2", "ag2")));
    let waiting = wake("w1", "r2", on(EventKind::ToolCompleted)).timeout_millis(5);
    done(world.pool.suspend_until(run("r2"), waiting));
    world.clock.advance(5);
    shown(&world, "e0", "r2");
    assert_eq!(world.journal.story()[3..], ["timed_out w1"]);
}

#[test]
fn an_event_that_is_shown_to_one_handle_wakes_runs_that_wait_through_another() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w1", on(EventKind::ToolCompleted));
    let other_bus = Rc::<HostBus>::default();
    let other = done(world.builder_over(&world.journal, &other_bus).build());
    done(other.observe(host_event("e0", "r1", EventKind::ToolCompleted)));
    assert_eq!(world.journal.story()[4..], ["triggered w1 by e0"]);
    assert_eq!(
        other_bus.story(),
        ["e0 tool_completed r1", "5 wake_condition_triggered w1"]
    );
}

#[test]
fn the_bus_in_memory_numbers_what_is_published_again_anew() {
    let bus = MemoryEventBus::new();
    let event = host_event("e0", "r1", EventKind::ToolCompleted);
    assert_eq!(bus.publish_frame(event.clone()).cursor.event_seq, 1);
    assert_eq!(bus.publish_frame(event).cursor.event_seq, 2);
}
