//! What a live stream promises.

use super::*;

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
    (1..=3).for_each(|seq| queue.push(&frame(ORDINARY, seq), &All));
    assert_eq!(queue.pop().unwrap().cursor.event_seq, 1);
    queue.push(&frame(ORDINARY, 4), &All);
    queue.push(&frame(TERMINAL, 5), &All);
    queue.push(&frame(TERMINAL, 6), &All);
    let frames: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
    assert_eq!(sequence(&frames), [4, 5, 6]);
    let gap = frames[0].overflow.as_deref().unwrap();
    let start = gap.gap_start.as_ref().map(|cursor| cursor.event_seq);
    assert_eq!(
        (gap.dropped_count, start, gap.gap_end.event_seq),
        (2, Some(2), 3)
    );
    assert!(frames[1..].iter().all(|frame| frame.overflow.is_none()));
    assert!(queue.pop().is_none());
}

#[test]
fn a_live_stream_does_not_wait_for_progress_that_is_there() {
    let mut queue = live(3, 1, SubscriberOverflowPolicy::SummarizeAndContinue);
    queue.push(&frame(PROGRESS, 1), &All);
    queue.push(&frame(PROGRESS, 2), &All);
    assert_eq!(queue.pop().unwrap().overflow.unwrap().dropped_count, 2);
    assert!(queue.pop().is_none());
}

#[test]
fn progress_goes_on_being_summed_up_while_there_is_something_else_to_read() {
    let mut queue = live(3, 1, SubscriberOverflowPolicy::SummarizeAndContinue);
    queue.push(&frame(ORDINARY, 1), &All);
    queue.push(&frame(PROGRESS, 2), &All);
    assert_eq!(queue.pop().unwrap().cursor.event_seq, 1);
    queue.push(&frame(PROGRESS, 3), &All);
    assert_eq!(queue.pop().unwrap().overflow.unwrap().dropped_count, 2);
}

#[test]
fn a_live_stream_that_failed_tells_of_it_on_its_last_frame() {
    let mut queue = live(2, 1, SubscriberOverflowPolicy::FailSubscriber);
    (1..=3).for_each(|seq| queue.push(&frame(ORDINARY, seq), &All));
    assert!(queue.has_failed());
    let last = queue.pop().unwrap();
    assert_eq!(last.cursor.event_seq, 1);
    assert_eq!(last.overflow.unwrap().gap_end.event_seq, 2);
    assert!(queue.pop().is_none());
}

#[test]
fn a_live_stream_that_has_ended_tells_of_the_gap_at_its_end_on_its_last_frame() {
    let mut queue = live(3, 1, SubscriberOverflowPolicy::DropNonTerminal);
    (1..=5).for_each(|seq| queue.push(&frame(ORDINARY, seq), &All));
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
    (1..=3).for_each(|seq| queue.push(&frame(ORDINARY, seq), &All));
    assert_eq!(queue.pop().unwrap().cursor.event_seq, 1);
    (4..=5).for_each(|seq| queue.push(&frame(ORDINARY, seq), &All));
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
    queue.push(&frame(ORDINARY, 1), &All);
    queue.push(&frame(PROGRESS, 2), &All);
    queue.finish();
    assert_eq!(queue.pop().unwrap().overflow.unwrap().gap_end.event_seq, 2);
    assert!(queue.pop().is_none());
}

#[test]
fn what_was_dropped_before_a_stream_went_live_is_told_on_its_first_frame() {
    let mut queue = queue(1, 1, SubscriberOverflowPolicy::DropNonTerminal);
    (1..=2).for_each(|seq| queue.push(&frame(ORDINARY, seq), &All));
    queue.go_live();
    assert!(queue.pop().is_none());
    // What is left out from then on belongs to the same gap.
    queue.push(&frame(ORDINARY, 3), &All);
    queue.push(&frame(TERMINAL, 4), &All);
    let gap = queue.pop().unwrap().overflow.unwrap();
    assert_eq!((gap.dropped_count, gap.gap_end.event_seq), (3, 3));
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
        queue.push(&frame(first, 1), &All);
        (2..=3).for_each(|seq| queue.push(&frame(TERMINAL, seq), &All));
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
                        queue.push(&frame([ORDINARY, TERMINAL, PROGRESS][kind], pushed), &All);
                    }
                    None => {
                        read(&mut queue, pushed);
                    }
                }
            }
            while read(&mut queue, pushed) {}
            queue.push(&frame(TERMINAL, pushed + 1), &All);
            prop_assert!(read(&mut queue, pushed + 1), "nothing is left untold");
        }
    }
}
