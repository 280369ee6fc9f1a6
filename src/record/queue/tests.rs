//! What a bounded stream promises.

use std::num::NonZeroU64;

use super::*;
use crate::record::EventKind::{self, *};
use crate::record::fixture::frame;

const TERMINAL: EventKind = RunCompleted;
const PROGRESS: EventKind = ModelStreamDelta;
const ORDINARY: EventKind = RunStarted;

fn queue(
    capacity: u64,
    terminal_reserve: u64,
    overflow: SubscriberOverflowPolicy,
) -> SubscriberQueue {
    SubscriberQueue::new(&SubscriberQueueConfig {
        capacity: NonZeroU64::new(capacity).unwrap(),
        terminal_reserve: NonZeroU64::new(terminal_reserve).unwrap(),
        overflow,
    })
    .unwrap()
}

/// The sequence numbers of the frames that are left of frames of these kinds, numbered from 1.
fn left(mut queue: SubscriberQueue, kinds: &[EventKind]) -> Vec<u64> {
    for (index, kind) in kinds.iter().enumerate() {
        queue.push(frame(*kind, index as u64 + 1));
    }
    sequence(&queue.into_frames())
}

fn sequence(frames: &[EventFrame]) -> Vec<u64> {
    frames.iter().map(|frame| frame.cursor.event_seq).collect()
}

#[test]
fn the_oldest_63_ordinary_frames_stay_by_default_and_the_last_tells_of_the_rest() {
    let mut queue = SubscriberQueue::new(&SubscriberQueueConfig::default()).unwrap();
    (1..=70).for_each(|seq| queue.push(frame(ORDINARY, seq)));
    let frames = queue.into_frames();
    assert_eq!(sequence(&frames), (1..=63).collect::<Vec<_>>());
    let notice = frames[62].overflow.as_deref().unwrap();
    assert_eq!(notice.dropped_count, 7);
    assert_eq!(notice.gap_start.as_ref().unwrap().event_seq, 64);
    assert_eq!(notice.gap_end.event_seq, 70);
    assert!(notice.terminal_preserved);
    assert_eq!(notice.reason, EventOverflowReason::PolicyDroppedNonTerminal);
    assert!(frames[..62].iter().all(|frame| frame.overflow.is_none()));
}

#[test]
fn terminal_frames_push_out_the_oldest_under_every_policy() {
    for &policy in SubscriberOverflowPolicy::ALL {
        if policy != SubscriberOverflowPolicy::BackpressureCaller {
            let kinds = [ORDINARY, TERMINAL, TERMINAL, TERMINAL, TERMINAL];
            assert_eq!(left(queue(3, 1, policy), &kinds), [3, 4, 5], "{policy}");
        }
    }
}

#[test]
fn drop_progress_gives_up_progress_for_what_comes_later() {
    let kinds = [PROGRESS, ORDINARY, PROGRESS, ORDINARY, ORDINARY];
    let policy = SubscriberOverflowPolicy::DropProgress;
    assert_eq!(left(queue(3, 1, policy), &kinds), [2, 4]);
}

#[test]
fn progress_is_summed_up_even_with_room_to_spare() {
    let mut queue = queue(64, 1, SubscriberOverflowPolicy::SummarizeAndContinue);
    [PROGRESS, PROGRESS, ORDINARY, PROGRESS]
        .into_iter()
        .zip(1..)
        .for_each(|(kind, seq)| queue.push(frame(kind, seq)));
    let frames = queue.into_frames();
    assert_eq!(sequence(&frames), [2, 3, 4]);
    assert_eq!(frames[0].overflow.as_ref().unwrap().dropped_count, 2);
    assert_eq!(
        serde_json::to_value(&frames[0].event.payload).unwrap()["redacted_summary"],
        "redacted progress summary for 2 dropped progress frames"
    );
}

#[test]
fn fail_subscriber_cuts_the_stream_and_says_so_on_its_last_frame() {
    let mut queue = queue(2, 1, SubscriberOverflowPolicy::FailSubscriber);
    [ORDINARY, ORDINARY, ORDINARY, TERMINAL]
        .into_iter()
        .zip(1..)
        .for_each(|(kind, seq)| queue.push(frame(kind, seq)));
    assert!(queue.has_failed());
    let frames = queue.into_frames();
    assert_eq!(sequence(&frames), [1]);
    let notice = frames[0].overflow.as_deref().unwrap();
    assert_eq!((notice.dropped_count, notice.terminal_preserved), (1, true));
}

#[test]
fn a_stream_that_ends_up_empty_has_no_notice() {
    let policy = SubscriberOverflowPolicy::DropNonTerminal;
    assert!(left(queue(1, 1, policy), &[ORDINARY, ORDINARY]).is_empty());
}

