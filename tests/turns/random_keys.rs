//! Few keys and ids, which many calls use at once. Some of the calls name only one of the two, and some are refused or
//! given up.

use std::collections::{BTreeMap, BTreeSet};

use agent_pool::{
    domain::AgentError,
    pool::{AgentPool, MessageStatus, RunMessage},
    record::{EventKind, JournalRecordPayload},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::host::*;

const SENDERS: [&str; 3] = ["r1", "r2", "r3"];
const NAMES: [&str; 2] = ["message_id", "idempotency_key"];

#[derive(Clone, Debug)]
struct Step {
    call: Call,
    /// The field that the call's message leaves out, if it has a message.
    left_out: Option<&'static str>,
    handle: usize,
    /// After how many steps the call is given up, if it still waits.
    patience: Option<u32>,
    bus_is_down: bool,
}

fn step() -> impl Strategy<Value = Step> {
    (
        any_call(),
        left_out(),
        0..2_usize,
        prop::option::weighted(0.2, 0..4_u32),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(call, left_out, handle, patience, bus_is_down)| Step {
            call,
            left_out,
            handle,
            patience,
            bus_is_down,
        })
}

/// Mostly a message with one of three ids and one of three keys; sometimes an operation that messages wait for.
fn any_call() -> impl Strategy<Value = Call> {
    let waiting = |run_id| on_run(EventKind::RunMessageAccepted, run_id);
    prop_oneof![
        7 => any_message().prop_map(Call::Send),
        2 => any_message().prop_map(|message| {
            Call::Status(message, MessageStatus::Responded, vec![run("r1")])
        }),
        1 => (0..3_usize).prop_map(move |number| {
            Call::Suspend(wake(&format!("w{number}"), "r1", waiting(SENDERS[number])))
        }),
        1 => Just(Call::Leave(run("r3"))),
        1 => Just(Call::Join(member("r3", "ag3"))),
        1 => Just(Call::Members),
    ]
}

fn any_message() -> impl Strategy<Value = RunMessage> {
    (0..3_u32, 0..3_u32, 0..SENDERS.len())
        .prop_map(|(id, key, sender)| named(id, key, SENDERS[sender]))
}

fn named(id: u32, key: u32, sender: &str) -> RunMessage {
    let mut message = message(&format!("m{id}"), sender, to_run("r1"));
    message.idempotency_key = key_of(&format!("m{key}"));
    message
}

fn left_out() -> impl Strategy<Value = Option<&'static str>> {
    prop::option::of(prop::sample::select(&NAMES[..]))
}

type Going = (Outcome<Result<Value, AgentError>>, Option<u32>);

/// Takes one step. Calls without patience are given up; returns the others.
fn go_on(going: Vec<Going>) -> Vec<Going> {
    let mut still = Vec::new();
    for (outcome, patience) in going {
        match patience {
            Some(0) => outcome.give_up(),
            patience => still.push((outcome, patience.map(|steps| steps - 1))),
        }
    }
    still
}

/// The message as the handle completes it if the caller leaves out a field.
fn without(
    left_out: &str,
    message: &RunMessage,
    pool: &AgentPool,
) -> Result<RunMessage, AgentError> {
    let mut fields = json!(message);
    let fields_left = fields.as_object_mut().expect("a message is an object");
    fields_left.remove(left_out).expect("it has that field");
    let draft = serde_json::from_value(fields).expect("a message may leave that out");
    pool.complete_message(draft)
}

fn call(
    tasks: &Tasks,
    pool: &AgentPool,
    call: Call,
    left_out: Option<&'static str>,
) -> Outcome<Result<Value, AgentError>> {
    let pool = pool.clone();
    tasks.call(async move {
        let call = match (call, left_out) {
            (Call::Send(message), Some(left_out)) => {
                Call::Send(without(left_out, &message, &pool)?)
            }
            (Call::Status(message, status, receivers), Some(left_out)) => {
                Call::Status(without(left_out, &message, &pool)?, status, receivers)
            }
            (call, _) => call,
        };
        call.make(&pool).await
    })
}

