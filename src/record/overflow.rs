//! What a bounded stream remembers about the frames that it dropped.

use std::sync::Arc;

use super::{
    AgentEvent, EventCursor, EventFrame, EventOverflowNotice, EventOverflowReason,
    EventStreamScope, OfferedFrame, SubscriberOverflowPolicy,
};
use crate::domain::JournalCursor;

/// Frames that were left out one after the other.
struct Gap {
    count: u64,
    start: EventCursor,
    end: EventCursor,
    /// The first journal cursor among those of the frames.
    repair_from: Option<JournalCursor>,
}

impl Gap {
    fn new(cursor: &EventCursor) -> Self {
        Self {
            count: 1,
            start: cursor.clone(),
            end: cursor.clone(),
            repair_from: cursor.journal_cursor.clone(),
        }
    }

    fn extend(&mut self, cursor: &EventCursor) {
        self.count += 1;
        self.end = cursor.clone();
        if self.repair_from.is_none() {
            self.repair_from = cursor.journal_cursor.clone();
        }
    }

    fn notice(
        self,
        policy: SubscriberOverflowPolicy,
        reason: EventOverflowReason,
        terminal_preserved: bool,
    ) -> Box<EventOverflowNotice> {
        Box::new(EventOverflowNotice {
            policy,
            dropped_count: self.count,
            gap_start: Some(self.start),
            gap_end: self.end,
            repair_from: self.repair_from,
            terminal_preserved,
            reason,
        })
    }
}

/// What is remembered of a frame that was left out.
pub(super) struct LeftOut {
    cursor: EventCursor,
    is_terminal: bool,
    /// A notice that the frame carried itself.
    overflow: Option<Box<EventOverflowNotice>>,
}

impl LeftOut {
    pub(super) fn new(frame: &dyn OfferedFrame, scope: &EventStreamScope) -> Self {
        Self {
            cursor: frame.cursor(scope.clone()),
            is_terminal: frame.traits().event_kind.is_terminal(),
            overflow: frame.overflow().cloned().map(Box::new),
        }
    }

    /// The notice of the frame, if a live queue left it out. A notice that the frame carried itself is not lost.
    pub(super) fn notice(
        self,
        policy: SubscriberOverflowPolicy,
        reason: EventOverflowReason,
    ) -> Box<EventOverflowNotice> {
        match self.overflow {
            // The notice of a summary counts the summary itself.
            Some(told) if told.gap_end.event_seq == self.cursor.event_seq => told,
            told => {
                let own = Gap::new(&self.cursor).notice(policy, reason, !self.is_terminal);
                join_notices(own, told)
            }
        }
    }
}

/// The frames that were dropped since the last notice.
#[derive(Default)]
pub(super) struct Dropped {
    /// The gap, and why the first of them was dropped.
    gap: Option<(Gap, EventOverflowReason)>,
    terminal: bool,
}

impl Dropped {
    /// Notes that a frame was dropped. A notice that the frame carried itself is lost (REFERENCE 36).
    pub(super) fn record(&mut self, out: LeftOut, reason: EventOverflowReason) {
        match &mut self.gap {
            Some((gap, _)) => gap.extend(&out.cursor),
            None => self.gap = Some((Gap::new(&out.cursor), reason)),
        }
        self.terminal |= out.is_terminal;
    }

    /// The notice of the dropped frames, if there are any. After that there are none.
    pub(super) fn take_notice(
        &mut self,
        policy: SubscriberOverflowPolicy,
    ) -> Option<Box<EventOverflowNotice>> {
        let Self { gap, terminal } = std::mem::take(self);
        let (gap, first) = gap?;
        let reason = match terminal {
            false => first,
            true => EventOverflowReason::SubscriberQueueFull,
        };
        Some(gap.notice(policy, reason, !terminal))
    }
}

/// One notice for two gaps next to each other, or for the first alone.
pub(super) fn join_notices(
    mut first: Box<EventOverflowNotice>,
    second: Option<Box<EventOverflowNotice>>,
) -> Box<EventOverflowNotice> {
    let Some(mut second) = second else {
        return first;
    };
    if start(&second) < start(&first) {
        std::mem::swap(&mut first, &mut second);
    }
    // A frame of the host may carry any count.
    first.dropped_count = first.dropped_count.saturating_add(second.dropped_count);
    if second.gap_end.event_seq > first.gap_end.event_seq {
        first.gap_end = second.gap_end;
    }
    first.repair_from = first.repair_from.or(second.repair_from);
    first.terminal_preserved &= second.terminal_preserved;
    if !first.terminal_preserved {
        first.reason = EventOverflowReason::SubscriberQueueFull;
    }
    first
}

fn start(notice: &EventOverflowNotice) -> u64 {
    let start = notice.gap_start.as_ref();
    start.unwrap_or(&notice.gap_end).event_seq
}

/// Progress frames that wait to be summed up (REFERENCE 38).
#[derive(Default)]
pub(super) struct Progress {
    /// The gap, and the latest of the frames.
    waiting: Option<(Gap, EventFrame)>,
}

