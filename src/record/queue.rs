//! A subscriber's queue: which frames of a stream are kept when there are more than it holds.

use std::collections::VecDeque;

use super::overflow::{Dropped, Progress};
use super::{EventFrame, EventOverflowReason, SubscriberOverflowPolicy, SubscriberQueueConfig};
use crate::domain::{AgentError, ErrorCode};

/// A subscriber's queue, bounded as its configuration says (REFERENCE 30, 36, 37, 38).
///
/// Frames go in one by one. Either all are taken out at the end, by [`SubscriberQueue::into_frames`], which gives what
/// the reference's bus gives; or one by one in between, by [`SubscriberQueue::pop`], for a live stream.
// Every operation takes constant time on average, however many frames there are.
pub struct SubscriberQueue {
    overflow: SubscriberOverflowPolicy,
    /// How many frames there may be.
    capacity: usize,
    /// How many of them may be no terminal ones.
    ordinary_capacity: usize,
    /// The frames in order, with holes where frames were dropped. Never starts with a hole.
    slots: VecDeque<Option<EventFrame>>,
    /// How many slots were taken off the front, ever: the absolute place of the first slot.
    taken: usize,
    live: usize,
    ordinary: usize,
    /// Before these absolute places there is no frame that is not terminal, and no progress frame.
    first_ordinary: usize,
    first_progress: usize,
    dropped: Dropped,
    progress: Progress,
    failed: bool,
}

impl SubscriberQueue {
    /// An empty queue.
    ///
    /// # Errors
    ///
    /// `invalid_overflow_policy` for `backpressure_caller`: the publisher of a live stream does not wait.
    pub fn new(config: &SubscriberQueueConfig) -> Result<Self, AgentError> {
        if config.overflow == SubscriberOverflowPolicy::BackpressureCaller {
            return Err(ErrorCode::InvalidOverflowPolicy.into());
        }
        // Where a usize has 32 bits, a queue of more than fit in the memory is as good as unbounded.
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let capacity = size(config.capacity.get());
        Ok(Self {
            overflow: config.overflow,
            capacity,
            ordinary_capacity: capacity.saturating_sub(size(config.terminal_reserve.get())),
            slots: VecDeque::new(),
            taken: 0,
            live: 0,
            ordinary: 0,
            first_ordinary: 0,
            first_progress: 0,
            dropped: Dropped::default(),
            progress: Progress::default(),
            failed: false,
        })
    }

    /// Puts a frame in, or gives it or others up as the overflow policy says.
    pub fn push(&mut self, frame: EventFrame) {
        if self.failed {
            return;
        }
        let kind = frame.event.envelope.event_kind;
        if kind.is_terminal() {
            self.flush_progress();
            self.make_room_for_terminal();
            self.append(frame);
            return;
        }
        match self.overflow {
            SubscriberOverflowPolicy::SummarizeAndContinue if kind.is_progress() => {
                self.progress.record(frame);
            }
            SubscriberOverflowPolicy::SummarizeAndContinue => {
                self.flush_progress();
                self.append_or_drop(frame, EventOverflowReason::SubscriberQueueFull);
            }
            SubscriberOverflowPolicy::DropProgress if kind.is_progress() => {
                self.append_or_drop(frame, EventOverflowReason::PolicyDroppedProgress);
            }
            SubscriberOverflowPolicy::DropProgress => {
                if self.has_room() || self.drop_oldest_progress() {
                    self.append(frame);
                } else {
                    self.dropped
                        .record(&frame, EventOverflowReason::SubscriberQueueFull);
                }
            }
            SubscriberOverflowPolicy::FailSubscriber => {
                let room = self.has_room();
                self.append_or_drop(frame, EventOverflowReason::SubscriberQueueFull);
                if !room {
                    self.failed = true;
                    self.tell_last();
                }
            }
            // `new` refuses backpressure.
            SubscriberOverflowPolicy::DropNonTerminal
            | SubscriberOverflowPolicy::BackpressureCaller => {
                self.append_or_drop(frame, EventOverflowReason::PolicyDroppedNonTerminal);
            }
        }
    }

    /// Takes out the oldest frame. Progress that waits to be summed up is summed up when nothing else is left, so that
    /// a reader does not wait for what is there.
    pub fn pop(&mut self) -> Option<EventFrame> {
        if self.live == 0 {
            self.flush_progress();
        }
        let frame = self.slots.pop_front()??;
        self.taken += 1;
        self.count_out(&frame);
        self.skip_holes();
        Some(frame)
    }