#[test]
fn backpressure_is_refused() {
    let error = SubscriberQueue::new(&SubscriberQueueConfig {
        overflow: SubscriberOverflowPolicy::BackpressureCaller,
        ..SubscriberQueueConfig::default()
    })
    .err()
    .unwrap();
    assert_eq!(error.code, ErrorCode::InvalidOverflowPolicy);
}

#[test]
fn a_live_stream_begins_with_what_a_stream_that_ends_gives() {
    for &policy in SubscriberOverflowPolicy::ALL {
        if policy == SubscriberOverflowPolicy::BackpressureCaller {
            continue;
        }
        let filled = || {
            let kinds = [ORDINARY, PROGRESS, TERMINAL, ORDINARY, PROGRESS, PROGRESS];
            let mut queue = queue(3, 1, policy);
            let numbered = kinds.into_iter().zip(1..);
            numbered.for_each(|(kind, seq)| queue.push(frame(kind, seq)));
            queue
        };
        let mut live = filled();
        live.go_live();
        let frames: Vec<_> = std::iter::from_fn(|| live.pop()).collect();
        assert_eq!(frames, filled().into_frames(), "{policy}");
    }
}

/// An empty queue that has gone live.
fn live(
    capacity: u64,
    terminal_reserve: u64,
    overflow: SubscriberOverflowPolicy,
) -> SubscriberQueue {
    let mut queue = queue(capacity, terminal_reserve, overflow);
    queue.go_live();
    queue
}

#[test]
fn a_live_stream_takes_frames_out_in_between_and_learns_of_gaps_on_the_frame_after() {
    let mut queue = live(3, 1, SubscriberOverflowPolicy::DropNonTerminal);
    (1..=3).for_each(|seq| queue.push(frame(ORDINARY, seq)));
    assert_eq!(queue.pop().unwrap().cursor.event_seq, 1);
    queue.push(frame(ORDINARY, 4));
    queue.push(frame(TERMINAL, 5));
    queue.push(frame(TERMINAL, 6));
    let frames: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
    assert_eq!(sequence(&frames), [4, 5, 6]);
    let gap = frames[0].overflow.as_deref().unwrap();
    let start = gap.gap_start.as_ref().map(|cursor| cursor.event_seq);
    assert_eq!(
        (gap.dropped_count, start, gap.gap_end.event_seq),
        (2, Some(2), 3)
    );
    assert!(frames[1..].iter().all(|frame| frame.overflow.is_none()));
    assert!(queue.is_empty());
}

#[test]
fn a_live_stream_does_not_wait_for_progress_that_is_there() {
    let mut queue = live(3, 1, SubscriberOverflowPolicy::SummarizeAndContinue);
    queue.push(frame(PROGRESS, 1));
    queue.push(frame(PROGRESS, 2));
    assert!(!queue.is_empty());
    assert_eq!(queue.pop().unwrap().overflow.unwrap().dropped_count, 2);
    assert!(queue.pop().is_none() && queue.is_empty());
}

#[test]
fn a_live_stream_that_failed_tells_of_it_on_its_last_frame() {
    let mut queue = live(2, 1, SubscriberOverflowPolicy::FailSubscriber);
    (1..=3).for_each(|seq| queue.push(frame(ORDINARY, seq)));
    assert!(queue.has_failed());
    let last = queue.pop().unwrap();
    assert_eq!(last.cursor.event_seq, 1);
    assert_eq!(last.overflow.unwrap().gap_end.event_seq, 2);
    assert!(queue.pop().is_none());
}

#[test]
fn a_live_stream_that_has_ended_tells_of_the_gap_at_its_end_on_its_last_frame() {
    let mut queue = live(3, 1, SubscriberOverflowPolicy::DropNonTerminal);
    (1..=5).for_each(|seq| queue.push(frame(ORDINARY, seq)));
    queue.finish();
    queue.finish();
    assert!(queue.pop().unwrap().overflow.is_none());
    let last = queue.pop().unwrap().overflow.unwrap();
    assert_eq!((last.dropped_count, last.gap_end.event_seq), (3, 5));
    assert!(queue.pop().is_none());
}

#[test]
fn a_gap_at_the_end_of_a_live_stream_is_told_together_with_the_gap_before_its_last_frame() {
    let mut queue = live(3, 1, SubscriberOverflowPolicy::DropNonTerminal);
    (1..=3).for_each(|seq| queue.push(frame(ORDINARY, seq)));
    assert_eq!(queue.pop().unwrap().cursor.event_seq, 1);
    (4..=5).for_each(|seq| queue.push(frame(ORDINARY, seq)));
    queue.finish();
    assert_eq!(queue.pop().unwrap().cursor.event_seq, 2);
    let last = queue.pop().unwrap();
    let gap = last.overflow.unwrap();
    // The frames 3 and 5 are missing, one on either side of the last frame.
    assert_eq!((last.cursor.event_seq, gap.dropped_count), (4, 2));
    assert_eq!(gap.gap_end.event_seq, 5);
}

