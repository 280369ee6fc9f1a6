//! A bus that never answers: the outbox is bounded, and operations that have no room in it are refused.

use agent_pool::{
    domain::{AgentErrorKind, ErrorCode, RetryClassification},
    pool::{DEFAULT_OUTBOX_CAPACITY, WakeRegistrationStatus},
    record::EventKind,
};

use crate::host::*;

fn world(outbox_capacity: Option<usize>) -> (World, Signal) {
    let world = World::of(WorldPlan {
        outbox_capacity,
        ..WorldPlan::default()
    });
    done(world.pool.join_run(member("r1", "ag1")));
    let answered = Signal::default();
    world.bus.replies.are([Reply::On(answered.clone())]);
    (world, answered)
}

fn send(world: &World, message_id: &str) -> Result<(), ErrorCode> {
    let sent = now(world.pool.send(message(message_id, "r1", to_run("r1"))));
    sent.map(drop).map_err(|error| error.code)
}

#[test]
fn operations_do_not_wait_for_the_bus_as_long_as_there_is_room() {
    let (world, _) = world(Some(6));
    for message_id in ["m1", "m2", "m3"] {
        send(&world, message_id).unwrap();
    }
    assert_eq!(world.journal.len(), 8);
    assert_eq!(world.bus.len(), 2);
}

#[test]
fn without_room_they_are_refused_before_anything_is_journaled() {
    let (world, _) = world(Some(5));
    send(&world, "m1").unwrap();
    send(&world, "m2").unwrap();
    let history = world.history();
    let error = error_of(world.pool.send(message("m3", "r1", to_run("r1"))));
    assert_eq!(error.code, ErrorCode::BusBacklogged);
    assert_eq!(error.kind, AgentErrorKind::TelemetryFailure);
    assert_eq!(error.retry, RetryClassification::Retryable);
    assert_eq!((world.journal.len(), world.journal.attempts()), (6, 6));
    assert_eq!(world.history(), history);
    // An operation with fewer events has room.
    done(world.pool.leave_run(&run("r1")));
    assert_eq!(
        refused(world.pool.join_run(member("r1", "ag1"))),
        ErrorCode::BusBacklogged
    );
}

#[test]
fn a_message_needs_room_for_the_ends_of_the_wakes_that_it_triggers() {
    for (capacity, sent) in [(3, Err(ErrorCode::BusBacklogged)), (4, Ok(()))] {
        let (world, _) = world(Some(capacity));
        let waiting = wake("w1", "r1", on(EventKind::RunMessageDelivered));
        done(world.pool.suspend_until(run("r1"), waiting));
        assert_eq!(send(&world, "m1"), sent);
    }
}

#[test]
fn a_wake_that_is_registered_ends_at_once_by_an_older_event_though_its_end_has_no_room() {
    let (world, _) = world(Some(2));
    done(world.pool.join_run(member("r2", "ag2")));
    let waiting = wake("w1", "r1", on(EventKind::AgentPoolCreated));
    let suspended = done(world.pool.suspend_until(run("r1"), waiting));
    assert_eq!(suspended.status, WakeRegistrationStatus::Triggered);
    assert_eq!(
        world.journal.story()[3..],
        ["registered w1", "triggered w1 by 1"]
    );
}

#[test]
fn an_operation_needs_room_for_the_ends_of_wakes_that_another_handle_owes() {
    let (world, _) = world(None);
    let slow = std::rc::Rc::<HostBus>::default();
    slow.replies.are([Reply::never()]);
    let builder = world.builder_over(&world.journal, &slow);
    let other = done(builder.outbox_capacity(1).build());
    done(other.join_run(member("r2", "ag2")));
    let waiting = wake("w1", "r1", on(EventKind::RunMessageDelivered));
    done(world.pool.suspend_until(run("r1"), waiting));
    world.journal.replies.fail_after(2);
    assert_eq!(send(&world, "m1"), Err(ErrorCode::JournalRejected));
    let recorded = world.journal.len();
    assert_eq!(
        refused(other.leave_run(&run("r2"))),
        ErrorCode::BusBacklogged
    );
    assert_eq!(world.journal.len(), recorded);
}

#[test]
fn what_records_nothing_needs_no_room() {
    let (world, _) = world(Some(2));
    send(&world, "m1").unwrap();
    assert_eq!(send(&world, "m2"), Err(ErrorCode::BusBacklogged));
    assert_eq!(send(&world, "m1"), Ok(()));
    assert_eq!(done(world.pool.members()).len(), 1);
    done(world.pool.snapshot());
    done(world.pool.watch_pool(None));
}

#[test]
fn once_the_bus_answers_everything_goes_on_in_order_and_once() {
    let (world, answered) = world(Some(2));
    send(&world, "m1").unwrap();
    assert_eq!(send(&world, "m2"), Err(ErrorCode::BusBacklogged));
    answered.give();
    send(&world, "m2").unwrap();
    assert_eq!(
        world.bus.story()[2..],
        [
            "3 run_message_accepted m1",
            "4 run_message_delivered m1",
            "5 run_message_accepted m2",
            "6 run_message_delivered m2"
        ]
    );
    world.assert_sound();
}

#[test]
fn with_nothing_waiting_even_the_smallest_outbox_takes_an_operation() {
    let world = World::of(WorldPlan {
        outbox_capacity: Some(0),
        ..WorldPlan::default()
    });
    done(world.pool.join_run(member("r1", "ag1")));
    send(&world, "m1").unwrap();
    world.assert_sound();
}

#[test]
fn the_outbox_holds_4096_events_unless_set() {
    assert_eq!(DEFAULT_OUTBOX_CAPACITY, 4_096);
    let (world, _) = world(None);
    for number in 0..4_096 / 2 {
        send(&world, &format!("m{number}")).unwrap();
    }
    assert_eq!(
        refused(world.pool.leave_run(&run("r1"))),
        ErrorCode::BusBacklogged
    );
    assert_eq!(world.journal.len(), 2 + 4_096);
}

#[test]
fn every_handle_has_an_outbox_of_its_own() {
    let (world, _) = world(Some(2));
    let other_bus = std::rc::Rc::default();
    let other = done(world.builder_over(&world.journal, &other_bus).build());
    send(&world, "m1").unwrap();
    assert_eq!(send(&world, "m2"), Err(ErrorCode::BusBacklogged));
    done(other.send(message("m2", "r1", to_run("r1"))));
    assert_eq!(other_bus.len(), 2);
}