/// A pool with the senders as its members, and two handles.
fn world_of_senders() -> (World, Tasks, [AgentPool; 2]) {
    let (world, tasks) = World::driven();
    for (run_id, agent_id) in SENDERS.into_iter().zip(["ag1", "ag2", "ag3"]) {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    let handles = [world.pool.clone(), world.handle()];
    (world, tasks, handles)
}

/// What the journal has of each message, by id: the message, as each of its records has it, and its statuses in order.
fn recorded(world: &World) -> BTreeMap<String, (Vec<RunMessage>, Vec<MessageStatus>)> {
    let mut recorded = BTreeMap::<String, (Vec<RunMessage>, Vec<MessageStatus>)>::new();
    for record in world.journal.records() {
        if let JournalRecordPayload::RunMessage(written) = &record.payload {
            let id = written.message_id.as_str().to_owned();
            let (messages, statuses) = recorded.entry(id).or_default();
            messages.push(RunMessage::new(
                written.message_id.clone(),
                written.source_run_id.clone(),
                to_run("r1"),
                written.content_ref.clone(),
                written.idempotency_key.clone(),
            ));
            statuses.push(written.delivery_status);
        }
    }
    recorded
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_key_is_used_for_two_messages_and_none_is_delivered_twice(
        steps in prop::collection::vec(step(), 1..24),
        batching in any::<bool>(), journal in replies(40, true), bus in replies(40, false), seed in any::<u64>(),
    ) {
        let (world, tasks, handles) = world_of_senders();
        world.journal.batching.set(batching);
        world.journal.replies.are(journal);
        world.bus.replies.are(bus);
        let mut choose = choices(seed);
        let mut going = Vec::new();
        for step in steps {
            world.bus.down.set(step.bus_is_down);
            let outcome = call(&tasks, &handles[step.handle], step.call, step.left_out);
            going.push((outcome, step.patience));
            for _ in 0..choose(3) {
                tasks.step_choosing(&mut choose);
            }
            going = go_on(going);
        }
        world.bus.down.set(false);
        tasks.run_choosing(&mut choose);
        let waiting = going.iter().filter(|(outcome, _)| !outcome.is_there());
        prop_assert_eq!(waiting.count(), 0, "nobody is held up");
        let mut ids_by_key = BTreeMap::new();
        for (id, (messages, statuses)) in recorded(&world) {
            prop_assert!(statuses.is_sorted_by_key(|status| *status as u32), "{id}: {statuses:?}");
            let mut once = statuses.clone();
            once.dedup();
            prop_assert_eq!(&once, &statuses, "{}", &id);
            let message = &messages[0];
            prop_assert!(messages.iter().all(|other| other == message), "one id, one message");
            let key = message.idempotency_key.as_str().to_owned();
            prop_assert_eq!(ids_by_key.insert(key, id), None, "one key, one message");
            for left_out in NAMES {
                let completed = without(left_out, message, &world.pool).ok();
                prop_assert_eq!(completed.as_ref(), Some(message), "it is recognised without {}", left_out);
            }
        }
    }

    #[test]
    fn what_names_only_the_id_or_only_the_key_of_a_message_is_that_message_even_in_flight(
        sends in prop::collection::vec((0..2_u32, 0..2_u32, left_out(), 0..2_usize), 2..12),
        batching in any::<bool>(), journal in replies(40, false), seed in any::<u64>(),
    ) {
        let (world, tasks, handles) = world_of_senders();
        world.journal.batching.set(batching);
        world.journal.replies.are(journal);
        let mut choose = choices(seed);
        let mut sent = Vec::new();
        for (id, key, left_out, handle) in sends {
            let message = named(id, key, "r2");
            let outcome = call(&tasks, &handles[handle], Call::Send(message), left_out);
            sent.push(((id, key), left_out, outcome));
            for _ in 0..choose(3) {
                tasks.step_choosing(&mut choose);
            }
        }
        tasks.run_choosing(&mut choose);
        let mut whole = BTreeSet::new();
        for (names, left_out, outcome) in sent {
            let answer = outcome.take();
            match left_out {
                None if answer.is_ok() => {
                    whole.insert(names);
                }
                Some(left_out) if whole.contains(&names) => {
                    prop_assert!(answer.is_ok(), "without {}: {:?}", left_out, answer);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn sends_in_flight_have_the_same_outcomes_as_one_after_the_other(
        sends in prop::collection::vec((0..3_u32, 0..3_u32, left_out(), 0..2_usize), 2..8),
        batching in any::<bool>(), seed in any::<u64>(),
    ) {
        let outcomes = |together: bool| {
            let (world, tasks, handles) = world_of_senders();
            world.journal.batching.set(batching);
            let mut choose = choices(seed);
            // While this one waits for the journal, the lane is busy.
            let taken = Signal::default();
            world.journal.replies.are([Reply::On(taken.clone())]);
            let busy = Call::Send(message("busy", "r2", to_run("r1")));
            let busy = call(&tasks, &handles[0], busy, None);
            let mut sent = Vec::new();
            for (id, key, left_out, handle) in &sends {
                if !together {
                    taken.give();
                    tasks.run_choosing(&mut choose);
                }
                // What is sent differs in its names alone.
                let mut message = named(*id, *key, "r2");
                message.content_ref = agent_pool::domain::ContentRef::new("content").unwrap();
                sent.push(call(&tasks, &handles[*handle], Call::Send(message), *left_out));
            }
            taken.give();
            tasks.run_choosing(&mut choose);
            busy.take().expect("it is sent");
            let id = |sent: Value| sent["message_id"].clone();
            let answers = sent.into_iter().map(|answer| answer.take().map(id).map_err(|error| error.code));
            answers.collect::<Vec<_>>()
        };
        prop_assert_eq!(outcomes(true), outcomes(false));
    }
}
