//! What a bounded stream promises.

use std::cell::Cell;
use std::num::NonZeroU64;

use super::*;
use crate::record::EventKind::{self, *};
use crate::record::EventStreamScope::All;
use crate::record::fixture::frame;
use crate::record::{EventCursor, EventTraits};

mod live;

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
        queue.push(&frame(*kind, index as u64 + 1), &All);
    }
    sequence(&queue.into_frames())
}

fn sequence(frames: &[EventFrame]) -> Vec<u64> {
    frames.iter().map(|frame| frame.cursor.event_seq).collect()
}

#[test]
fn the_oldest_63_ordinary_frames_stay_by_default_and_the_last_tells_of_the_rest() {
    let mut queue = SubscriberQueue::new(&SubscriberQueueConfig::default()).unwrap();
    (1..=70).for_each(|seq| queue.push(&frame(ORDINARY, seq), &All));
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

/// A frame that counts how often it is asked for.
struct Counting<'a> {
    frame: EventFrame,
    made: &'a Cell<u64>,
}

impl OfferedFrame for Counting<'_> {
    fn event_seq(&self) -> u64 {
        self.frame.event_seq()
    }

    fn traits(&self) -> EventTraits<'_> {
        self.frame.traits()
    }

    fn cursor(&self, scope: EventStreamScope) -> EventCursor {
        self.frame.cursor(scope)
    }

    fn overflow(&self) -> Option<&EventOverflowNotice> {
        self.frame.overflow()
    }

    fn frame(&self) -> EventFrame {
        self.made.set(self.made.get() + 1);
        self.frame.frame()
    }
}

#[test]
fn a_full_queue_asks_for_no_frame_that_it_leaves_out() {
    for &policy in SubscriberOverflowPolicy::ALL {
        for live in [false, true] {
            if policy == SubscriberOverflowPolicy::BackpressureCaller {
                continue;
            }
            let (mut queue, made) = (queue(3, 1, policy), Cell::new(0));
            if live {
                queue.go_live();
            }
            for seq in 1..=10 {
                let (frame, made) = (frame(ORDINARY, seq), &made);
                queue.push(&Counting { frame, made }, &All);
            }
            assert_eq!(made.get(), 2, "{policy}");
            queue.finish();
            let notice = queue.into_frames()[1].overflow.take().unwrap();
            let counted = match policy {
                SubscriberOverflowPolicy::FailSubscriber => 1,
                _ => 8,
            };
            assert_eq!(notice.dropped_count, counted, "{policy}");
            assert_eq!(notice.gap_start.unwrap(), frame(ORDINARY, 3).cursor);
            assert_eq!(notice.gap_end, frame(ORDINARY, counted + 2).cursor);
        }
    }
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
fn drop_progress_gives_up_progress_for_what_comes_later() {
    let kinds = [PROGRESS, ORDINARY, PROGRESS, ORDINARY, ORDINARY];
    let policy = SubscriberOverflowPolicy::DropProgress;
    assert_eq!(left(queue(3, 1, policy), &kinds), [2, 4]);
    assert_eq!(left(queue(6, 1, policy), &kinds), [1, 2, 3, 4, 5]);
}

#[test]
fn progress_is_summed_up_even_with_room_to_spare() {
    let mut queue = queue(64, 1, SubscriberOverflowPolicy::SummarizeAndContinue);
    [PROGRESS, PROGRESS, ORDINARY, PROGRESS]
        .into_iter()
        .zip(1..)
        .for_each(|(kind, seq)| queue.push(&frame(kind, seq), &All));
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
        .for_each(|(kind, seq)| queue.push(&frame(kind, seq), &All));
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
            numbered.for_each(|(kind, seq)| queue.push(&frame(kind, seq), &All));
            queue
        };
        let mut live = filled();
        live.go_live();
        let frames: Vec<_> = std::iter::from_fn(|| live.pop()).collect();
        assert_eq!(frames, filled().into_frames(), "{policy}");
    }
}
