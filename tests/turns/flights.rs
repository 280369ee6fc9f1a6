//! Calls that share a key, and what they are answered.

use agent_pool::{
    domain::{AgentError, ErrorCode},
    pool::{AgentPool, RunMessage},
};
use serde_json::Value;

use crate::host::*;

/// Two handles on a pool of two runs.
pub fn world() -> (World, AgentPool, Tasks) {
    let (world, tasks) = World::driven();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    let other = world.handle();
    (world, other, tasks)
}

pub const BEFORE: usize = 3;

pub type Answer = Outcome<Result<Value, AgentError>>;

pub fn call(tasks: &Tasks, pool: &AgentPool, call: Call) -> Answer {
    let pool = pool.clone();
    tasks.call(async move { call.make(&pool).await })
}

pub fn send(tasks: &Tasks, pool: &AgentPool, sent: RunMessage) -> Answer {
    call(tasks, pool, Call::Send(sent))
}

/// Sends a message whose first record the journal takes when the signal is given.
pub fn send_slowly(tasks: &Tasks, world: &World, sent: RunMessage) -> (Signal, Answer) {
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    (taken, send(tasks, &world.pool, sent))
}

pub fn m1() -> RunMessage {
    message("m1", "r1", to_run("r2"))
}

/// Another message that has the key of `m1`.
pub fn with_its_key(message_id: &str, from: &str) -> RunMessage {
    let mut other = message(message_id, from, to_run("r1"));
    other.idempotency_key = key_of("m1");
    other
}

#[track_caller]
pub fn assert_conflict(answer: &Answer) {
    let error = answer.take().expect_err("the key is taken");
    assert_eq!(error.code, ErrorCode::IdempotencyConflict);
}

/// The journal takes the record of the first message: it is sent, and the last call is a conflict.
#[track_caller]
pub fn assert_sent_and_refused(tasks: &Tasks, taken: &Signal, first: &Answer, last: &Answer) {
    taken.give();
    tasks.run();
    first.take().expect("it is sent");
    assert_conflict(last);
}

/// The first call is sent once the journal has `taken` its record. Until then the others wait: another message with its
/// key, which is a conflict, and the same message again, which gets the same receipt.
#[track_caller]
pub fn assert_first_counts(tasks: &Tasks, taken: &Signal, [first, other, again]: [&Answer; 3]) {
    tasks.run();
    assert!(!other.is_there() && !again.is_there());
    taken.give();
    tasks.run();
    let receipt = first.take().expect("it is sent");
    assert_conflict(other);
    assert_eq!(again.take().expect("it is known"), receipt);
}