    /// Whether there is nothing to take out.
    pub fn is_empty(&self) -> bool {
        self.live == 0 && self.progress.is_empty()
    }

    /// Whether the stream was cut (`fail_subscriber`): what is in the queue is all there will be.
    pub fn has_failed(&self) -> bool {
        self.failed
    }

    /// Takes out everything, ending the stream: drops that were not told of yet are told on the last frame.
    pub fn into_frames(mut self) -> Vec<EventFrame> {
        self.flush_progress();
        self.tell_last();
        self.slots.into_iter().flatten().collect()
    }

    fn has_room(&self) -> bool {
        self.live < self.capacity && self.ordinary < self.ordinary_capacity
    }

    /// Appends a frame, which takes the notice of what was dropped before it.
    fn append(&mut self, mut frame: EventFrame) {
        if let Some(notice) = self.dropped.take_notice(self.overflow) {
            frame.overflow = Some(notice);
        }
        self.live += 1;
        self.ordinary += usize::from(!is_terminal(&frame));
        self.slots.push_back(Some(frame));
    }

    fn append_or_drop(&mut self, frame: EventFrame, reason: EventOverflowReason) {
        if self.has_room() {
            self.append(frame);
        } else {
            self.dropped.record(&frame, reason);
        }
    }

    fn flush_progress(&mut self) {
        if let Some(summary) = self.progress.take_summary() {
            self.append_or_drop(summary, EventOverflowReason::PolicyDroppedProgress);
        }
    }

    /// Drops the oldest frame that is not terminal, and where all are terminal the oldest of those.
    fn make_room_for_terminal(&mut self) {
        while self.live >= self.capacity {
            self.first_ordinary = self.next_place(self.first_ordinary, |frame| !is_terminal(frame));
            let (place, reason) = if self.first_ordinary < self.end() {
                (
                    self.first_ordinary,
                    EventOverflowReason::PolicyDroppedNonTerminal,
                )
            } else {
                (self.taken, EventOverflowReason::SubscriberQueueFull)
            };
            if !self.drop_at(place, reason) {
                break;
            }
        }
    }

    fn drop_oldest_progress(&mut self) -> bool {
        let is_progress = |frame: &EventFrame| frame.event.envelope.event_kind.is_progress();
        self.first_progress = self.next_place(self.first_progress, is_progress);
        self.drop_at(
            self.first_progress,
            EventOverflowReason::PolicyDroppedProgress,
        )
    }

    /// The absolute place after the last slot.
    fn end(&self) -> usize {
        self.taken + self.slots.len()
    }

    /// The first place from `from` on with a frame that passes `test`, or the end.
    fn next_place(&self, from: usize, test: impl Fn(&EventFrame) -> bool) -> usize {
        let from = from.max(self.taken);
        self.slots
            .range(from - self.taken..)
            .position(|slot| slot.as_ref().is_some_and(&test))
            .map_or(self.end(), |offset| from + offset)
    }

    /// Drops the frame at a place; answers whether there was one.
    fn drop_at(&mut self, place: usize, reason: EventOverflowReason) -> bool {
        let Some(frame) = self
            .slots
            .get_mut(place - self.taken)
            .and_then(Option::take)
        else {
            return false;
        };
        self.count_out(&frame);
        self.dropped.record(&frame, reason);
        self.skip_holes();
        true
    }

    fn count_out(&mut self, frame: &EventFrame) {
        self.live -= 1;
        self.ordinary -= usize::from(!is_terminal(frame));
    }

    fn skip_holes(&mut self) {
        while let Some(None) = self.slots.front() {
            self.slots.pop_front();
            self.taken += 1;
        }
    }

    /// Puts the notice of what was dropped on the last frame, in place of one that may be there (REFERENCE 36).
    fn tell_last(&mut self) {
        if let Some(last) = self.slots.iter_mut().rev().find_map(Option::as_mut)
            && let Some(notice) = self.dropped.take_notice(self.overflow)
        {
            last.overflow = Some(notice);
        }
    }
}

fn is_terminal(frame: &EventFrame) -> bool {
    frame.event.envelope.event_kind.is_terminal()
}

#[cfg(test)]
mod tests;
