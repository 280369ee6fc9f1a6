//! D1: a join or a leave is in the journal before it is in the store.

use agent_pool::domain::ErrorCode;

use crate::host::*;

#[test]
fn d01_a_join_that_the_journal_rejected_leaves_no_trace() {
    let world = World::new();
    world.journal.replies.fail_after(0);
    let error = error_of(world.pool.join_run(member("r1", "ag1")));
    assert_eq!(error.code, ErrorCode::JournalRejected);
    assert_eq!(thrown(&error), Some(&PortFault(JOURNAL_FAULT)));

    let snapshot = world.snapshot();
    assert!(snapshot.members.is_empty());
    assert!(!snapshot.created);
    assert_eq!(world.extent(), (0, 0, 1));
}

#[test]
fn d01_a_retried_join_makes_the_run_a_member_as_if_nothing_had_failed() {
    for failing in 0..2 {
        let world = World::new();
        world.journal.replies.fail_after(failing);
        assert_eq!(
            refused(world.pool.join_run(member("r1", "ag1"))),
            ErrorCode::JournalRejected
        );
        assert!(done(world.pool.members()).is_empty());
        done(world.pool.join_run(member("r1", "ag1")));
        assert_eq!(done(world.pool.members()), [member("r1", "ag1")]);
        // What was journaled before the failure is not journaled again.
        assert_eq!(world.journal.story(), ["created r1", "run_joined r1"]);
        world.assert_sound();
    }
}

#[test]
fn d01_another_run_may_be_the_first_to_join_after_a_failure() {
    let world = World::new();
    world.journal.replies.fail_after(1);
    refused(world.pool.join_run(member("r1", "ag1")));
    done(world.pool.join_run(member("r2", "ag2")));
    assert_eq!(world.journal.story(), ["created r1", "run_joined r2"]);
    world.assert_sound();
}

#[test]
fn d01_a_run_whose_join_was_rejected_neither_sends_nor_receives() {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    world.journal.replies.fail_after(0);
    refused(world.pool.join_run(member("r2", "ag2")));

    let to_it = done(world.pool.send(message("m1", "r1", to_run("r2"))));
    assert_eq!(to_it.status.as_str(), "failed");
    let from_it = world.pool.send(message("m2", "r2", to_run("r1")));
    assert_eq!(refused(from_it), ErrorCode::SenderNotMember);
}

#[test]
fn d01_a_member_whose_joining_again_was_rejected_stays_as_it_was() {
    let world = World::new();
    let before = member("r1", "ag1").topic(id("t1"));
    done(world.pool.join_run(before.clone()));
    world.journal.replies.fail_after(0);
    refused(world.pool.join_run(member("r1", "ag9").topic(id("t9"))));
    assert_eq!(done(world.pool.members()), [before]);
    assert_eq!(world.snapshot().topics, [id("t1")]);
    let receipt = done(world.pool.send(message("m1", "r1", to_topic("t1"))));
    assert_eq!(*receipt.delivered_to, [run("r1")]);
    world.assert_sound();
}

#[test]
fn d01_a_member_whose_leaving_was_rejected_is_a_member_and_can_leave_by_a_retry() {
    let world = World::new();
    let leaver = member("r2", "ag2").topic(id("t1"));
    done(world.pool.join_run(member("r1", "ag1")));
    done(world.pool.join_run(leaver.clone()));
    let before = world.extent();
    world.journal.replies.fail_after(0);
    assert_eq!(
        refused(world.pool.leave_run(&run("r2"))),
        ErrorCode::JournalRejected
    );
    assert_eq!(world.extent(), before);
    assert_eq!(done(world.pool.members()).len(), 2);
    let receipt = done(world.pool.send(message("m1", "r1", to_topic("t1"))));
    assert_eq!(*receipt.delivered_to, [run("r2")]);

    assert_eq!(done(world.pool.leave_run(&run("r2"))), leaver);
    assert_eq!(done(world.pool.members()), [member("r1", "ag1")]);
    assert_eq!(
        refused(world.pool.leave_run(&run("r2"))),
        ErrorCode::NotAMember
    );
    world.assert_sound();
}

#[test]
fn d01_membership_events_are_published_only_after_their_records_are_journaled() {
    let world = World::new();
    let journal = std::rc::Rc::clone(&world.journal);
    world.bus.handle(move |frame| {
        let number = event_number(frame.event.envelope.event_id.as_str());
        assert_eq!(journal.len().to_string(), number);
        None
    });
    done(world.pool.join_run(member("r1", "ag1")));
    done(world.pool.leave_run(&run("r1")));
    assert_eq!(
        world.bus.story(),
        [
            "1 agent_pool_created r1",
            "2 agent_pool_run_joined r1",
            "3 agent_pool_run_left r1"
        ]
    );
}