impl Progress {
    pub(super) fn record(&mut self, frame: EventFrame) {
        match &mut self.waiting {
            Some((gap, latest)) => {
                gap.extend(&frame.cursor);
                *latest = frame;
            }
            None => self.waiting = Some((Gap::new(&frame.cursor), frame)),
        }
    }

    /// The one frame that stands for all that waited: the latest, with a summary and a notice.
    pub(super) fn take_summary(&mut self) -> Option<EventFrame> {
        let (gap, mut frame) = self.waiting.take()?;
        frame.event = Arc::new(AgentEvent::with_redacted_summary(
            Arc::unwrap_or_clone(frame.event).envelope,
            format!(
                "redacted progress summary for {} dropped progress frames",
                gap.count
            ),
        ));
        frame.overflow = Some(gap.notice(
            SubscriberOverflowPolicy::SummarizeAndContinue,
            EventOverflowReason::PolicyDroppedProgress,
            true,
        ));
        Some(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::EventKind::{RunCompleted, RunStarted};
    use crate::record::fixture::{frame, id};

    const POLICY: SubscriberOverflowPolicy = SubscriberOverflowPolicy::DropNonTerminal;
    const REASON: EventOverflowReason = EventOverflowReason::PolicyDroppedNonTerminal;

    /// A frame that is not terminal, with the cursor of its record.
    fn ordinary(seq: u64, journal_cursor: Option<&str>) -> EventFrame {
        let mut frame = frame(RunStarted, seq);
        let envelope = &mut Arc::make_mut(&mut frame.event).envelope;
        envelope.journal_cursor = journal_cursor.map(id);
        frame
    }

    fn left_out(frame: &EventFrame) -> LeftOut {
        LeftOut::new(frame, &EventStreamScope::All)
    }

    fn notice_of(seq: u64, journal_cursor: Option<&str>) -> Box<EventOverflowNotice> {
        left_out(&ordinary(seq, journal_cursor)).notice(POLICY, REASON)
    }

    /// What a notice says: how many frames, from where to where.
    fn told(notice: &EventOverflowNotice) -> (u64, u64, u64) {
        (
            notice.dropped_count,
            start(notice),
            notice.gap_end.event_seq,
        )
    }

    #[test]
    fn two_gaps_are_one_whichever_is_told_first() {
        for (first, second) in [(2, 3), (3, 2)] {
            let joined = join_notices(notice_of(first, None), Some(notice_of(second, None)));
            assert_eq!(told(&joined), (2, 2, 3));
        }
        // A gap within the other does not make its end come earlier.
        let mut long = notice_of(2, None);
        long.gap_end = frame(RunStarted, 9).cursor;
        let joined = join_notices(long, Some(notice_of(4, None)));
        assert_eq!(told(&joined), (2, 2, 9));
    }

    #[test]
    fn a_gap_can_be_filled_from_the_first_journal_cursor_in_it() {
        let joined = |first, second| {
            let joined = join_notices(notice_of(1, first), Some(notice_of(2, second)));
            let mut dropped = Dropped::default();
            dropped.record(left_out(&ordinary(1, first)), REASON);
            dropped.record(left_out(&ordinary(2, second)), REASON);
            let at_once = dropped.take_notice(POLICY).unwrap();
            assert_eq!(joined.repair_from, at_once.repair_from);
            joined.repair_from
        };
        assert_eq!(joined(None, None), None);
        assert_eq!(joined(Some("j1"), Some("j2")), Some(id("j1")));
        assert_eq!(joined(None, Some("j2")), Some(id("j2")));
    }

    #[test]
    fn one_terminal_frame_among_those_left_out_is_enough_to_say_that_they_were_not_preserved() {
        let lost = (false, EventOverflowReason::SubscriberQueueFull);
        for kinds in [[RunCompleted, RunStarted], [RunStarted, RunCompleted]] {
            let frames = [frame(kinds[0], 1), frame(kinds[1], 2)];
            let mut dropped = Dropped::default();
            frames
                .iter()
                .for_each(|frame| dropped.record(left_out(frame), REASON));
            let at_once = dropped.take_notice(POLICY).unwrap();
            let [first, second] = frames.map(|frame| left_out(&frame).notice(POLICY, REASON));
            let joined = join_notices(first, Some(second));
            for notice in [at_once, joined] {
                assert_eq!((notice.terminal_preserved, notice.reason), lost);
            }
        }
        let joined = join_notices(notice_of(1, None), Some(notice_of(2, None)));
        assert_eq!((joined.terminal_preserved, joined.reason), (true, REASON));
    }

    #[test]
    fn a_count_that_a_host_made_up_does_not_run_over() {
        let mut hosts = notice_of(1, None);
        hosts.dropped_count = u64::MAX;
        let joined = join_notices(hosts, Some(notice_of(2, None)));
        assert_eq!(joined.dropped_count, u64::MAX);
    }
}
