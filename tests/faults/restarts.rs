//! The state is a fold over the store's records: a pool that is rebuilt from them goes on as if it had never stopped.

use std::rc::Rc;

use agent_pool::{
    domain::{AgentError, ErrorCode, PolicyRef},
    pool::{AgentPoolStoreCursor, SharedStore, WakeMatching},
    port::AgentPoolStore,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::host::*;

/// An answer without its cursor in the journal, or the code of the error.
fn told(answer: Result<Value, AgentError>) -> Result<Value, &'static str> {
    answer.map_err(|error| error.code.as_str())
}

fn world(matching: WakeMatching) -> World {
    World::of(WorldPlan {
        matching,
        ..WorldPlan::default()
    })
}

fn matching() -> impl Strategy<Value = WakeMatching> {
    prop::sample::select(vec![WakeMatching::Live, WakeMatching::OnMessage])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_pool_that_is_rebuilt_now_and_then_does_what_one_that_never_stopped_does(
        script in scripts(40, true),
        stops in prop::collection::vec(prop::bool::weighted(0.2), 64),
        matching in matching(),
    ) {
        let lasting = world(matching);
        let mut stopping = world(matching);
        for (call, stops) in script.into_iter().zip(stops) {
            let expected = told(now(call.clone().make(&lasting.pool)));
            if stops {
                let snapshot = stopping.snapshot();
                stopping = stopping.restarted();
                prop_assert_eq!(stopping.snapshot(), snapshot);
            }
            prop_assert_eq!(told(now(call.make(&stopping.pool))), expected);
        }
        // Every handle numbers its records from 1 (REFERENCE 40); all else is the same.
        prop_assert_eq!(stopping.journal.story(), lasting.journal.story());
        prop_assert_eq!(stopping.bus.taken(), lasting.bus.taken());
        prop_assert_eq!(stopping.history(), lasting.history());
        prop_assert_eq!(stopping.snapshot(), lasting.snapshot());
    }

    #[test]
    fn a_watcher_may_go_on_from_any_record_of_the_history(
        script in scripts(20, true),
        after in 0..80_u64,
    ) {
        let world = world(WakeMatching::Live);
        for call in script {
            let _ = now(call.make(&world.pool));
        }
        let history = world.history();
        let rest = done(world.pool.watch_pool(Some(AgentPoolStoreCursor::new(after))));
        let after = usize::try_from(after).expect("a small number").min(history.len());
        prop_assert_eq!(&rest[..], &history[after..]);
        prop_assert_eq!(done(world.pool.watch_pool(None)), history);
    }
}

#[test]
fn a_pool_rebuilt_under_another_configuration_is_refused() {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    let world = world.restarted();
    let policy = PolicyRef::permission("p1").expect("a valid id");
    let error = error_of(world.builder().policy_ref(policy).build());
    assert_eq!(error.code.as_str(), "store_config_conflict");
    // The attempt has not changed the pool's configuration.
    assert_eq!(done(done(world.builder().build()).members()).len(), 1);
}

#[test]
fn a_restarted_pool_under_another_configuration_is_not_built() {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    let reopened = SharedStore::new(Rc::clone(&world.log) as Rc<dyn AgentPoolStore>);
    let builder = || world.builder().store(reopened.clone());
    let policy = PolicyRef::permission("p1").expect("a valid id");
    let refusal = refused(builder().policy_ref(policy).build());
    assert_eq!(refusal, ErrorCode::StoreConfigConflict);
    // It is there for those who know how it is configured.
    assert_eq!(done(done(builder().build()).members()).len(), 1);
}

#[test]
fn a_watch_of_a_pool_that_nobody_opened_is_empty() {
    let world = World::new();
    let records = done(world.store.records_after(&id("pool.nobody"), None));
    assert!(records.is_empty());
}
