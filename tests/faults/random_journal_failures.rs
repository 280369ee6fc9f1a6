//! Random operations while the journal fails at random.

use agent_pool::{
    domain::{AgentError, ErrorCode},
    pool::WakeMatching,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::host::*;

fn world(matching: WakeMatching) -> World {
    World::of(WorldPlan {
        matching,
        ..WorldPlan::default()
    })
}

/// An answer, or the code of the error.
fn told(answer: Result<Value, AgentError>) -> Result<Value, &'static str> {
    answer.map_err(|error| error.code.as_str())
}

/// The operations of a run without failures, and their answers.
fn undisturbed(
    matching: WakeMatching,
    script: &[Call],
) -> (World, Vec<Result<Value, &'static str>>) {
    let world = world(matching);
    let calls = script.iter().cloned();
    let answers = calls
        .map(|call| told(now(call.make(&world.pool))))
        .collect();
    (world, answers)
}

fn reply(failing: bool) -> Reply {
    if failing { Reply::Rejected } else { Reply::Now }
}

/// Makes every operation that the journal made fail again, until it succeeds.
fn retried_until_it_works(
    matching: WakeMatching,
    script: &[Call],
    failures: &[bool],
) -> Result<(), TestCaseError> {
    let (expected, answers) = undisturbed(matching, script);
    let world = world(matching);
    world
        .journal
        .replies
        .are(failures.iter().copied().map(reply));
    for (call, expected) in script.iter().zip(answers) {
        let answer = loop {
            match now(call.clone().make(&world.pool)) {
                Err(error) if error.code == ErrorCode::JournalRejected => {}
                answer => break told(answer),
            }
        };
        prop_assert_eq!(answer, expected, "{:?}", call);
    }
    prop_assert_eq!(world.journal.story(), expected.journal.story());
    prop_assert_eq!(world.journal.records(), expected.journal.records());
    prop_assert_eq!(world.bus.taken(), expected.bus.taken());
    prop_assert_eq!(world.history(), expected.history());
    prop_assert_eq!(world.snapshot(), expected.snapshot());
    world.assert_sound();
    Ok(())
}

fn failures() -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(prop::bool::weighted(0.3), 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_called_again_until_it_works_ends_as_if_nothing_had_failed(
        script in scripts(30, false), failures in failures(),
    ) {
        retried_until_it_works(WakeMatching::OnMessage, &script, &failures)?;
    }

    #[test]
    fn under_live_matching_it_does_as_well_wakes_of_wakes_included(
        script in scripts(30, true), failures in failures(),
    ) {
        retried_until_it_works(WakeMatching::Live, &script, &failures)?;
    }

    #[test]
    fn what_is_never_called_again_leaves_journal_bus_and_store_telling_the_same_story(
        script in scripts(30, true), failures in failures(),
    ) {
        let world = world(WakeMatching::Live);
        world.journal.replies.are(failures.iter().copied().map(reply));
        for call in script {
            let _ = now(call.make(&world.pool));
        }
        world.assert_sound();
        // And the state is what the records say.
        let snapshot = world.snapshot();
        prop_assert_eq!(world.restarted().snapshot(), snapshot);
    }
}
