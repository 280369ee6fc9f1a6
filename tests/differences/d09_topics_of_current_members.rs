//! D9: the topics of a pool are those of its current members.

use agent_pool::{domain::TopicId, pool::AgentPoolMember, record::JournalRecordPayload};

use crate::host::*;

fn listener(run_id: &str, topics: &[&str]) -> AgentPoolMember {
    let listener = member(run_id, "ag1");
    topics
        .iter()
        .fold(listener, |listener, topic| listener.topic(id(topic)))
}

fn topics_of(world: &World) -> Vec<String> {
    texts(&world.snapshot().topics)
}

/// The topics in the latest record.
fn recorded_topics(world: &World) -> Vec<String> {
    let records = world.journal.records();
    let JournalRecordPayload::AgentPool(record) = &records.last().unwrap().payload else {
        panic!("the latest record is about the members");
    };
    texts(&record.topics)
}

fn texts(topics: &[TopicId]) -> Vec<String> {
    topics
        .iter()
        .map(|topic| topic.as_str().to_owned())
        .collect()
}

#[test]
fn d09_joining_again_with_other_topics_forgets_the_old_ones() {
    let world = World::new();
    done(world.pool.join_run(listener("r1", &["t2", "t1"])));
    assert_eq!(topics_of(&world), ["t1", "t2"]);
    assert_eq!(recorded_topics(&world), ["t1", "t2"]);
    done(world.pool.join_run(listener("r1", &["t3"])));
    assert_eq!(topics_of(&world), ["t3"]);
    assert_eq!(recorded_topics(&world), ["t3"]);
    done(world.pool.join_run(listener("r1", &[])));
    assert!(topics_of(&world).is_empty());
    assert!(recorded_topics(&world).is_empty());
}

#[test]
fn d09_leaving_takes_away_the_topics_that_nobody_else_listens_to() {
    let world = World::new();
    done(world.pool.join_run(listener("r1", &["t1", "t2", "t1"])));
    done(world.pool.join_run(listener("r2", &["t2", "t3"])));
    assert_eq!(recorded_topics(&world), ["t1", "t2", "t3"]);
    done(world.pool.leave_run(&run("r1")));
    assert_eq!(topics_of(&world), ["t2", "t3"]);
    assert_eq!(recorded_topics(&world), ["t2", "t3"]);
    done(world.pool.join_run(listener("r2", &["t1"])));
    assert_eq!(topics_of(&world), ["t1"]);
    done(world.pool.leave_run(&run("r2")));
    assert!(topics_of(&world).is_empty());
    assert!(recorded_topics(&world).is_empty());
}

#[test]
fn d09_messages_to_a_topic_reach_those_who_listen_now() {
    let world = World::new();
    done(world.pool.join_run(listener("r1", &["t1"])));
    done(world.pool.join_run(listener("r2", &["t1"])));
    done(world.pool.join_run(listener("r2", &["t2"])));
    done(world.pool.join_run(listener("r3", &["t1", "t1"])));
    let receipt = done(world.pool.send(message("m1", "r2", to_topic("t1"))));
    assert_eq!(*receipt.delivered_to, [run("r1"), run("r3")]);
    let receipt = done(world.pool.send(message("m2", "r1", to_topic("t2"))));
    assert_eq!(*receipt.delivered_to, [run("r2")]);
}

#[test]
fn d09_topics_are_those_of_the_members_after_a_restart_too() {
    let world = World::new();
    done(world.pool.join_run(listener("r1", &["t1"])));
    done(world.pool.join_run(listener("r1", &["t2"])));
    let world = world.restarted();
    assert_eq!(topics_of(&world), ["t2"]);
}

#[test]
fn d09_the_record_of_the_first_join_holds_no_topics_yet() {
    let world = World::new();
    world.journal.replies.fail_after(1);
    refused(world.pool.join_run(listener("r1", &["t1"])));
    assert_eq!(world.journal.story(), ["created r1"]);
    assert!(recorded_topics(&world).is_empty());
}
