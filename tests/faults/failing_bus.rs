//! An event bus that fails: no operation is lost; events are neither lost nor doubled nor out of order; and the pool
//! stops instead of going on unobserved.

use agent_pool::{
    domain::{AgentError, AgentErrorKind, ErrorCode, EventId, RetryClassification},
    pool::WakeRegistrationStatus,
    record::EventKind,
};

use crate::host::*;

fn world() -> World {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    world
}

fn send(world: &World, message_id: &str) -> Result<(), ErrorCode> {
    let sent = now(world.pool.send(message(message_id, "r1", to_run("r1"))));
    sent.map(drop).map_err(|error| error.code)
}

/// The event that an error of the bus is about.
fn rejected_event(error: &AgentError) -> &str {
    assert_eq!(error.code, ErrorCode::EventBusRejected);
    error.ids.event_id.as_ref().expect("it is named").as_str()
}

#[test]
fn an_operation_whose_event_the_bus_rejects_has_happened() {
    let world = world();
    world.bus.down.set(true);
    assert_eq!(send(&world, "m1"), Ok(()));
    assert_eq!(world.journal.len(), 4);
    assert_eq!(world.snapshot().messages.len(), 1);
    assert_eq!(world.bus.len(), 2);
}

#[test]
fn while_the_bus_is_down_operations_are_refused_before_anything_is_journaled() {
    let world = world();
    world.bus.down.set(true);
    send(&world, "m1").unwrap();
    let (history, snapshot) = (world.history(), world.snapshot());
    let attempts = world.bus.attempts();
    let refused_calls = [
        Call::Join(member("r2", "ag2")),
        Call::Leave(run("r1")),
        Call::Send(message("m2", "r1", to_run("r1"))),
        Call::Send(message("m1", "r1", to_run("r1"))),
        Call::Suspend(wake("w1", "r1", on(EventKind::RunMessageFailed))),
        Call::Poll(condition("w1")),
        Call::Cancel(condition("w1")),
    ];
    for (count, call) in (1..).zip(refused_calls) {
        let error = now(call.make(&world.pool)).unwrap_err();
        assert_eq!(error.code, ErrorCode::EventBusRejected);
        assert_eq!(error.kind, AgentErrorKind::TelemetryFailure);
        assert_eq!(error.retry, RetryClassification::Retryable);
        assert_eq!(thrown(&error), Some(&PortFault(BUS_FAULT)));
        let waiting = EventId::new("event.agent_pool.pool.x.3").unwrap();
        assert_eq!(error.ids.event_id, Some(waiting), "the first in line");
        assert_eq!(
            world.bus.attempts(),
            attempts + count,
            "each tries once more"
        );
    }
    assert_eq!(world.journal.len(), 4);
    assert_eq!(world.history(), history);
    assert_eq!(world.snapshot(), snapshot);
}

#[test]
fn what_is_only_read_is_read_while_the_bus_is_down() {
    let world = world();
    world.bus.down.set(true);
    send(&world, "m1").unwrap();
    assert_eq!(done(world.pool.members()).len(), 1);
    assert_eq!(done(world.pool.snapshot()).messages.len(), 1);
    assert_eq!(done(world.pool.watch_pool(None)).len(), 5);
    let filter = done(world.pool.scope_filter(on(EventKind::RunMessageDelivered)));
    let frames = done(world.pool.subscribe(filter, None));
    assert!(frames.is_empty(), "what the bus does not have is not seen");
}

#[test]
fn once_the_bus_is_back_the_next_operation_publishes_what_waited_first_in_order_and_once() {
    let world = world();
    world.bus.down.set(true);
    send(&world, "m1").unwrap();
    send(&world, "m2").unwrap_err();
    world.bus.down.set(false);
    send(&world, "m3").unwrap();
    assert_eq!(
        world.bus.story()[2..],
        [
            "3 run_message_accepted m1",
            "4 run_message_delivered m1",
            "5 run_message_accepted m3",
            "6 run_message_delivered m3"
        ]
    );
    world.assert_sound();
}

#[test]
fn an_event_in_the_middle_of_an_operation_holds_up_those_after_it() {
    for rejected in 0..2 {
        let world = world();
        world.bus.replies.fail_after(rejected);
        send(&world, "m1").unwrap();
        assert_eq!(world.bus.len(), 2 + rejected);
        // The bus works again.
        done(world.pool.flush());
        world.assert_sound();
    }
}

#[test]
fn an_operation_waits_for_a_publication_that_is_tried_again_and_takes_its_time() {
    for works in [true, false] {
        let (world, tasks) = World::driven();
        done(world.pool.join_run(member("r1", "ag1")));
        let answered = Signal::default();
        let again = match works {
            true => Reply::On(answered.clone()),
            false => Reply::RejectedOn(answered.clone()),
        };
        world.bus.replies.are([Reply::Rejected, again]);
        send(&world, "m1").unwrap();
        let pool = world.pool.clone();
        let sent = message("m2", "r1", to_run("r1"));
        let outcome = tasks.start(async move { pool.send(sent).await });
        tasks.run();
        assert!(!outcome.is_there());
        assert_eq!(world.journal.len(), 4, "nothing is journaled meanwhile");
        answered.give();
        tasks.run();
        let answer = outcome.take();
        if works {
            answer.expect("the bus took the event");
        } else {
            assert_eq!(
                rejected_event(&answer.unwrap_err()),
                "event.agent_pool.pool.x.3"
            );
            assert_eq!(world.journal.len(), 4);
        }
        done(world.pool.flush());
        world.assert_sound();
    }
}

