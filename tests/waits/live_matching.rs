//! Live matching: changes of the members trigger the wakes that wait for them. Under `on_message` only a poll finds
//! them.

use agent_pool::{
    pool::{WakeMatching, WakeRegistrationStatus},
    record::{EventFilter, EventKind},
};

use crate::host::*;

use EventKind::{AgentPoolRunJoined, AgentPoolRunLeft};

fn world(matching: WakeMatching) -> World {
    let world = World::of(WorldPlan {
        matching,
        ..WorldPlan::default()
    });
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2"), ("r3", "ag3")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world
}

fn suspend(world: &World, condition_id: &str, run_id: &str, filter: EventFilter) {
    let suspended = world
        .pool
        .suspend_until(run(run_id), wake(condition_id, run_id, filter));
    assert_eq!(done(suspended).status, WakeRegistrationStatus::Registered);
}

/// What was journaled after the members joined and `waits` were registered.
fn since(world: &World, waits: usize) -> Vec<String> {
    world.journal.story().split_off(4 + waits)
}

#[test]
fn a_run_that_leaves_wakes_those_who_wait_for_that() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w1", "r1", on(AgentPoolRunLeft));
    suspend(&world, "w2", "r3", on_run(AgentPoolRunLeft, "r2"));
    suspend(&world, "w3", "r1", on_run(AgentPoolRunLeft, "r3"));
    done(world.pool.leave_run(&run("r2")));
    assert_eq!(
        since(&world, 3),
        ["run_left r2", "triggered w1 by 8", "triggered w2 by 8"]
    );
    world.assert_sound();
}

#[test]
fn a_run_that_comes_back_wakes_those_who_wait_for_that() {
    let world = world(WakeMatching::Live);
    done(world.pool.leave_run(&run("r2")));
    done(world.pool.join_run(member("r2", "ag2")));
    // All joins so far were before the registration, so only the agent's next one triggers it.
    let again = EventFilter {
        agent_ids: [id("ag9")].into_iter().collect(),
        ..on(AgentPoolRunJoined)
    };
    suspend(&world, "w1", "r1", again);
    done(world.pool.join_run(member("r2", "ag9")));
    assert_eq!(since(&world, 3), ["run_joined r2", "triggered w1 by 8"]);
}

#[test]
fn a_run_that_joins_again_may_wake_itself() {
    let world = world(WakeMatching::Live);
    let again = EventFilter {
        agent_ids: [id("ag9")].into_iter().collect(),
        ..on_run(AgentPoolRunJoined, "r1")
    };
    suspend(&world, "w1", "r1", again);
    done(world.pool.join_run(member("r1", "ag9")));
    assert_eq!(since(&world, 1), ["run_joined r1", "triggered w1 by 6"]);
    let records = world.journal.records();
    let agents: Vec<_> = records[5..]
        .iter()
        .map(|record| record.agent_id.as_str())
        .collect();
    assert_eq!(
        agents,
        ["ag9", "ag9"],
        "in the name of its agent as it is now"
    );
}

#[test]
fn several_wakes_of_one_event_are_triggered_in_the_order_of_their_ids() {
    let world = world(WakeMatching::Live);
    for condition_id in ["w10", "w2", "W3", "é", "w1"] {
        suspend(&world, condition_id, "r1", on(AgentPoolRunLeft));
    }
    done(world.pool.leave_run(&run("r2")));
    assert_eq!(
        since(&world, 5)[1..],
        [
            "triggered W3 by 10",
            "triggered w1 by 10",
            "triggered w10 by 10",
            "triggered w2 by 10",
            "triggered é by 10"
        ]
    );
}

#[test]
fn on_message_leaves_members_coming_and_going_to_a_poll() {
    let world = world(WakeMatching::OnMessage);
    suspend(&world, "w1", "r1", on(AgentPoolRunLeft));
    done(world.pool.leave_run(&run("r2")));
    assert_eq!(since(&world, 1), ["run_left r2"]);
    let polled = done(world.pool.poll_wake(&condition("w1")));
    assert_eq!(polled.status, WakeRegistrationStatus::Triggered);
    assert_eq!(since(&world, 1), ["run_left r2", "triggered w1 by 6"]);
}

#[test]
fn under_both_matchings_what_becomes_of_messages_wakes_before_the_next_step() {
    for matching in [WakeMatching::Live, WakeMatching::OnMessage] {
        let world = world(matching);
        suspend(&world, "w1", "r2", on(EventKind::RunMessageAccepted));
        suspend(&world, "w2", "r2", on(EventKind::RunMessageDelivered));
        suspend(&world, "w3", "r1", on(EventKind::RunMessageResponded));
        let sent = message("m1", "r1", to_run("r2"));
        done(world.pool.send(sent.clone()));
        let responded = agent_pool::pool::MessageStatus::Responded;
        done(
            world
                .pool
                .record_message_status(sent, responded, vec![run("r2")]),
        );
        assert_eq!(
            since(&world, 3),
            [
                "accepted m1 for r2",
                "triggered w1 by 8",
                "delivered m1 for r2",
                "triggered w2 by 10",
                "responded m1 for r2",
                "triggered w3 by 12"
            ]
        );
    }
}

#[test]
fn a_wake_that_has_ended_is_not_triggered_again() {
    let world = world(WakeMatching::Live);
    suspend(&world, "w1", "r1", on(AgentPoolRunLeft));
    done(world.pool.leave_run(&run("r2")));
    done(world.pool.leave_run(&run("r3")));
    let story = since(&world, 1);
    assert_eq!(story, ["run_left r2", "triggered w1 by 6", "run_left r3"]);
}

#[test]
fn handles_match_as_each_was_built() {
    let world = world(WakeMatching::Live);
    let on_message = world.builder().wake_matching(WakeMatching::OnMessage);
    let on_message = done(on_message.build());
    suspend(&world, "w1", "r1", on(AgentPoolRunLeft));
    done(on_message.leave_run(&run("r2")));
    assert_eq!(since(&world, 1), ["run_left r2"]);
    done(world.pool.leave_run(&run("r3")));
    assert_eq!(
        since(&world, 1),
        ["run_left r2", "run_left r3", "triggered w1 by 7"]
    );
}
