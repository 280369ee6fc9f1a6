use super::*;
use crate::domain::ClockReading;
use crate::pool::plan::fixture::{Pool, at, condition, first_half, outcome, told};
use crate::record::fixture::id;
use crate::record::{EventFilter, EventFilterSet, EventKind};

type Outcome = Result<Vec<String>, ErrorCode>;

const NOTHING: Outcome = Ok(Vec::new());

fn ask() -> Outcome {
    Ok(vec!["ask".to_owned()])
}

fn one(told: &str) -> Outcome {
    Ok(vec![told.to_owned()])
}

/// The condition `w2` of `r2`.
fn waiting(timeout_millis: Option<u64>) -> WakeCondition {
    let mut condition = condition("w2", "r2", EventKind::RunMessageAccepted);
    condition.timeout_millis = timeout_millis;
    condition
}

/// A pool where `r2` has waited since 100 under `w2`.
fn pool_with(timeout_millis: Option<u64>) -> Pool {
    let mut pool = Pool::of_three();
    pool.suspends(waiting(timeout_millis), 100);
    pool
}

/// The pools where that wake has ended, each in its way.
fn pools_with_ended() -> [Pool; 3] {
    let mut pools = [0; 3].map(|_| pool_with(Some(50)));
    let triggered = poll_after(&pools[0].state, &id("w2"), Some(id("e7")));
    pools[0].carry(triggered);
    let cancelled = cancel(&pools[1].state, &id("w2")).unwrap();
    pools[1].carry(cancelled);
    let Ok(Next::Carry(timed_out)) = poll(&pools[2].state, at(150), &id("w2")) else {
        panic!("its time is over");
    };
    pools[2].carry(timed_out);
    pools
}

fn suspended(pool: &Pool, now: u64, condition: &WakeCondition) -> Outcome {
    let condition = Arc::new(condition.clone());
    let unasked = IdSet::default();
    first_half(suspend(
        &pool.state,
        at(now),
        &unasked,
        &condition.run_id,
        &condition,
    ))
}

fn polled(pool: &Pool, now: u64) -> Outcome {
    first_half(poll(&pool.state, at(now), &id("w2")))
}

fn cancelled(pool: &Pool) -> Outcome {
    outcome(cancel(&pool.state, &id("w2")))
}

#[test]
fn a_new_wake_asks_the_bus_under_the_filter_that_the_pool_lets_through() {
    let pool = Pool::of_three();
    let mut condition = waiting(None);
    condition.filter.run_ids = EventFilterSet::Include(vec![id("r9"), id("r1")]);
    let condition = Arc::new(condition);
    let unasked = IdSet::default();
    let next = suspend(&pool.state, at(0), &unasked, &id("r2"), &condition);
    let Ok(Next::Register(_, filter, _)) = next else {
        panic!("the bus may hold the event");
    };
    let mut scoped = EventFilter::run(id("r1"));
    scoped.kinds = condition.filter.kinds.clone();
    assert_eq!(*filter.criteria(), scoped);
}

#[test]
fn only_a_member_is_suspended_and_only_under_a_condition_of_its_own() {
    let mut pool = Pool::of_three();
    let condition = Arc::new(waiting(None));
    let unasked = IdSet::default();
    let other = suspend(&pool.state, at(0), &unasked, &id("r1"), &condition);
    assert_eq!(first_half(other), Err(ErrorCode::WakeRunMismatch));
    pool.leaves("r2");
    assert_eq!(suspended(&pool, 0, &condition), Err(ErrorCode::NotAMember));
}

#[test]
fn a_wake_is_registered_with_the_time_at_which_its_timeout_falls_due() {
    let pool = Pool::of_three();
    let logical = ClockReading::Logical;
    let unix = ClockReading::UnixMillis;
    for (timeout_millis, clock, deadline_millis) in [
        (None, unix(100), None),
        (Some(50), unix(100), Some(150)),
        (Some(u64::MAX), unix(100), Some(u64::MAX)),
        // Due at once, whatever the time.
        (Some(0), unix(100), None),
        (Some(50), logical, None),
    ] {
        let mut context = at(0);
        context.clock = clock;
        let condition = Arc::new(waiting(timeout_millis));
        let filter = Arc::new(CompiledEventFilter::compile(EventFilter::run(id("r1"))));
        let planned = registration(&pool.state, context, &condition, &filter);
        assert_eq!(told(&planned), "registered w2 of ag2");
        let Transition::Wake(registered) = &planned else {
            panic!("a wake is registered");
        };
        let wake = &registered.wake;
        assert_eq!(wake.deadline_millis, deadline_millis, "{timeout_millis:?}");
        assert_eq!(wake.compiled_filter, filter);
        assert_eq!(wake.condition, condition);
    }
}

