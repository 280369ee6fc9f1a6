//! Records that queue up in a lane while an append is under way go to a journal that takes batches in one call.

use std::rc::Rc;
use std::sync::Arc;

use agent_pool::{
    pool::{AgentPoolStoreCursor, AgentPoolStoreRecord, AgentPoolStoreRecordPayload},
    port::{AgentPoolStore, MAX_BATCH_IDS},
    record::EventKind,
};

use crate::batching::*;
use crate::host::*;

#[test]
fn what_comes_while_an_append_is_under_way_goes_together_and_tells_the_same_story() {
    let (world, tasks) = world();
    let taken = Signal::default();
    world
        .journal
        .replies
        .are([Reply::On(taken.clone()), Reply::Later(2)]);
    let sends = ["m1", "m2", "m3", "m4"].map(|message_id| send(&tasks, &world.pool, message_id));
    tasks.run();
    assert_eq!(calls(&world), [[4, 5]]);
    taken.give();
    tasks.run();
    assert_eq!(calls(&world), [vec![4, 5], (6..12).collect()]);
    for sent in sends {
        let receipt = sent.take().expect("it is sent");
        assert_eq!(receipt.status.as_str(), "delivered");
    }
    assert_eq!(story(&world), story_of(&["m1", "m2", "m3", "m4"]));
    world.assert_sound();
}

#[test]
fn once_the_journal_was_seen_to_wait_what_is_called_in_the_same_breath_goes_together() {
    let (world, tasks) = world();
    world.journal.replies.are(vec![Reply::Later(1); 3]);
    send(&tasks, &world.pool, "m1");
    tasks.run();
    let sends = ["m2", "m3", "m4"].map(|message_id| send(&tasks, &world.pool, message_id));
    let [given_up, sends @ ..] = sends;
    given_up.give_up();
    assert_eq!(calls(&world), [[4, 5]]);
    tasks.run();
    assert_eq!(calls(&world), [vec![4, 5], (6..10).collect()]);
    for sent in sends {
        sent.take().expect("it is sent");
    }
    assert_eq!(story(&world), story_of(&["m1", "m3", "m4"]));
    send(&tasks, &world.pool, "m5").give_up();
    tasks.run();
    assert_eq!(calls(&world).len(), 2, "nobody waits for it");
    world.assert_sound();
}

#[test]
fn lanes_append_beside_each_other() {
    let (world, tasks) = world();
    world.journal.replies.are([Reply::never(), Reply::Now]);
    send_from(&tasks, &world.pool, "m1", "r1");
    let beside = send_from(&tasks, &world.pool, "m2", "r2");
    tasks.run();
    beside.take().expect("it is sent");
    assert_eq!(calls(&world), [[4, 5], [6, 7]]);
}

#[test]
fn a_single_record_is_appended_by_itself() {
    let (world, tasks) = world();
    let nobody = message("m1", "r1", to_run("r9"));
    assert_eq!(done(world.pool.send(nobody)).status.as_str(), "failed");
    assert_eq!(calls(&world), [[4]]);
    world.assert_sound();
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    send(&tasks, &world.pool, "m2");
    let pool = world.pool.clone();
    let failed = tasks.call(async move { pool.send(message("m3", "r1", to_run("r9"))).await });
    taken.give();
    tasks.run();
    assert_eq!(failed.take().expect("a receipt").status.as_str(), "failed");
    assert_eq!(calls(&world), [vec![4], vec![5, 6], vec![7]]);
}

#[test]
fn what_a_journal_without_batches_is_given_comes_one_by_one() {
    let (world, tasks) = world();
    world.journal.batching.set(false);
    world.journal.replies.are(vec![Reply::Later(1); 4]);
    for message_id in ["m1", "m2"] {
        send(&tasks, &world.pool, message_id);
    }
    tasks.run();
    assert_eq!(calls(&world), [[4], [5], [6], [7]]);
}

#[test]
fn what_ends_a_wake_waits_for_the_batches_before_and_is_recorded_step_by_step() {
    let (world, tasks) = world();
    let waiting = wake("w1", "r2", on_run(EventKind::RunMessageAccepted, "r2"));
    done(world.pool.suspend_until(run("r2"), waiting));
    world.journal.replies.are(vec![Reply::Later(2); 20]);
    for (message_id, from) in [("m1", "r2"), ("m2", "r1"), ("m3", "r1")] {
        send_from(&tasks, &world.pool, message_id, from);
    }
    tasks.run();
    let story = story(&world);
    let of_r2: Vec<_> = story
        .iter()
        .filter(|line| line.contains("m1") || line.contains("w1 by"))
        .collect();
    assert!(matches!(&of_r2[..], [accepted, end, delivered]
        if accepted.starts_with("accepted") && end.starts_with("triggered") && delivered.starts_with("delivered")));
    let batches: Vec<_> = world
        .journal
        .calls()
        .into_iter()
        .filter(|call| call.len() > 1)
        .collect();
    // With m1 the journal has been seen to answer later, so m2 and m3 go together.
    assert_eq!(batches.len(), 1, "those of r1 end no wake: {batches:?}");
    assert_sound(&world);
}

