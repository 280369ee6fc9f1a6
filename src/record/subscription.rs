//! Streams: what a subscriber sees of the frames on a bus.

use super::{
    CompiledEventFilter, EventCursor, EventFrame, EventStreamScope, OfferedFrame, SubscriberQueue,
    SubscriberQueueConfig,
};
use crate::domain::{AgentError, ErrorCode};

/// Whether a stream of the given scope may continue from a cursor. Of filters only the fingerprint counts
/// (REFERENCE 31).
///
/// # Errors
///
/// `cursor_scope_mismatch` if the cursor belongs to another stream.
pub fn cursor_compatible(
    requested: &EventStreamScope,
    cursor: Option<&EventCursor>,
) -> Result<(), AgentError> {
    use EventStreamScope as Scope;
    let compatible = match (requested, cursor.map(|cursor| &cursor.scope)) {
        (_, None) => true,
        (
            Scope::Filter {
                filter_fingerprint: requested,
                ..
            },
            Some(Scope::Filter {
                filter_fingerprint: given,
                ..
            }),
        ) => requested == given,
        (requested, Some(given)) => requested == given,
    };
    if compatible {
        Ok(())
    } else {
        Err(ErrorCode::CursorScopeMismatch.into())
    }
}

/// The same frame in a stream of another scope. Its cursor is made anew from its envelope.
pub fn rescope(mut frame: EventFrame, scope: EventStreamScope) -> EventFrame {
    frame.cursor = frame.event.envelope.cursor(scope);
    frame
}

/// What a subscriber with this filter sees of `frames`, which a bus holds in this order.
///
/// # Errors
///
/// The errors of [`FrameStream::new`].
pub fn subscription(
    frames: impl IntoIterator<Item = EventFrame>,
    filter: &CompiledEventFilter,
    cursor: Option<&EventCursor>,
) -> Result<Vec<EventFrame>, AgentError> {
    let mut stream = FrameStream::of_filter(filter, cursor)?;
    frames.into_iter().for_each(|frame| stream.take(&frame));
    Ok(stream.into_frames())
}

/// What a subscriber sees of the frames of a bus, which are put in one by one: those after its cursor that match its
/// filter, in a stream of one scope and within the bounds of a queue.
///
/// The filter is applied here whatever the bus has done before, so that a bus that ignores the filter widens nothing
/// (DESIGN 3).
pub struct FrameStream<'a> {
    scope: EventStreamScope,
    filter: &'a CompiledEventFilter,
    cursor: Option<&'a EventCursor>,
    queue: SubscriberQueue,
}

impl<'a> FrameStream<'a> {
    /// An empty stream.
    ///
    /// # Errors
    ///
    /// `cursor_scope_mismatch`, and, checked after it, `invalid_overflow_policy` (REFERENCE, "Errors").
    pub fn new(
        scope: EventStreamScope,
        filter: &'a CompiledEventFilter,
        queue: &SubscriberQueueConfig,
        cursor: Option<&'a EventCursor>,
    ) -> Result<Self, AgentError> {
        cursor_compatible(&scope, cursor)?;
        let queue = SubscriberQueue::new(queue)?;
        Ok(Self {
            scope,
            filter,
            cursor,
            queue,
        })
    }

    /// A stream of a filter, with the filter's queue.
    ///
    /// # Errors
    ///
    /// As [`Self::new`].
    pub fn of_filter(
        filter: &'a CompiledEventFilter,
        cursor: Option<&'a EventCursor>,
    ) -> Result<Self, AgentError> {
        Self::new(filter.cursor_scope(), filter, filter.queue(), cursor)
    }

    /// Puts a frame in, if the subscriber is to see it and the queue has room.
    pub fn take(&mut self, frame: &dyn OfferedFrame) {
        let seen = self.cursor.map(|cursor| cursor.event_seq);
        let is_new = seen.is_none_or(|seen| seen < frame.event_seq());
        if is_new && self.filter.lets_through(&frame.traits()) {
            self.queue.push(frame, &self.scope);
        }
    }

    /// The frames that the subscriber sees.
    pub fn into_frames(self) -> Vec<EventFrame> {
        self.queue.into_frames()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::frame;
    use super::super::{EventFilter, EventKind, SubscriberOverflowPolicy};
    use super::*;

    fn filter(kinds: &[EventKind]) -> CompiledEventFilter {
        CompiledEventFilter::compile(EventFilter::kinds(kinds.iter().copied()))
    }

    #[test]
    fn a_subscriber_sees_what_matches_after_its_cursor_under_its_own_scope() {
        use EventKind::{RunCompleted, RunStarted};
        let frames: Vec<_> = [RunStarted, RunCompleted, RunStarted, RunStarted]
            .into_iter()
            .zip(1..)
            .map(|(kind, seq)| frame(kind, seq))
            .collect();
        let filter = filter(&[RunStarted]);
        let first = subscription(frames.clone(), &filter, None).unwrap();
        let seen: Vec<_> = first.iter().map(|frame| frame.cursor.event_seq).collect();
        assert_eq!(seen, [1, 3, 4]);
        assert!(
            first
                .iter()
                .all(|frame| frame.cursor.scope == filter.cursor_scope())
        );
        let rest = subscription(frames, &filter, Some(&first[1].cursor)).unwrap();
        assert_eq!(rest, first[2..]);
    }

    #[test]
    fn a_cursor_of_another_stream_is_refused_before_the_overflow_policy_is_looked_at() {
        let mut criteria = EventFilter::default();
        criteria.queue.overflow = SubscriberOverflowPolicy::BackpressureCaller;
        let filter = CompiledEventFilter::compile(criteria);
        let cursor = frame(EventKind::RunStarted, 1).cursor;
        let code =
            |cursor: Option<&EventCursor>| subscription([], &filter, cursor).unwrap_err().code;
        assert_eq!(code(Some(&cursor)), ErrorCode::CursorScopeMismatch);
        assert_eq!(code(None), ErrorCode::InvalidOverflowPolicy);
    }

    #[test]
    fn of_a_filter_scope_only_the_fingerprint_counts() {
        let filter = filter(&[EventKind::RunStarted]);
        let mut cursor = rescope(frame(EventKind::RunStarted, 9), filter.cursor_scope()).cursor;
        let EventStreamScope::Filter { filter_id, .. } = &mut cursor.scope else {
            unreachable!("the scope of a filter is a filter scope");
        };
        *filter_id = super::super::EventFilterId::new("another");
        assert!(cursor_compatible(&filter.cursor_scope(), Some(&cursor)).is_ok());
        assert!(cursor_compatible(&EventStreamScope::All, Some(&cursor)).is_err());
    }
}
