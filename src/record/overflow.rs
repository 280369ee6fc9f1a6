//! What a bounded stream remembers about the frames that it dropped.

use std::sync::Arc;

use super::{
    AgentEvent, EventCursor, EventFrame, EventOverflowNotice, EventOverflowReason,
    SubscriberOverflowPolicy,
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

/// The frames that were dropped since the last notice.
#[derive(Default)]
pub(super) struct Dropped {
    /// The gap, and why the first of them was dropped.
    gap: Option<(Gap, EventOverflowReason)>,
    terminal: bool,
}

impl Dropped {
    /// Notes that `frame` was dropped. A notice that the frame carried itself is lost (REFERENCE 36).
    pub(super) fn record(&mut self, frame: &EventFrame, reason: EventOverflowReason) {
        match &mut self.gap {
            Some((gap, _)) => gap.extend(&frame.cursor),
            None => self.gap = Some((Gap::new(&frame.cursor), reason)),
        }
        self.terminal |= frame.event.envelope.event_kind.is_terminal();
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

/// The notice of one frame that a live queue left out. A notice that the frame carried itself is not lost.
pub(super) fn left_out(
    frame: EventFrame,
    policy: SubscriberOverflowPolicy,
    reason: EventOverflowReason,
) -> Box<EventOverflowNotice> {
    let terminal = frame.event.envelope.event_kind.is_terminal();
    let own = Gap::new(&frame.cursor).notice(policy, reason, !terminal);
    match frame.overflow {
        // The notice of a summary counts the summary itself.
        Some(told) if told.gap_end.event_seq == frame.cursor.event_seq => told,
        told => join_notices(own, told),
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

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_none()
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