#[test]
fn flush_publishes_what_waits_and_tells_of_the_failure_as_often_as_it_fails() {
    let world = world();
    world.bus.down.set(true);
    send(&world, "m1").unwrap();
    for _ in 0..3 {
        let error = error_of(world.pool.flush());
        assert_eq!(error.code, ErrorCode::EventBusRejected);
        assert_eq!(thrown(&error), Some(&PortFault(BUS_FAULT)));
    }
    world.bus.down.set(false);
    done(world.pool.flush());
    let attempts = world.bus.attempts();
    done(world.pool.flush());
    assert_eq!(
        world.bus.attempts(),
        attempts,
        "there is nothing left to publish"
    );
    world.assert_sound();
}

#[test]
fn flush_waits_for_a_bus_that_takes_its_time_and_tells_if_it_rejects() {
    let tasks = Tasks::default();
    let world = world();
    world
        .bus
        .replies
        .are([Reply::Later(3), Reply::RejectedLater(2), Reply::Later(5)]);
    send(&world, "m1").unwrap();
    let flush = || {
        let pool = world.pool.clone();
        let outcome = tasks.start(async move { pool.flush().await });
        tasks.run();
        outcome.take()
    };
    assert_eq!(
        rejected_event(&flush().unwrap_err()),
        "event.agent_pool.pool.x.4"
    );
    assert_eq!(world.bus.len(), 3);
    flush().expect("the bus takes the rest");
    world.assert_sound();
}

#[test]
fn flush_waits_for_what_is_there_and_for_nothing_that_comes_later() {
    for comes_to_the_bus in [true, false] {
        let (world, tasks) = World::driven();
        done(world.pool.join_run(member("r1", "ag1")));
        let (first, second) = (Signal::default(), Signal::default());
        let later = match comes_to_the_bus {
            true => Reply::On(second.clone()),
            false => Reply::RejectedOn(second.clone()),
        };
        world.bus.replies.are([Reply::On(first.clone()), later]);
        done(world.pool.send(message("m1", "r1", to_run("r9"))));
        let pool = world.pool.clone();
        let flushed = tasks.start(async move { pool.flush().await });
        tasks.run();
        done(world.pool.send(message("m2", "r1", to_run("r9"))));
        assert!(!flushed.is_there());
        first.give();
        tasks.run();
        flushed.take().expect("what was there is on the bus");
        second.give();
        tasks.run();
        done(world.pool.flush());
        world.assert_sound();
    }
}

#[test]
fn wakes_find_events_that_the_bus_does_not_have_yet() {
    let world = World::on_message();
    done(world.pool.join_run(member("r1", "ag1")));
    done(world.pool.join_run(member("r2", "ag2")));
    let polled = wake("w1", "r1", on(EventKind::AgentPoolRunLeft));
    done(world.pool.suspend_until(run("r1"), polled));
    world.bus.replies.are([Reply::never()]);
    done(world.pool.leave_run(&run("r2")));
    send(&world, "m1").unwrap();
    assert_eq!(world.bus.len(), 4, "neither is on the bus");

    let polled = done(world.pool.poll_wake(&condition("w1")));
    assert_eq!(polled.status, WakeRegistrationStatus::Triggered);
    let suspended = wake("w2", "r1", on(EventKind::RunMessageDelivered));
    let suspended = done(world.pool.suspend_until(run("r1"), suspended));
    assert_eq!(suspended.status, WakeRegistrationStatus::Triggered);
    assert_eq!(
        world.journal.story()[4..],
        [
            "run_left r2",
            "accepted m1 for r1",
            "delivered m1 for r1",
            "triggered w1 by 5",
            "registered w2",
            "triggered w2 by 7"
        ]
    );
}

#[test]
fn an_observed_event_is_on_the_bus_once_however_often_the_pool_was_shown_it() {
    let world = world();
    done(
        world
            .pool
            .suspend_until(run("r1"), wake("w1", "r1", on(EventKind::ToolCompleted))),
    );
    let shown = || {
        world
            .pool
            .observe(host_event("e0", "r1", EventKind::ToolCompleted))
    };
    world.journal.replies.fail_after(0);
    assert_eq!(refused(shown()), ErrorCode::JournalRejected);
    done(shown());
    let on_the_bus = world.bus.story();
    let shown_times = on_the_bus.iter().filter(|line| line.starts_with("e0 "));
    assert_eq!(shown_times.count(), 1);
    let woken = world.journal.story();
    assert_eq!(woken[2..], ["registered w1", "triggered w1 by e0"]);
}
