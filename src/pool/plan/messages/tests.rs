use super::MessageStatus::*;
use super::*;
use crate::domain::ClockReading;
use crate::pool::plan::fixture::{Pool, at, message, outcome};
use crate::record::RunAddress;
use crate::record::fixture::id;

fn to_topic() -> Arc<RunMessage> {
    Arc::new(message(RunAddress::topic(id("t1"))))
}

fn expiring(to: &str, expires_at_millis: u64) -> Arc<RunMessage> {
    let mut message = message(RunAddress::run(id(to)));
    message.expires_at_millis = Some(expires_at_millis);
    Arc::new(message)
}

fn sent(pool: &Pool, now: u64, message: &Arc<RunMessage>) -> Result<Vec<String>, ErrorCode> {
    outcome(send(&pool.state, at(now), message))
}

fn recorded(
    pool: &Pool,
    message: &Arc<RunMessage>,
    status: MessageStatus,
) -> Result<Vec<String>, ErrorCode> {
    let delivered_to = [id("r9"), id("r3")].into();
    outcome(record_status(&pool.state, message, status, delivered_to))
}

/// A pool where `message` has come to have a status.
fn pool_after(message: &Arc<RunMessage>, status: Option<MessageStatus>) -> Pool {
    let mut pool = Pool::of_three();
    if let Some(status) = status {
        let receivers = [id("r2"), id("r3")].into();
        pool.carry(record_status(&pool.state, message, status, receivers).unwrap());
    }
    pool
}

#[test]
fn a_message_is_accepted_and_delivered_or_it_fails_or_it_expires() {
    let pool = Pool::of_three();
    let everybody = message(RunAddress::pool(id("pool.x"))).into();
    let nobody = message(RunAddress::run(id("r9"))).into();
    let failed = &["failed m1 of ag1 for []"][..];
    let expired = &["expired m1 of ag1 for []"][..];
    let to_one = &[
        "accepted m1 of ag1 for [r2]",
        "delivered m1 of ag1 for [r2]",
    ][..];
    let to_both = &[
        "accepted m1 of ag1 for [r2 r3]",
        "delivered m1 of ag1 for [r2 r3]",
    ][..];
    for (message, now, expected) in [
        (to_topic(), 0, to_both),
        (everybody, 0, to_both),
        (nobody, 0, failed),
        (expiring("r2", 100), 99, to_one),
        (expiring("r2", 100), 100, expired),
        (expiring("r9", 100), 99, failed),
        (expiring("r9", 100), 101, expired),
    ] {
        let sent = sent(&pool, now, &message).unwrap();
        assert_eq!(sent, expected, "{message:?} at {now}");
    }
}

#[test]
fn in_logical_time_only_what_expires_at_0_is_expired() {
    let pool = Pool::of_three();
    let mut context = at(100);
    context.clock = ClockReading::Logical;
    for (expires_at_millis, transitions) in [(0, 1), (1, 2)] {
        let message = expiring("r2", expires_at_millis);
        let planned = send(&pool.state, context, &message).unwrap();
        assert_eq!(planned.len(), transitions);
    }
}

#[test]
fn a_send_that_got_no_further_than_accepted_is_delivered_to_those_it_was_accepted_for() {
    let mut pool = Pool::of_three();
    let mut message = RunMessage::clone(&to_topic());
    message.expires_at_millis = Some(100);
    let message = Arc::new(message);
    pool.sends(&message, 1);
    pool.leaves("r2");
    let delivered = || Ok(vec!["delivered m1 of ag1 for [r2 r3]".to_owned()]);
    assert_eq!(sent(&pool, 0, &message), delivered());
    assert_eq!(
        sent(&pool, 100, &message),
        delivered(),
        "it was sent in time"
    );
    pool.leaves("r1");
    assert_eq!(sent(&pool, 0, &message), Err(ErrorCode::SenderNotMember));
}

#[test]
fn a_message_that_got_further_is_not_sent_again_even_if_its_sender_left() {
    for &status in MessageStatus::ALL {
        let message = to_topic();
        let mut pool = pool_after(&message, Some(status));
        let again = usize::from(status == Accepted);
        assert_eq!(sent(&pool, 0, &message).unwrap().len(), again, "{status}");
        if status != Accepted {
            pool.leaves("r1");
            assert_eq!(sent(&pool, 0, &message), Ok(Vec::new()), "{status}");
        }
    }
}

#[test]
fn who_is_no_member_neither_sends_nor_records() {
    let mut pool = Pool::of_three();
    pool.leaves("r1");
    let expected = Err(ErrorCode::SenderNotMember);
    assert_eq!(sent(&pool, 0, &to_topic()), expected);
    assert_eq!(recorded(&pool, &to_topic(), Delivered), expected);
}

#[test]
fn a_key_and_an_id_mean_one_message_d4() {
    let known = to_topic();
    let other = |change: fn(&mut RunMessage)| {
        let mut message = RunMessage::clone(&known);
        change(&mut message);
        Arc::new(message)
    };
    let conflicts = [
        (
            "content",
            other(|message| message.content_ref = id("other")),
        ),
        (
            "expiry",
            other(|message| message.expires_at_millis = Some(1)),
        ),
        ("sender", other(|message| message.from = id("r2"))),
        ("id", other(|message| message.message_id = id("m2"))),
        ("key", other(|message| message.idempotency_key = id("k2"))),
    ];
    for &status in MessageStatus::ALL {
        let pool = pool_after(&known, Some(status));
        for (changed, message) in &conflicts {
            let expected = Err(ErrorCode::IdempotencyConflict);
            assert_eq!(sent(&pool, 0, message), expected, "{changed}");
            assert_eq!(recorded(&pool, message, Cancelled), expected, "{changed}");
        }
        let unrelated = other(|message| {
            message.message_id = id("k1");
            message.idempotency_key = id("m1");
        });
        assert_eq!(sent(&pool, 0, &unrelated).unwrap().len(), 2);
    }
}

#[test]
fn a_status_is_recorded_after_those_that_it_may_follow_and_the_same_again_is_nothing_d8() {
    let ends = [Responded, Failed, TimedOut, Expired, Cancelled];
    let after_accepted = [Delivered, Responded, Failed, TimedOut, Expired, Cancelled];
    let mut table = vec![
        (None, MessageStatus::ALL),
        (Some(Accepted), &after_accepted[..]),
        (Some(Delivered), &ends),
    ];
    table.extend(ends.map(|end| (Some(end), &[][..])));
    let message = to_topic();
    for (previous, may_follow) in table {
        let pool = pool_after(&message, previous);
        for &status in MessageStatus::ALL {
            let expected = match may_follow.contains(&status) {
                // The host knows who got it, and in which order.
                true => Ok(vec![format!("{status} m1 of ag1 for [r9 r3]")]),
                false if previous == Some(status) => Ok(Vec::new()),
                false => Err(ErrorCode::InvalidStatusTransition),
            };
            let recorded = recorded(&pool, &message, status);
            assert_eq!(recorded, expected, "{status} after {previous:?}");
        }
    }
}

#[test]
fn what_is_refused_says_from_which_status_to_which() {
    let message = to_topic();
    let pool = pool_after(&message, Some(TimedOut));
    let refused = record_status(&pool.state, &message, Delivered, List::default());
    let text = "a message that is timed_out cannot become delivered";
    assert_eq!(refused.err().unwrap().message, text);
}
