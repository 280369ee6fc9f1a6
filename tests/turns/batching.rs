//! A pool over a journal that takes batches.

use std::rc::Rc;

use agent_pool::{
    domain::AgentError,
    pool::{AgentPool, MessageReceipt},
};

use crate::host::*;
use crate::told_alike::*;

pub fn world() -> (World, Tasks) {
    let (world, tasks) = World::driven();
    for (run_id, agent_id) in [("r1", "ag1"), ("r2", "ag2")] {
        done(world.pool.join_run(member(run_id, agent_id)));
    }
    world.journal.batching.set(true);
    (world, tasks)
}

pub const BEFORE: usize = 3;

pub type Sent = Outcome<Result<MessageReceipt, AgentError>>;

pub fn send(tasks: &Tasks, pool: &AgentPool, message_id: &str) -> Sent {
    send_from(tasks, pool, message_id, "r1")
}

pub fn send_from(tasks: &Tasks, pool: &AgentPool, message_id: &str, from: &str) -> Sent {
    let (pool, sent) = (pool.clone(), message(message_id, from, to_run("r2")));
    tasks.call(async move { pool.send(sent).await })
}

/// The numbers of the records in each call, since the runs joined.
pub fn calls(world: &World) -> Vec<Vec<u64>> {
    world.journal.calls().split_off(BEFORE)
}

pub fn story(world: &World) -> Vec<String> {
    world.journal.story().split_off(BEFORE)
}

pub fn story_of(messages: &[&str]) -> Vec<String> {
    let lines = messages.iter().map(|message_id| {
        ["accepted", "delivered"].map(|status| format!("{status} {message_id} for r2"))
    });
    lines.flatten().collect()
}

pub fn assert_sound(world: &World) {
    assert_told_alike(world, &[(Rc::clone(&world.journal), Rc::clone(&world.bus))]);
}
