//! A subscriber's queue: which frames of a stream are kept when there are more than the queue holds.

use std::collections::VecDeque;

use super::overflow::{Dropped, LeftOut, Progress, join_notices};
use super::{
    EventFrame, EventOverflowNotice, EventOverflowReason, EventStreamScope, OfferedFrame,
    SubscriberOverflowPolicy, SubscriberQueueConfig, rescope,
};
use crate::domain::{AgentError, ErrorCode};

/// A subscriber's queue, bounded as its configuration says (REFERENCE 30, 36, 37, 38).
///
/// Frames go in one by one. Either all are taken out at the end, by [`SubscriberQueue::into_frames`], which gives what
/// the reference's bus gives; or, once [`SubscriberQueue::go_live`] was called, they are taken out one by one in
/// between, by [`SubscriberQueue::pop`].
///
/// A live queue reports a gap on the frame after it, and exactly: the notice of a frame counts every frame that was
/// left out between the frame before it and itself, also where the reference loses count (REFERENCE 36). Only the last
/// frame of a stream that has ended also reports the gap after itself; see [`SubscriberQueue::finish`].
// Every operation takes constant time on average, however many frames there are.
pub struct SubscriberQueue {
    overflow: SubscriberOverflowPolicy,
    /// How many frames the queue may hold.
    capacity: usize,
    /// How many of them may be frames that are not terminal.
    ordinary_capacity: usize,
    /// The frames in order, with holes where frames were dropped. Never starts with a hole.
    slots: VecDeque<Option<EventFrame>>,
    /// How many slots were ever taken off the front. This is the absolute place of the first slot.
    taken: usize,
    held: usize,
    ordinary: usize,
    /// Absolute places. Before `first_ordinary` every frame is terminal; before `first_progress` there is no progress
    /// frame.
    first_ordinary: usize,
    first_progress: usize,
    dropped: Dropped,
    progress: Progress,
    is_live: bool,
    /// The notice of what a live queue left out since its last frame.
    untold: Option<Box<EventOverflowNotice>>,
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
        // With a `usize` of 32 bits, a queue of more frames than fit in memory is as good as unbounded.
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let (capacity, reserve) = (config.capacity.get(), config.terminal_reserve.get());
        Ok(Self {
            overflow: config.overflow,
            capacity: size(capacity),
            ordinary_capacity: size(capacity.saturating_sub(reserve)),
            slots: VecDeque::new(),
            taken: 0,
            held: 0,
            ordinary: 0,
            first_ordinary: 0,
            first_progress: 0,
            dropped: Dropped::default(),
            progress: Progress::default(),
            is_live: false,
            untold: None,
            failed: false,
        })
    }

    /// Puts a frame in, in that scope, or leaves this frame or others out, as the overflow policy says. A frame for which
    /// there is no room is not asked for.
    pub fn push(&mut self, frame: &dyn OfferedFrame, scope: &EventStreamScope) {
        if self.failed {
            return;
        }
        let kind = frame.traits().event_kind;
        if kind.is_terminal() {
            self.flush_progress();
            self.make_room_for_terminal();
            self.append(frame, scope);
            return;
        }
        match self.overflow {
            SubscriberOverflowPolicy::SummarizeAndContinue if kind.is_progress() => {
                self.progress.record(rescope(frame.frame(), scope.clone()));
            }
            SubscriberOverflowPolicy::SummarizeAndContinue => {
                self.flush_progress();
                self.append_or_drop(frame, scope, EventOverflowReason::SubscriberQueueFull);
            }
            SubscriberOverflowPolicy::DropProgress if kind.is_progress() => {
                self.append_or_drop(frame, scope, EventOverflowReason::PolicyDroppedProgress);
            }
            SubscriberOverflowPolicy::DropProgress => {
                if !self.has_room() {
                    self.drop_oldest_progress();
                }
                self.append_or_drop(frame, scope, EventOverflowReason::SubscriberQueueFull);
            }
            SubscriberOverflowPolicy::FailSubscriber => {
                let room = self.has_room();
                self.append_or_drop(frame, scope, EventOverflowReason::SubscriberQueueFull);
                if !room {
                    self.failed = true;
                    self.tell_last();
                }
            }
            // `new` refuses `backpressure_caller`.
            SubscriberOverflowPolicy::DropNonTerminal
            | SubscriberOverflowPolicy::BackpressureCaller => {
                self.append_or_drop(frame, scope, EventOverflowReason::PolicyDroppedNonTerminal);
            }
        }
    }

    /// Ends the backlog of a live stream. If taken out now, the frames are those of [`SubscriberQueue::into_frames`].
    pub fn go_live(&mut self) {
        self.flush_progress();
        self.tell_last();
        self.untold = self.dropped.take_notice(self.overflow);
        self.is_live = true;
    }

    /// Ends a live stream. No frame will come that could report a gap, so the last frame in the queue reports it. If
    /// the queue is empty, the gap is not reported.
    pub fn finish(&mut self) {
        self.flush_progress();
        self.tell_last();
    }

    /// Takes out the oldest frame. Progress that waits to be summed up is summed up when nothing else is left, so that
    /// a reader does not wait although there is something to read.
    pub fn pop(&mut self) -> Option<EventFrame> {
        if self.held == 0 {
            self.flush_progress();
        }
        let frame = self.slots.pop_front()??;
        self.taken += 1;
        self.count_out(&frame);
        self.skip_holes();
        Some(frame)
    }

    /// Whether the stream was cut (`fail_subscriber`): what is in the queue is all there will be.
    pub fn has_failed(&self) -> bool {
        self.failed
    }

    /// Takes out everything and ends the stream. Drops that were not reported yet are reported on the last frame.
    pub fn into_frames(mut self) -> Vec<EventFrame> {
        self.flush_progress();
        self.tell_last();
        self.slots.into_iter().flatten().collect()
    }

    fn has_room(&self) -> bool {
        self.held < self.capacity && self.ordinary < self.ordinary_capacity
    }

    /// Appends a frame, with the notice of what was dropped before it.
    fn append(&mut self, frame: &dyn OfferedFrame, scope: &EventStreamScope) {
        let mut frame = rescope(frame.frame(), scope.clone());
        match self.untold.take() {
            Some(gap) => frame.overflow = Some(join_notices(gap, frame.overflow.take())),
            None => {
                let notice = self.dropped.take_notice(self.overflow);
                frame.overflow = notice.or(frame.overflow);
            }
        }
        self.held += 1;
        self.ordinary += usize::from(!is_terminal(&frame));
        self.slots.push_back(Some(frame));
    }

    fn append_or_drop(
        &mut self,
        frame: &dyn OfferedFrame,
        scope: &EventStreamScope,
        reason: EventOverflowReason,
    ) {
        if self.has_room() {
            self.append(frame, scope);
        } else {
            self.leave_out(LeftOut::new(frame, scope), reason, self.end());
        }
    }

    /// Notes that a frame was left out at this absolute place.
    fn leave_out(&mut self, out: LeftOut, reason: EventOverflowReason, place: usize) {
        if !self.is_live {
            self.dropped.record(out, reason);
            return;
        }
        let after = (place + 1 - self.taken).min(self.slots.len());
        let next = self.slots.range_mut(after..).flatten().next();
        let told = next.map_or(&mut self.untold, |next| &mut next.overflow);
        *told = Some(join_notices(out.notice(self.overflow, reason), told.take()));
    }

    fn flush_progress(&mut self) {
        if let Some(summary) = self.progress.take_summary() {
            let scope = summary.cursor.scope.clone();
            self.append_or_drop(&summary, &scope, EventOverflowReason::PolicyDroppedProgress);
        }
    }

    /// Drops the oldest frame that is not terminal. If all are terminal, drops the oldest of them.
    fn make_room_for_terminal(&mut self) {
        while self.held >= self.capacity {
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

    fn drop_oldest_progress(&mut self) {
        let is_progress = |frame: &EventFrame| frame.event.envelope.event_kind.is_progress();
        self.first_progress = self.next_place(self.first_progress, is_progress);
        self.drop_at(
            self.first_progress,
            EventOverflowReason::PolicyDroppedProgress,
        );
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

    /// Drops the frame at a place; returns whether there was one.
    fn drop_at(&mut self, place: usize, reason: EventOverflowReason) -> bool {
        let Some(frame) = self
            .slots
            .get_mut(place - self.taken)
            .and_then(Option::take)
        else {
            return false;
        };
        self.count_out(&frame);
        let out = LeftOut::new(&frame, &frame.cursor.scope);
        self.leave_out(out, reason, place);
        self.skip_holes();
        true
    }

    fn count_out(&mut self, frame: &EventFrame) {
        self.held -= 1;
        self.ordinary -= usize::from(!is_terminal(frame));
    }

    fn skip_holes(&mut self) {
        while let Some(None) = self.slots.front() {
            self.slots.pop_front();
            self.taken += 1;
        }
    }

    /// Puts the notice of what was dropped on the last frame. Before the queue is live, this replaces a notice that the
    /// frame has already (REFERENCE 36).
    fn tell_last(&mut self) {
        let Some(last) = self.slots.iter_mut().rev().find_map(Option::as_mut) else {
            return;
        };
        match self.untold.take() {
            Some(gap) => last.overflow = Some(join_notices(gap, last.overflow.take())),
            None => {
                let notice = self.dropped.take_notice(self.overflow);
                last.overflow = notice.or(last.overflow.take());
            }
        }
    }
}

fn is_terminal(frame: &EventFrame) -> bool {
    frame.event.envelope.event_kind.is_terminal()
}

#[cfg(test)]
mod tests;
