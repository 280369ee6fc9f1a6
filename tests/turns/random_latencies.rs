//! Random operations, over ports with random latencies and failures, have the same outcome as one after the other.

use std::rc::Rc;

use agent_pool::{
    domain::AgentError,
    pool::{AgentPool, WakeMatching},
    record::EventKind,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::host::*;
use crate::told_alike::*;

const SENDERS: [&str; 3] = ["r1", "r2", "r3"];

/// How the ports of the handles answer in a script.
#[derive(Clone, Debug)]
struct Weather {
    matching: WakeMatching,
    /// Whether the second handle has a journal of its own.
    journals_apart: bool,
    /// Whether the second handle has a bus of its own. If so, each handle finds only what was published on its own bus.
    buses_apart: bool,
    /// Which journals take batches.
    batching: [bool; 2],
    journals: [Vec<Reply>; 2],
    buses: [Vec<Reply>; 2],
    /// The order in which the tasks that can go on do so.
    seed: u64,
}

fn weather(failing: bool) -> impl Strategy<Value = Weather> {
    let matching = prop::sample::select(vec![WakeMatching::Live, WakeMatching::OnMessage]);
    let two = |count, failing| {
        let one = move || replies(count, failing);
        (one(), one()).prop_map(|(first, second)| [first, second])
    };
    (
        matching,
        any::<([bool; 2], [bool; 2], u64)>(),
        two(100, failing),
        two(60, failing),
    )
        .prop_map(
            move |(matching, (apart, batching, seed), journals, buses)| Weather {
                matching,
                journals_apart: apart[0],
                buses_apart: failing && apart[1],
                batching,
                journals,
                buses,
                seed,
            },
        )
}

/// A world of two handles.
struct Scene {
    world: World,
    tasks: Tasks,
    handles: [AgentPool; 2],
    ports: [Ports; 2],
}

impl Scene {
    fn of(weather: &Weather) -> Self {
        let tasks = Tasks::default();
        let world = World::of(WorldPlan {
            matching: weather.matching,
            executor: Some(tasks.clone()),
            ..WorldPlan::default()
        });
        let first = (Rc::clone(&world.journal), Rc::clone(&world.bus));
        let mut second = first.clone();
        if weather.journals_apart {
            second.0 = Rc::new(world.journal.beside("other"));
        }
        if weather.buses_apart {
            second.1 = Rc::default();
        }
        let other = done(world.builder_over(&second.0, &second.1).build());
        let ports = [first, second];
        watch_for_early_frames(&ports);
        Self {
            handles: [world.pool.clone(), other],
            world,
            tasks,
            ports,
        }
    }

    fn in_weather(weather: &Weather) -> Self {
        let scene = Self::of(weather);
        scene.take_weather(weather);
        scene
    }

    fn take_weather(&self, weather: &Weather) {
        let ports = self.ports.iter().zip(&weather.batching);
        let replies = weather.journals.iter().zip(&weather.buses);
        for (((journal, bus), batching), (of_journal, of_bus)) in ports.zip(replies) {
            journal.batching.set(*batching);
            journal.replies.are(of_journal.iter().cloned());
            bus.replies.are(of_bus.iter().cloned());
        }
    }

    /// Makes the calls one after the other. Before each, the calls so far take some steps.
    fn call_all(&self, calls: &[(Call, usize)], seed: u64) -> Vec<Result<Value, AgentError>> {
        let mut choose = choices(seed);
        let mut outcomes = Vec::new();
        for (call, handle) in calls {
            let (call, pool) = (call.clone(), self.handles[*handle].clone());
            outcomes.push(self.tasks.call(async move { call.make(&pool).await }));
            for _ in 0..choose(4) {
                self.tasks.step_choosing(&mut choose);
            }
        }
        self.tasks.run_choosing(&mut choose);
        outcomes.iter().map(Outcome::take).collect()
    }

    /// Has the ports work again, and all events published.
    fn flush(&self) {
        for (journal, bus) in &self.ports {
            journal.replies.are([]);
            bus.replies.are([]);
        }
        for pool in self.handles.clone() {
            let flushed = self.tasks.call(async move {
                // The first `flush` reports what failed meanwhile.
                let _ = pool.flush().await;
                pool.flush().await
            });
            self.tasks.run();
            flushed.take().expect("the bus takes everything");
        }
    }

    fn assert_told_alike(&self) {
        assert_told_alike(&self.world, &self.ports);
    }

    fn stories(&self) -> [Vec<String>; 3] {
        SENDERS.map(|run_id| story_of_sender(&self.ports, run_id))
    }
}

/// An answer without what depends on who was faster, or the code of the error.
fn told(answer: Result<Value, AgentError>) -> Result<Value, &'static str> {
    answer
        .map(without_journal_cursors)
        .map_err(|error| error.code.as_str())
}

fn one_after_the_other(
    matching: WakeMatching,
    calls: &[(Call, usize)],
) -> (Scene, Vec<Result<Value, &'static str>>) {
    let scene = Scene::of(&Weather {
        matching,
        journals_apart: false,
        buses_apart: false,
        batching: [false; 2],
        journals: Default::default(),
        buses: Default::default(),
        seed: 0,
    });
    let answers = calls.iter().map(|(call, handle)| {
        let pool = &scene.handles[*handle];
        told(now(call.clone().make(pool)))
    });
    let answers = answers.collect();
    (scene, answers)
}

