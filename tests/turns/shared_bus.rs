//! Handles that share a pool and a bus publish in journal order, one event at a time, whichever of them caused it.

use std::rc::Rc;

use agent_pool::{domain::ErrorCode, pool::AgentPool, record::EventKind};

use crate::host::*;

fn world(outbox_capacity: Option<usize>) -> (World, Tasks) {
    let tasks = Tasks::default();
    let world = World::of(WorldPlan {
        executor: Some(tasks.clone()),
        outbox_capacity,
        ..WorldPlan::default()
    });
    done(world.pool.join_run(member("r1", "ag1")));
    (world, tasks)
}

fn send(pool: &AgentPool, message_id: &str) -> Result<(), ErrorCode> {
    let sent = now(pool.send(message(message_id, "r1", to_run("r1"))));
    sent.map(drop).map_err(|error| error.code)
}

#[test]
fn events_of_two_handles_reach_a_slow_bus_in_journal_order_and_one_at_a_time() {
    let (world, tasks) = world(None);
    let other = world.handle();
    let latencies = (0..12).map(|number| Reply::Later((12 - number) % 5));
    world.bus.replies.are(latencies);
    for number in 0..6 {
        let handle = if number % 2 == 0 { &world.pool } else { &other };
        send(handle, &format!("m{number}")).unwrap();
        tasks.step();
    }
    tasks.run();
    let kinds = ["accepted", "delivered"];
    let expected: Vec<_> = (0..12)
        .map(|event| {
            format!(
                "{} run_message_{} m{}",
                event + 3,
                kinds[event % 2],
                event / 2
            )
        })
        .collect();
    assert_eq!(world.bus.story()[2..], expected);
}

#[test]
fn an_event_that_the_bus_rejected_refuses_the_next_operation_on_every_handle() {
    let (world, _) = world(None);
    let other = world.handle();
    world.bus.down.set(true);
    send(&world.pool, "m1").unwrap();
    assert_eq!(send(&other, "m2"), Err(ErrorCode::EventBusRejected));
    assert_eq!(send(&world.pool, "m3"), Err(ErrorCode::EventBusRejected));
    world.bus.down.set(false);
    send(&other, "m2").unwrap();
    assert_eq!(
        world.bus.story()[2..],
        [
            "3 run_message_accepted m1",
            "4 run_message_delivered m1",
            "5 run_message_accepted m2",
            "6 run_message_delivered m2"
        ]
    );
}

#[test]
fn one_handle_finds_what_another_has_on_its_way_to_the_bus() {
    let (world, _) = world(None);
    let other = world.handle();
    world.bus.replies.are([Reply::never()]);
    send(&world.pool, "m1").unwrap();
    let waiting = wake("w1", "r1", on(EventKind::RunMessageDelivered));
    let registration = done(other.suspend_until(run("r1"), waiting));
    assert_eq!(registration.status.as_str(), "triggered");
    assert_eq!(world.journal.story().last().unwrap(), "triggered w1 by 4");
}

#[test]
fn an_event_on_the_bus_ends_a_wake_before_one_that_is_on_its_way() {
    let (world, _) = world(None);
    send(&world.pool, "m1").unwrap();
    world.bus.replies.are([Reply::never()]);
    send(&world.pool, "m2").unwrap();
    assert!(world.pool.has_unpublished());
    let waiting = wake("w1", "r1", on(EventKind::RunMessageDelivered));
    done(world.pool.suspend_until(run("r1"), waiting));
    assert_eq!(world.journal.story().last().unwrap(), "triggered w1 by 4");
}

#[test]
fn what_one_handle_has_waiting_leaves_less_room_to_the_other() {
    let (world, _) = world(Some(4));
    let other = world.handle();
    world.bus.replies.are([Reply::never()]);
    send(&world.pool, "m1").unwrap();
    send(&other, "m2").unwrap();
    assert_eq!(send(&world.pool, "m3"), Err(ErrorCode::BusBacklogged));
    assert_eq!(send(&other, "m3"), Err(ErrorCode::BusBacklogged));
}

#[test]
fn closing_one_handle_waits_for_the_bus_and_leaves_the_other_open() {
    let (world, tasks) = world(None);
    let other = world.handle();
    world.bus.replies.are(vec![Reply::Later(2); 4]);
    send(&other, "m1").unwrap();
    let pool = world.pool.clone();
    let closed = tasks.call(async move { pool.close().await });
    tasks.run();
    closed.take().expect("the bus takes everything");
    assert_eq!(world.bus.len(), 4);
    send(&other, "m2").unwrap();
}

#[test]
fn events_that_wait_outlive_the_handle_that_caused_them() {
    let (world, _) = world(None);
    let bus = Rc::<HostBus>::default();
    let handle = done(world.builder_over(&world.journal, &bus).build());
    bus.down.set(true);
    send(&handle, "m1").unwrap();
    drop(handle);
    bus.down.set(false);
    let next = done(world.builder_over(&world.journal, &bus).build());
    send(&next, "m2").unwrap();
    assert_eq!(
        bus.story(),
        [
            "3 run_message_accepted m1",
            "4 run_message_delivered m1",
            "5 run_message_accepted m2",
            "6 run_message_delivered m2"
        ]
    );
}

#[test]
fn different_buses_do_not_wait_for_each_other() {
    let (world, _) = world(None);
    let other_bus = Rc::<HostBus>::default();
    let other = done(world.builder_over(&world.journal, &other_bus).build());
    world.bus.down.set(true);
    send(&world.pool, "m1").unwrap();
    send(&other, "m2").unwrap();
    assert_eq!((world.bus.len(), other_bus.len()), (2, 2));
    assert_eq!(send(&world.pool, "m3"), Err(ErrorCode::EventBusRejected));
}
