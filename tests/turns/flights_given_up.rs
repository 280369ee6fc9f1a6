//! Calls with a key in flight that are given up: who waits for them goes on with what they were waiting for.

use crate::flights::*;
use crate::host::*;

#[test]
fn it_goes_on_by_itself_if_the_first_is_given_up() {
    let (world, other, tasks) = world();
    world.journal.replies.are([Reply::Now, Reply::never()]);
    let first = send(&tasks, &world.pool, m1());
    let later = send(&tasks, &other, m1());
    first.give_up();
    tasks.run();
    assert_eq!(later.take().expect("it is finished")["status"], "delivered");
    let story = ["accepted m1 for r2", "delivered m1 for r2"];
    assert_eq!(world.journal.story()[BEFORE..], story);
}

#[test]
fn who_waits_for_one_that_is_given_up_waits_for_those_that_it_was_waiting_for() {
    let (world, _, tasks) = world();
    let (taken, first) = send_slowly(&tasks, &world, m1());
    let of = |from: &str| with_its_key(&format!("m1.{from}"), from);
    let given_up = send(&tasks, &world.pool, of("r2"));
    let last = send(&tasks, &world.pool, of("r3"));
    given_up.give_up();
    tasks.run();
    assert!(!last.is_there());
    // r3 is no member, but the key is looked at first, as always.
    assert_sent_and_refused(&tasks, &taken, &first, &last);
}

#[test]
fn a_key_is_the_first_callers_even_after_one_that_waited_for_it_was_given_up() {
    for waiting in [1, 2] {
        let (world, _, tasks) = world();
        done(world.pool.join_run(member("r3", "ag3")));
        let (taken, first) = send_slowly(&tasks, &world, m1());
        let of = |from: &str, number: usize| with_its_key(&format!("m1.{from}.{number}"), from);
        let given_up: Vec<_> = (0..waiting)
            .map(|number| send(&tasks, &world.pool, of("r2", number)))
            .collect();
        given_up.into_iter().for_each(Answer::give_up);
        let last = send(&tasks, &world.pool, of("r3", 0));
        let again = send(&tasks, &world.pool, m1());
        assert_first_counts(&tasks, &taken, [&first, &last, &again]);
        assert_eq!(world.journal.len(), BEFORE + 1 + 2);
    }
}

#[test]
fn thousands_that_wait_for_one_and_are_given_up_hold_nobody_up() {
    let (world, _, tasks) = world();
    let (taken, first) = send_slowly(&tasks, &world, m1());
    // They differ, so each waits for the one before it with the same id and key.
    let others = (0..4_000).map(|number| {
        let mut other = m1();
        other.expires_at_millis = Some(number + 1);
        send(&tasks, &world.pool, other)
    });
    let others: Vec<_> = others.collect();
    let last = send(&tasks, &world.pool, message("m1", "r2", to_run("r1")));
    others.into_iter().for_each(Answer::give_up);
    tasks.run();
    assert!(!last.is_there());
    assert_sent_and_refused(&tasks, &taken, &first, &last);
}

#[test]
fn a_call_waits_for_those_before_it_whatever_the_order_in_which_those_between_are_given_up() {
    let orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    for order in orders {
        let (world, _, tasks) = world();
        let (taken, first) = send_slowly(&tasks, &world, m1());
        let between = ["r2", "r3", "r4"];
        let mut between =
            between.map(|from| Some(send(&tasks, &world.pool, with_its_key(from, from))));
        for place in order {
            let given_up = between[place].take().expect("each is given up once");
            given_up.give_up();
        }
        tasks.run();
        let last = send(&tasks, &world.pool, with_its_key("m5", "r2"));
        tasks.run();
        assert!(!last.is_there(), "{order:?}");
        assert_sent_and_refused(&tasks, &taken, &first, &last);
    }
}

/// The message that was given up names the first in full, by its id and its key, in either order.
#[test]
fn the_latest_of_two_counts_after_one_that_was_given_up() {
    for is_turned in [false, true] {
        let (world, _, tasks) = world();
        let (failing, taken) = (Signal::default(), Signal::default());
        let replies = [Reply::RejectedOn(failing.clone()), Reply::On(taken.clone())];
        world.journal.replies.are(replies);
        let first = send(&tasks, &world.pool, m1());
        let second = send(&tasks, &world.pool, with_its_key("m2", "r2"));
        let mut between = with_its_key("m1", "r3");
        if is_turned {
            between.message_id = id(key_of("m1").as_str());
            between.idempotency_key = id("m1");
        }
        send(&tasks, &world.pool, between).give_up();
        let last = send(&tasks, &world.pool, with_its_key("m4", "r4"));
        failing.give();
        tasks.run();
        first.take().expect_err("the journal rejected it");
        assert!(!last.is_there());
        taken.give();
        tasks.run();
        second.take().expect("it is sent");
        assert_conflict(&last);
    }
}