#[test]
fn progress_for_which_there_is_no_room_at_the_end_of_a_live_stream_is_told_on_its_last_frame() {
    let mut queue = live(2, 1, SubscriberOverflowPolicy::SummarizeAndContinue);
    queue.push(frame(ORDINARY, 1));
    queue.push(frame(PROGRESS, 2));
    queue.finish();
    assert_eq!(queue.pop().unwrap().overflow.unwrap().gap_end.event_seq, 2);
    assert!(queue.pop().is_none());
}

#[test]
fn what_was_dropped_before_a_stream_went_live_is_told_on_its_first_frame() {
    let mut queue = queue(1, 1, SubscriberOverflowPolicy::DropNonTerminal);
    (1..=2).for_each(|seq| queue.push(frame(ORDINARY, seq)));
    queue.go_live();
    assert!(queue.is_empty());
    // What is left out from then on belongs to the same gap.
    queue.push(frame(ORDINARY, 3));
    queue.push(frame(TERMINAL, 4));
    let gap = queue.pop().unwrap().overflow.unwrap();
    assert_eq!((gap.dropped_count, gap.gap_end.event_seq), (3, 3));
}

#[test]
fn a_terminal_frame_pushes_out_the_one_that_is_not_wherever_it_is() {
    let policy = SubscriberOverflowPolicy::DropNonTerminal;
    for (kinds, expected) in [
        ([ORDINARY, TERMINAL, TERMINAL], [2, 3]),
        ([TERMINAL, ORDINARY, TERMINAL], [1, 3]),
        ([TERMINAL, TERMINAL, TERMINAL], [2, 3]),
    ] {
        assert_eq!(left(queue(2, 1, policy), &kinds), expected);
    }
}

#[test]
fn a_live_stream_says_that_a_terminal_frame_was_left_out() {
    for (first, preserved, reason) in [
        (TERMINAL, false, EventOverflowReason::SubscriberQueueFull),
        (
            ORDINARY,
            true,
            EventOverflowReason::PolicyDroppedNonTerminal,
        ),
    ] {
        let mut queue = live(2, 1, SubscriberOverflowPolicy::DropNonTerminal);
        queue.push(frame(first, 1));
        (2..=3).for_each(|seq| queue.push(frame(TERMINAL, seq)));
        let gap = queue.pop().unwrap().overflow.unwrap();
        assert_eq!((gap.terminal_preserved, gap.reason), (preserved, reason));
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod any_reader {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The frames that are read and those that the notices count are, together and in order, all frames there were.
        #[test]
        fn a_live_reader_is_told_of_every_frame_that_it_misses(
            steps in prop::collection::vec(prop::option::of(0..3_usize), 0..60),
            capacity in 1..6_u64,
            terminal_reserve in 1..4_u64,
            overflow in prop::sample::select(vec![
                SubscriberOverflowPolicy::DropNonTerminal,
                SubscriberOverflowPolicy::DropProgress,
                SubscriberOverflowPolicy::SummarizeAndContinue,
            ]),
        ) {
            let mut queue = live(capacity, terminal_reserve, overflow);
            let (mut pushed, mut told) = (0, 0);
            let mut read = |queue: &mut SubscriberQueue, pushed: u64| -> bool {
                let Some(frame) = queue.pop() else { return false };
                let seq = frame.cursor.event_seq;
                if let Some(gap) = frame.overflow.as_deref() {
                    assert_eq!(gap.gap_start.as_ref().unwrap().event_seq, told + 1);
                    // The notice of a summary counts the summary itself.
                    assert!(gap.gap_end.event_seq + 1 == seq || gap.gap_end.event_seq == seq);
                    assert_eq!(gap.dropped_count, gap.gap_end.event_seq - told);
                } else {
                    assert_eq!(seq, told + 1);
                }
                assert!(seq <= pushed);
                told = seq;
                true
            };
            for step in steps {
                match step {
                    Some(kind) => {
                        pushed += 1;
                        queue.push(frame([ORDINARY, TERMINAL, PROGRESS][kind], pushed));
                    }
                    None => {
                        read(&mut queue, pushed);
                    }
                }
            }
            while read(&mut queue, pushed) {}
            queue.push(frame(TERMINAL, pushed + 1));
            prop_assert!(read(&mut queue, pushed + 1), "nothing is left untold");
        }
    }
}
