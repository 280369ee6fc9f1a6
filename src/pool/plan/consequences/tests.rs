use super::*;
use crate::pool::plan::fixture::{Pool, at, condition, message, on_message};
use crate::pool::plan::wakes::registration;
use crate::pool::plan::{cancel, join, leave, send};
use crate::record::fixture::id;
use crate::record::{CompiledEventFilter, EventKind, RunAddress, WakeCondition};

use EventKind::{
    AgentPoolRunJoined as Joined, AgentPoolRunLeft as Left, RunMessageAccepted as Accepted,
    RunMessageDelivered as Delivered, WakeConditionCancelled as Cancelled,
    WakeConditionRegistered as Registered,
};

/// A pool where these wakes wait: the id, the run, and the kind of event.
fn pool_with(wakes: &[(&str, &str, EventKind)]) -> Pool {
    let mut pool = Pool::of_three();
    for (condition_id, run_id, kind) in wakes {
        pool.suspends(condition(condition_id, run_id, *kind), 0);
    }
    pool
}

/// A message of `r1` to `r2`: accepted and delivered.
fn sending(pool: &Pool) -> Vec<Transition> {
    let message = Arc::new(message(RunAddress::run(id("r2"))));
    send(&pool.state, at(0), &message).unwrap()
}

/// What becomes of the wakes that a transition ends.
fn ends(
    pool: &mut Pool,
    context: PlanContext,
    claimed: &[&str],
    transition: Transition,
) -> Vec<String> {
    let claimed = claimed.iter().map(|text| id(text)).collect();
    let happened = pool.happens(transition);
    let due = consequences(&pool.state, context, &claimed, &happened);
    pool.ends(context, &due)
}

/// How a new wake ends, if it does, whose registration is event 5 of the pool; and how if its run leaves before that.
fn end_of_new(context: PlanContext, condition: WakeCondition) -> [Vec<String>; 2] {
    let mut pool = Pool::of_three();
    let filter = Arc::new(CompiledEventFilter::compile(condition.filter.clone()));
    let happened = pool.happens(registration(
        &pool.state,
        context,
        &Arc::new(condition),
        &filter,
    ));
    let claimed = ClaimedWakes::default();
    let mut due = consequences(&pool.state, context, &claimed, &happened);
    // It may be among those that its own registration triggers.
    due.truncate(1);
    let end = pool.ends(context, &due);
    pool.leaves("r2");
    [end, pool.ends(context, &due)]
}

#[test]
fn an_event_triggers_the_wakes_that_wait_for_it_in_the_order_of_their_ids() {
    let mut pool = pool_with(&[
        ("w2", "r2", Accepted),
        ("w3", "r3", Delivered),
        ("w1", "r3", Accepted),
    ]);
    let transitions = sending(&pool);
    let claimed = ClaimedWakes::default();
    assert_eq!(foreseen(&pool.state, at(0), &claimed, &transitions), 3);
    let [accepted, delivered] = transitions.try_into().ok().unwrap();
    assert_eq!(
        ends(&mut pool, at(0), &[], accepted),
        [
            "triggered w1 of ag3 by event.agent_pool.pool.x.8",
            "triggered w2 of ag2 by event.agent_pool.pool.x.8",
        ]
    );
    assert_eq!(
        ends(&mut pool, at(0), &[], delivered),
        ["triggered w3 of ag3 by event.agent_pool.pool.x.9"]
    );
}

#[test]
fn wakes_that_are_claimed_or_have_ended_or_whose_runs_are_away_are_passed_over() {
    let waiting = [
        ("w1", "r2", Accepted),
        ("w2", "r2", Accepted),
        ("w3", "r3", Accepted),
        ("w4", "r2", Accepted),
    ];
    let mut pool = pool_with(&waiting);
    pool.carry(cancel(&pool.state, &id("w4")).unwrap());
    pool.leaves("r3");
    let accepted = sending(&pool).swap_remove(0);
    assert_eq!(
        ends(&mut pool, at(0), &["w1"], accepted),
        ["triggered w2 of ag2 by event.agent_pool.pool.x.11"]
    );
}

#[test]
fn the_event_must_pass_the_whole_filter() {
    let mut pool = Pool::of_three();
    let [run, agent] = [Some("r1"), Some("ag2")];
    for (condition_id, run_id, agent_id) in [
        ("w1", run, None),
        ("w2", None, agent),
        // The wake is filed by one of the two.
        ("w3", run, agent),
    ] {
        let mut condition = condition(condition_id, "r3", Accepted);
        let filter = &mut condition.filter;
        if let Some(run_id) = run_id {
            filter.run_ids = [id(run_id)].into_iter().collect();
        }
        if let Some(agent_id) = agent_id {
            filter.agent_ids = [id(agent_id)].into_iter().collect();
        }
        pool.suspends(condition, 0);
    }
    let accepted = sending(&pool).swap_remove(0);
    assert_eq!(
        ends(&mut pool, at(0), &[], accepted),
        ["triggered w1 of ag3 by event.agent_pool.pool.x.8"]
    );
}