#[test]
fn a_status_comes_after_the_batches_before_and_before_those_after() {
    use agent_pool::pool::MessageStatus;
    let (world, tasks) = world();
    world.journal.replies.are(vec![Reply::Later(2); 20]);
    send(&tasks, &world.pool, "m1");
    send(&tasks, &world.pool, "m2");
    let pool = world.pool.clone();
    let other = message("m0", "r1", to_run("r2"));
    tasks.call(async move {
        pool.record_message_status(other, MessageStatus::Cancelled, vec![])
            .await
    });
    send(&tasks, &world.pool, "m3");
    tasks.run();
    let mut expected = story_of(&["m1", "m2"]);
    expected.push("cancelled m0".to_owned());
    expected.extend(story_of(&["m3"]));
    assert_eq!(story(&world), expected);
    world.assert_sound();
}

#[test]
fn only_operations_of_one_handle_share_a_batch() {
    let (world, tasks) = world();
    let journal = Rc::new(world.journal.beside("other"));
    let other = done(world.builder_over(&journal, &world.bus).build());
    journal.batching.set(true);
    world.journal.replies.are([Reply::Later(3)]);
    let handles = [&world.pool, &world.pool, &other, &other, &world.pool];
    let sends: Vec<_> = handles
        .iter()
        .enumerate()
        .map(|(number, handle)| send(&tasks, handle, &format!("m{number}")))
        .collect();
    tasks.run();
    for sent in sends {
        sent.take().expect("it is sent");
    }
    assert_eq!(calls(&world), [[4, 5], [6, 7], [8, 9]]);
    assert_eq!(journal.calls(), [[1, 2, 3, 4]]);
    let events: Vec<_> = world.bus.story().split_off(BEFORE);
    let expected: Vec<_> = (0..10)
        .map(|event| {
            let kind = ["accepted", "delivered"][event % 2];
            format!("{} run_message_{kind} m{}", event + 4, event / 2)
        })
        .collect();
    assert_eq!(events, expected);
}

#[test]
fn a_handle_without_batches_waits_for_those_of_another_in_the_lane() {
    let (world, tasks) = world();
    let journal = Rc::new(world.journal.beside("other"));
    let other = done(world.builder_over(&journal, &world.bus).build());
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    send(&tasks, &world.pool, "m1");
    send(&tasks, &other, "m2");
    tasks.run();
    assert_eq!(journal.attempts(), 0);
    taken.give();
    tasks.run();
    assert_eq!(journal.story(), story_of(&["m2"]));
}

#[test]
fn what_others_depend_on_waits_for_the_batches_before() {
    let (world, tasks) = world();
    world.journal.replies.are(vec![Reply::Later(3); 3]);
    let sends = ["m1", "m2"].map(|message_id| send(&tasks, &world.pool, message_id));
    let pool = world.pool.clone();
    let left = tasks.call(async move { pool.leave_run(&run("r2")).await });
    let after = send(&tasks, &world.pool, "m3");
    tasks.run();
    for sent in sends {
        assert_eq!(
            sent.take().expect("it is sent").status.as_str(),
            "delivered"
        );
    }
    left.take().expect("it has left");
    assert_eq!(after.take().expect("a receipt").status.as_str(), "failed");
}

#[test]
fn a_batch_that_answers_at_once_is_done_at_once() {
    let (world, _) = world();
    for message_id in ["m1", "m2"] {
        let receipt = done(world.pool.send(message(message_id, "r1", to_run("r2"))));
        assert_eq!(receipt.status.as_str(), "delivered");
    }
    assert_eq!(calls(&world), [[4, 5], [6, 7]]);
    world.assert_sound();
}

/// The records of each call for three sends to so many receivers, all of which come while one to a single receiver is
/// appended.
fn calls_for_sends_to(receivers: usize) -> Vec<usize> {
    let (world, tasks) = World::driven();
    let store = |sequence, payload| {
        let record = AgentPoolStoreRecord {
            pool_id: pool_id(),
            cursor: AgentPoolStoreCursor::new(sequence),
            payload,
        };
        done(world.log.append(&record));
    };
    store(2, AgentPoolStoreRecordPayload::PoolCreated);
    for (sequence, number) in (3..).zip(0..=receivers) {
        let member = Arc::new(member(&format!("r{number}"), "ag1"));
        store(
            sequence,
            AgentPoolStoreRecordPayload::MemberJoined { member },
        );
    }
    let world = world.restarted();
    world.journal.batching.set(true);
    let taken = Signal::default();
    world.journal.replies.are([Reply::On(taken.clone())]);
    let addresses = [to_run("r1"), to_pool(), to_pool(), to_pool()];
    let sends: Vec<_> = (1..)
        .zip(addresses)
        .map(|(number, to)| {
            let (pool, sent) = (world.pool.clone(), message(&format!("m{number}"), "r0", to));
            tasks.call(async move { pool.send(sent).await })
        })
        .collect();
    taken.give();
    tasks.run();
    for (sent, receivers) in sends.iter().zip([1, receivers, receivers, receivers]) {
        let receipt = sent.take().expect("it is sent");
        assert_eq!(receipt.delivered_to.len(), receivers);
    }
    world.journal.calls().iter().map(Vec::len).collect()
}

/// Each of the two records of a send has the ids of its receivers and of its agent.
#[test]
fn a_batch_has_no_more_ids_than_it_may() {
    let most = MAX_BATCH_IDS / (2 * 2) - 1;
    assert_eq!(most, 16_383);
    assert_eq!(calls_for_sends_to(most), [2, 4, 2]);
    assert_eq!(calls_for_sends_to(most + 1), [2, 2, 2, 2]);
}

#[test]
fn an_operation_with_more_ids_than_a_batch_may_have_goes_alone() {
    assert_eq!(calls_for_sends_to(MAX_BATCH_IDS / 2), [2, 2, 2, 2]);
}