fn on_two_handles(calls: Vec<Call>, handles: Vec<usize>) -> Vec<(Call, usize)> {
    calls.into_iter().zip(handles).collect()
}

fn handles() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..2_usize, 64)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn operations_on_two_handles_end_as_one_after_the_other_however_long_journal_and_bus_take(
        script in scripts(30, true), handles in handles(), weather in weather(false),
    ) {
        let calls = on_two_handles(script, handles);
        let (expected, answers) = one_after_the_other(weather.matching, &calls);
        let scene = Scene::in_weather(&weather);
        let overlapping = scene.call_all(&calls, weather.seed);
        for ((call, answer), expected) in calls.iter().zip(overlapping).zip(answers) {
            prop_assert_eq!(told(answer), expected, "{:?}", call);
        }
        scene.flush();
        scene.assert_told_alike();
        prop_assert_eq!(scene.stories(), expected.stories());
        let known = |scene: &Scene| without_journal_cursors(json!(scene.world.snapshot()));
        prop_assert_eq!(known(&scene), known(&expected));
        for (journal, _) in scene.ports.iter().filter(|_| weather.journals_apart) {
            let numbers = journal.records().iter().map(|record| record.journal_seq).max();
            prop_assert_eq!(numbers.unwrap_or_default(), journal.len() as u64, "no number is unused");
        }
    }

    #[test]
    fn whatever_fails_nobody_is_held_up_and_everything_is_told_alike(
        script in scripts(30, true), handles in handles(), weather in weather(true),
    ) {
        let calls = on_two_handles(script, handles);
        let scene = Scene::in_weather(&weather);
        scene.call_all(&calls, weather.seed);
        scene.flush();
        scene.assert_told_alike();
        let snapshot = scene.world.snapshot();
        prop_assert_eq!(scene.world.restarted().snapshot(), snapshot);
    }

    #[test]
    fn what_one_run_sends_is_journaled_in_the_order_of_the_calls_and_as_it_was_answered(
        senders in prop::collection::vec(0..SENDERS.len(), 1..40),
        woken in any::<bool>(), handles in handles(), weather in weather(true),
    ) {
        let (scene, calls) = sends(&senders, woken, handles, &weather);
        let answers = scene.call_all(&calls, weather.seed);
        scene.flush();
        scene.assert_told_alike();
        for (sender, run_id) in SENDERS.iter().enumerate() {
            let story = story_of_sender(&scene.ports, run_id);
            let mut expected = story.iter().peekable();
            for (number, _) in senders.iter().enumerate().filter(|(_, other)| **other == sender) {
                let accepted = format!("accepted m{number} for r1");
                let was_accepted = expected.next_if_eq(&&accepted).is_some();
                let delivered = format!("delivered m{number} for r1");
                let was_delivered = was_accepted && expected.next_if_eq(&&delivered).is_some();
                prop_assert_eq!(answers[number].is_ok(), was_delivered, "m{}", number);
            }
            prop_assert_eq!(expected.next(), None, "in the order of the calls: {:?}", story);
        }
    }

    #[test]
    fn operations_that_are_given_up_at_random_leave_the_rest_sound(
        script in scripts(30, true), handles in handles(), weather in weather(true),
        given_up in prop::collection::vec(prop::option::weighted(0.3, 0..6_u32), 64),
    ) {
        let scene = Scene::in_weather(&weather);
        let mut choose = choices(weather.seed);
        let mut going = Vec::new();
        for ((call, handle), given_up) in on_two_handles(script, handles).into_iter().zip(given_up) {
            let pool = scene.handles[handle].clone();
            let outcome = scene.tasks.call(async move { call.make(&pool).await });
            going.push((outcome, given_up));
            scene.tasks.step_choosing(&mut choose);
            // Some callers have waited long enough, and give up.
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
        scene.tasks.run_choosing(&mut choose);
        let patient = going.iter().filter(|(_, patience)| patience.is_none());
        for (outcome, _) in patient {
            prop_assert!(outcome.is_there(), "nobody is held up");
        }
        scene.flush();
        scene.assert_told_alike();
        let snapshot = scene.world.snapshot();
        prop_assert_eq!(scene.world.restarted().snapshot(), snapshot);
    }
}

/// Different messages for every call, to `r1`. If it is to be `woken`, `r1` waits for some of them.
fn sends(
    senders: &[usize],
    woken: bool,
    handles: Vec<usize>,
    weather: &Weather,
) -> (Scene, Vec<(Call, usize)>) {
    let quiet = Weather {
        batching: [false; 2],
        journals: Default::default(),
        buses: Default::default(),
        ..weather.clone()
    };
    let scene = Scene::of(&quiet);
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2"), ("r3", "ag3")] {
        done(scene.world.pool.join_run(member(run_id, agent_id)));
    }
    for sender in SENDERS.iter().filter(|_| woken) {
        let filter = on_run(EventKind::RunMessageAccepted, sender);
        let waiting = wake(&format!("w.{sender}"), "r1", filter);
        done(scene.world.pool.suspend_until(run("r1"), waiting));
    }
    scene.take_weather(weather);
    let calls = senders.iter().enumerate().map(|(number, sender)| {
        Call::Send(message(
            &format!("m{number}"),
            SENDERS[*sender],
            to_run("r1"),
        ))
    });
    let calls = on_two_handles(calls.collect(), handles);
    (scene, calls)
}