#[test]
fn under_the_references_matching_only_messages_trigger_wakes() {
    type Plan = fn(&Pool) -> Vec<Transition>;
    let messages: Plan = sending;
    let leaves: Plan = |pool| leave(&pool.state, &id("r1")).unwrap();
    let cancels: Plan = |pool| cancel(&pool.state, &id("w3")).unwrap();
    for (kind, plan, is_message) in [
        (Accepted, messages, true),
        (Left, leaves, false),
        (Cancelled, cancels, false),
    ] {
        for (context, triggers) in [(at(0), true), (on_message(0), is_message)] {
            let mut pool = pool_with(&[("w2", "r2", kind), ("w3", "r3", Registered)]);
            let transition = plan(&pool).swap_remove(0);
            let ends = ends(&mut pool, context, &[], transition);
            let expected = ["triggered w2 of ag2 by event.agent_pool.pool.x.7"];
            assert_eq!(ends, expected[..usize::from(triggers)], "{kind}");
        }
    }
}

#[test]
fn a_run_is_not_woken_by_its_own_leaving_but_by_its_own_return() {
    let mut pool = pool_with(&[("w1", "r2", Left), ("w2", "r2", Joined)]);
    let member = Arc::clone(pool.state.member(&id("r2")).unwrap());
    let left = leave(&pool.state, &member.run_id).unwrap().swap_remove(0);
    assert!(ends(&mut pool, at(0), &[], left).is_empty());
    let joined = join(&pool.state, &member).swap_remove(0);
    assert_eq!(
        ends(&mut pool, at(0), &[], joined),
        ["triggered w2 of ag2 by event.agent_pool.pool.x.8"]
    );
}

#[test]
fn what_is_foreseen_of_some_transitions_is_how_many_wakes_they_trigger() {
    for (claimed, context, expected) in [
        (&[][..], at(0), [0, 2, 3, 1]),
        (&["w3"], at(0), [0, 2, 2, 1]),
        (&["w1", "w2"], at(0), [0, 0, 1, 1]),
        (&[], on_message(0), [0, 2, 3, 0]),
    ] {
        let mut pool = pool_with(&[
            ("w1", "r2", Accepted),
            ("w2", "r1", Accepted),
            ("w3", "r2", Delivered),
            ("w4", "r2", Left),
            ("w5", "r3", Accepted),
        ]);
        pool.leaves("r3");
        let claimed: Vec<WakeConditionId> = claimed.iter().map(|text| id(text)).collect();
        let claimed: ClaimedWakes = claimed.into_iter().collect();
        let sends = sending(&pool);
        let leaves = leave(&pool.state, &id("r1")).unwrap();
        let transitions = [&[][..], &sends[..1], &sends, &leaves];
        let foreseen =
            transitions.map(|transitions| foreseen(&pool.state, context, &claimed, transitions));
        assert_eq!(foreseen, expected);
    }
}

#[test]
fn a_new_wake_ends_at_once_by_its_time_or_by_its_registration() {
    let for_own = || condition("w2", "r2", Registered);
    let for_other = || condition("w2", "r2", Accepted);
    let by_own = &["triggered w2 of ag2 by event.agent_pool.pool.x.5"][..];
    let timed_out = &["timed_out w2 of ag2"][..];
    let nothing = &[][..];
    for context in [at(0), on_message(0)] {
        for (condition, expected, if_it_leaves) in [
            (for_other(), nothing, nothing),
            (for_own(), by_own, nothing),
            (for_own().timeout_millis(1), by_own, nothing),
            (for_own().timeout_millis(0), timed_out, timed_out),
            (for_other().timeout_millis(0), timed_out, timed_out),
        ] {
            let ends = end_of_new(context, condition);
            assert_eq!(ends, [expected, if_it_leaves]);
        }
    }
}

#[test]
fn what_is_due_is_passed_over_if_meanwhile_the_wake_ended_or_its_run_left() {
    let found: Option<EventId> = Some(id("e7"));
    for (timeout_millis, matched_event_id, now, expected) in [
        (None, &found, 10, &["triggered w2 of ag2 by e7"][..]),
        // A wake past its deadline times out, even if an event for it comes after that.
        (Some(10), &found, 10, &["timed_out w2 of ag2"]),
        (Some(10), &found, 9, &["triggered w2 of ag2 by e7"]),
        (Some(10), &None, 10, &["timed_out w2 of ag2"]),
    ] {
        let mut pool = Pool::of_three();
        let mut condition = condition("w2", "r2", Accepted);
        condition.timeout_millis = timeout_millis;
        pool.suspends(condition, 0);
        let due = [DueWake {
            condition_id: id("w2"),
            matched_event_id: matched_event_id.clone(),
        }];
        assert_eq!(pool.ends(at(now), &due), expected);
        pool.leaves("r2");
        let expected_away: &[&str] = match matched_event_id {
            Some(_) => &[],
            None => expected,
        };
        assert_eq!(pool.ends(at(now), &due), expected_away, "it left");
        pool.carry(cancel(&pool.state, &id("w2")).unwrap());
        assert!(pool.ends(at(now), &due).is_empty(), "it was cancelled");
    }
}
