use super::*;
use crate::pool::plan::fixture::{Pool, member, outcome};
use crate::record::AgentPoolStoreConfig;
use crate::record::fixture::id;

fn joined(pool: &Pool, run_id: &str, agent_id: &str, topics: &[&str]) -> Vec<String> {
    let planned = join(
        &pool.state,
        &Arc::new(member(run_id, agent_id, topics, &[])),
    );
    outcome(Ok(planned)).unwrap()
}

#[test]
fn the_first_who_joins_creates_the_pool_and_nobody_else_does() {
    let mut pool = Pool::new(AgentPoolStoreConfig::default());
    let first = [
        "created r2 of ag2: [] on []",
        "run_joined r2 of ag2: [r2] on [t1]",
    ];
    assert_eq!(joined(&pool, "r2", "ag2", &["t1"]), first);
    pool.joins(member("r2", "ag2", &["t1"], &[]));
    let again = &first[1..];
    assert_eq!(joined(&pool, "r2", "ag2", &["t1"]), again);
    pool.leaves("r2");
    assert_eq!(
        joined(&pool, "r2", "ag2", &["t1"]),
        again,
        "it is created once"
    );
}

#[test]
fn who_joins_takes_its_place_among_the_members_with_what_it_brings_now() {
    let pool = Pool::of_three();
    for (run_id, agent_id, topics, expected) in [
        ("r0", "ag1", &["t0"][..], "[r0 r1 r2 r3] on [t0 t1 t3]"),
        ("r25", "ag1", &[], "[r1 r2 r25 r3] on [t1 t3]"),
        (
            "r4",
            "ag1",
            &["t2", "t1", "t2"],
            "[r1 r2 r3 r4] on [t1 t2 t3]",
        ),
        // Again, with another agent and other topics (DESIGN D9).
        ("r3", "ag1", &["t0"], "[r1 r2 r3] on [t0 t1]"),
    ] {
        let expected = format!("run_joined {run_id} of {agent_id}: {expected}");
        assert_eq!(joined(&pool, run_id, agent_id, topics), [expected]);
    }
}

#[test]
fn who_leaves_takes_along_the_topics_to_which_nobody_else_listens() {
    let mut pool = Pool::of_three();
    for (run_id, expected) in [
        ("r2", "run_left r2 of ag2: [r1 r3] on [t1 t3]"),
        ("r3", "run_left r3 of ag3: [r1] on []"),
        ("r1", "run_left r1 of ag1: [] on []"),
    ] {
        let planned = leave(&pool.state, &id(run_id));
        assert_eq!(outcome(planned), Ok(vec![expected.to_owned()]));
        pool.leaves(run_id);
        let again = leave(&pool.state, &id(run_id));
        assert_eq!(outcome(again), Err(ErrorCode::NotAMember));
    }
}
