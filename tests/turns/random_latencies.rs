//! Random operations over ports of random latencies end as they would one after the other.

use agent_pool::{
    domain::AgentError,
    pool::{AgentPool, AgentPoolSnapshot, AgentPoolStoreRecord, WakeMatching},
    record::{EventFrame, JournalRecord},
};
use proptest::prelude::*;
use serde_json::Value;

use crate::host::*;

/// An answer, or the word for the error.
fn told(answer: Result<Value, AgentError>) -> Result<Value, &'static str> {
    answer.map_err(|error| error.code.as_str())
}

fn world(matching: WakeMatching, tasks: &Tasks) -> World {
    World::of(WorldPlan {
        matching,
        executor: Some(tasks.clone()),
        ..WorldPlan::default()
    })
}

/// The answer that has the same outcome at once.
fn at_once(reply: &Reply) -> Reply {
    match reply {
        Reply::Now | Reply::Later(_) | Reply::On(_) => Reply::Now,
        Reply::Rejected | Reply::RejectedLater(_) | Reply::RejectedOn(_) => Reply::Rejected,
    }
}

fn matching() -> impl Strategy<Value = WakeMatching> {
    prop::sample::select(vec![WakeMatching::Live, WakeMatching::OnMessage])
}

/// What a world answered, and what it holds in the end.
struct End {
    answers: Vec<Result<Value, &'static str>>,
    story: Vec<String>,
    holds: (
        Vec<JournalRecord>,
        Vec<EventFrame>,
        Vec<AgentPoolStoreRecord>,
    ),
    snapshot: AgentPoolSnapshot,
}

impl End {
    fn of(world: &World, answers: Vec<Result<Value, &'static str>>) -> Self {
        Self {
            answers,
            story: world.journal.story(),
            holds: (world.journal.records(), world.bus.taken(), world.history()),
            snapshot: world.snapshot(),
        }
    }

    fn same_as(&self, other: &Self) -> Result<(), TestCaseError> {
        prop_assert_eq!(&self.story, &other.story);
        prop_assert_eq!(&self.answers, &other.answers);
        prop_assert!(self.holds == other.holds, "the same story, told otherwise");
        prop_assert_eq!(&self.snapshot, &other.snapshot);
        Ok(())
    }
}

fn one_after_the_other(matching: WakeMatching, calls: &[(Call, usize)], journal: &[Reply]) -> End {
    let world = world(matching, &Tasks::default());
    let handles = [world.pool.clone(), world.handle()];
    world.journal.replies.are(journal.iter().map(at_once));
    let answers = calls
        .iter()
        .map(|(call, handle)| told(now(call.clone().make(&handles[*handle]))))
        .collect();
    End::of(&world, answers)
}

fn all_at_once(
    matching: WakeMatching,
    calls: &[(Call, usize)],
    journal: &[Reply],
    bus: &[Reply],
    seed: u64,
) -> End {
    let tasks = Tasks::default();
    let world = world(matching, &tasks);
    let handles = [world.pool.clone(), world.handle()];
    world.journal.replies.are(journal.iter().cloned());
    world.bus.replies.are(bus.iter().cloned());
    let mut choose = choices(seed);
    let mut outcomes = Vec::new();
    for (call, handle) in calls {
        let (call, pool): (Call, AgentPool) = (call.clone(), handles[*handle].clone());
        outcomes.push(tasks.call(async move { call.make(&pool).await }));
        for _ in 0..choose(4) {
            tasks.step_choosing(&mut choose);
        }
    }
    tasks.run_choosing(&mut choose);
    let answers = outcomes
        .iter()
        .map(|outcome| told(outcome.take()))
        .collect();
    End::of(&world, answers)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn operations_on_two_handles_end_as_one_after_the_other_however_long_journal_and_bus_take(
        script in scripts(25, true),
        handles in prop::collection::vec(0..2_usize, 64),
        matching in matching(),
        journal in replies(100, true),
        bus in replies(60, false),
        seed in any::<u64>(),
    ) {
        let calls: Vec<_> = script.into_iter().zip(handles).collect();
        let end = all_at_once(matching, &calls, &journal, &bus, seed);
        end.same_as(&one_after_the_other(matching, &calls, &journal))?;
    }

    #[test]
    fn operations_that_are_given_up_at_random_leave_the_rest_sound(
        script in scripts(25, true),
        given_up in prop::collection::vec(prop::option::weighted(0.3, 0..6_u32), 64),
        journal in replies(100, true),
        bus in replies(60, true),
        seed in any::<u64>(),
    ) {
        let tasks = Tasks::default();
        let world = world(WakeMatching::Live, &tasks);
        world.journal.replies.are(journal);
        world.bus.replies.are(bus);
        let mut choose = choices(seed);
        let mut going = Vec::new();
        for (call, given_up) in script.clone().into_iter().zip(given_up) {
            let pool = world.pool.clone();
            let outcome = tasks.call(async move { call.make(&pool).await });
            going.push((outcome, given_up));
            tasks.step_choosing(&mut choose);
            // Some have waited long enough.
            let mut still = Vec::new();
            for (outcome, patience) in going {
                match patience {
                    Some(0) => outcome.give_up(),
                    Some(steps) => still.push((outcome, Some(steps - 1))),
                    None => still.push((outcome, None)),
                }
            }
            going = still;
        }
        tasks.run_choosing(&mut choose);
        let patient = going.iter().filter(|(_, patience)| patience.is_none());
        for (outcome, _) in patient {
            prop_assert!(outcome.is_there(), "nobody is held up");
        }
        world.journal.replies.are([]);
        world.bus.replies.are([]);
        let pool = world.pool.clone();
        let flushed = tasks.call(async move {
            // What failed in the meantime is told once.
            let _ = pool.flush().await;
            pool.flush().await
        });
        tasks.run();
        flushed.take().expect("the bus works again");
        world.assert_sound();
        let snapshot = world.snapshot();
        prop_assert_eq!(world.restarted().snapshot(), snapshot);
    }
}