#[test]
fn a_known_wake_is_not_registered_again_and_times_out_if_it_is_overdue() {
    for (timeout_millis, now, expected) in [
        (None, u64::MAX, NOTHING),
        (Some(50), 149, NOTHING),
        (Some(50), 150, one("timed_out w2 of ag2")),
        (Some(0), 100, one("timed_out w2 of ag2")),
    ] {
        let mut pool = pool_with(timeout_millis);
        let condition = waiting(timeout_millis);
        assert_eq!(suspended(&pool, now, &condition), expected);
        pool.leaves("r2");
        assert_eq!(suspended(&pool, now, &condition), expected, "it left");
    }
    for pool in pools_with_ended() {
        assert_eq!(suspended(&pool, 150, &waiting(Some(50))), NOTHING);
    }
}

#[test]
fn a_wake_asks_the_bus_once_it_is_registered_unless_it_has_no_time_and_again_until_the_bus_answered()
 {
    let pool = Pool::of_three();
    let registers = |timeout_millis| suspended(&pool, 0, &waiting(timeout_millis)).unwrap();
    assert_eq!(registers(None), ["registered w2 of ag2", "ask"]);
    assert_eq!(registers(Some(1)), ["registered w2 of ag2", "ask"]);
    assert_eq!(registers(Some(0)), ["registered w2 of ag2"]);
    let pool = pool_with(None);
    for (unasked, expected) in [(vec!["w2"], ask()), (vec!["w1"], NOTHING)] {
        let unasked = unasked.into_iter().map(id).collect();
        let condition = Arc::new(waiting(None));
        let again = suspend(&pool.state, at(0), &unasked, &id("r2"), &condition);
        assert_eq!(first_half(again), expected);
    }
}

#[test]
fn a_key_and_an_id_mean_one_condition_d4() {
    let other = |change: fn(&mut WakeCondition)| {
        let mut condition = waiting(Some(50));
        change(&mut condition);
        condition
    };
    let conflicts = [
        (
            "timeout",
            other(|condition| condition.timeout_millis = None),
        ),
        (
            "filter",
            other(|condition| condition.filter = EventFilter::default()),
        ),
        ("run", other(|condition| condition.run_id = id("r1"))),
        ("id", other(|condition| condition.condition_id = id("w3"))),
        (
            "key",
            other(|condition| condition.idempotency_key = id("k.w3")),
        ),
    ];
    let pools = pools_with_ended().into_iter().chain([pool_with(Some(50))]);
    for pool in pools {
        for (changed, condition) in &conflicts {
            let expected = Err(ErrorCode::IdempotencyConflict);
            assert_eq!(suspended(&pool, 0, condition), expected, "{changed}");
        }
    }
}

#[test]
fn a_poll_asks_the_bus_while_the_wake_waits_and_its_run_is_there() {
    let mut pool = pool_with(Some(50));
    assert_eq!(polled(&pool, 149), ask());
    assert_eq!(polled(&pool, 150), one("timed_out w2 of ag2"));
    pool.leaves("r2");
    assert_eq!(polled(&pool, 149), NOTHING);
    // In the name of the agent that the run had last (DESIGN D3).
    assert_eq!(polled(&pool, 150), one("timed_out w2 of ag2"));
    let unknown = poll(&pool.state, at(0), &id("w9"));
    assert_eq!(first_half(unknown), Err(ErrorCode::WakeNotRegistered));
}

#[test]
fn what_a_poll_finds_triggers_the_wake() {
    let pool = pool_with(None);
    for (found, expected) in [
        (None, NOTHING),
        (Some(id("e7")), one("triggered w2 of ag2 by e7")),
    ] {
        let planned = poll_after(&pool.state, &id("w2"), found);
        assert_eq!(outcome(Ok(planned)), expected);
    }
}

#[test]
fn a_wake_is_cancelled_even_if_its_run_left() {
    let mut pool = pool_with(None);
    assert_eq!(cancelled(&pool), one("cancelled w2 of ag2"));
    pool.leaves("r2");
    assert_eq!(cancelled(&pool), one("cancelled w2 of ag2"));
    let unknown = cancel(&pool.state, &id("w9"));
    assert_eq!(outcome(unknown), Err(ErrorCode::WakeNotRegistered));
}

#[test]
fn a_wake_that_ended_stays_as_it_is() {
    for mut pool in pools_with_ended() {
        for _ in 0..2 {
            assert_eq!(polled(&pool, 0), NOTHING);
            assert_eq!(polled(&pool, 150), NOTHING);
            assert_eq!(cancelled(&pool), NOTHING);
            if pool.state.member(&id("r2")).is_some() {
                pool.leaves("r2");
            }
        }
    }
}
