//! D6: the number of a record that the journal did not take is used again.

use std::rc::Rc;

use agent_pool::record::EventKind;

use crate::host::*;

#[test]
fn d06_records_are_numbered_without_gaps_however_often_the_journal_fails() {
    let world = World::new();
    let calls = [
        Call::Join(member("r1", "ag1")),
        Call::Join(member("r2", "ag2")),
        Call::Suspend(wake("w1", "r2", on(EventKind::RunMessageDelivered))),
        Call::Suspend(wake("w2", "r1", on(EventKind::RunMessageFailed)).timeout_millis(0)),
        Call::Send(message("m1", "r1", to_run("r2"))),
        Call::Send(message("m2", "r2", to_run("r9"))),
        Call::Cancel(condition("w2")),
        Call::Leave(run("r2")),
    ];
    for call in calls {
        // Every record of the operation is rejected twice before it is taken.
        for failing in 0.. {
            world
                .journal
                .replies
                .fail_after(usize::from(failing % 2 == 1));
            if now(call.clone().make(&world.pool)).is_ok() {
                break;
            }
        }
        world.journal.replies.are([]);
        world.assert_sound();
    }
    let records = world.journal.records();
    assert!(records.len() > 10);
    assert!(world.journal.attempts() > records.len() + 10);
    for record in records {
        // Logical time counts the records (REFERENCE 39).
        assert_eq!(record.timestamp_millis, record.journal_seq);
    }
}

#[test]
fn d06_every_handle_numbers_its_own_records_and_the_pool_numbers_its_events() {
    let world = World::new();
    let (journal, bus) = (Rc::<HostJournal>::default(), Rc::<HostBus>::default());
    let other = done(world.builder_over(&journal, &bus).build());

    world.journal.replies.fail_after(1);
    refused(world.pool.join_run(member("r1", "ag1")));
    journal.replies.fail_after(0);
    refused(other.join_run(member("r2", "ag2")));
    done(other.join_run(member("r2", "ag2")));
    done(world.pool.join_run(member("r1", "ag1")));
    done(other.join_run(member("r3", "ag3")));

    let numbers = |journal: &HostJournal| -> Vec<u64> {
        let records = journal.records();
        records.iter().map(|record| record.journal_seq).collect()
    };
    assert_eq!(numbers(&world.journal), [1, 2]);
    assert_eq!(numbers(&journal), [1, 2]);
    assert_eq!(
        world.bus.story(),
        ["1 agent_pool_created r1", "3 agent_pool_run_joined r1"]
    );
    assert_eq!(
        bus.story(),
        ["2 agent_pool_run_joined r2", "4 agent_pool_run_joined r3"]
    );
}

#[test]
fn d06_an_operation_that_is_refused_uses_up_no_number() {
    let world = World::new();
    done(world.pool.join_run(member("r1", "ag1")));
    refused(world.pool.leave_run(&run("r9")));
    refused(world.pool.send(message("m1", "r9", to_run("r1"))));
    refused(world.pool.cancel_wake(&condition("w9")));
    refused(world.pool.poll_wake(&condition("w9")));
    done(world.pool.leave_run(&run("r1")));
    world.assert_sound();
}
