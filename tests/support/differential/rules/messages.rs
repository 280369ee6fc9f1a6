//! Differences about messages.

use agent_sdk_core::{
    AgentPoolStoredWake, MessageStatus, RunMessage,
    event::{EventFamily, EventKind},
};
use serde_json::{Value, json};

use super::{Ending, Expected, Verdict, View, field, known};

/// D2: "a send that failed after `accepted` answers `accepted` for ever" there; "the same key resumes: same recipients,
/// `delivered`" here, which is what recording `delivered` for the stored recipients does.
pub(super) fn d2_resumed_send(
    operation: &Value,
    message: &RunMessage,
    view: &View,
) -> Option<Verdict> {
    let stored = view.receipt(message)?;
    if stored.status != MessageStatus::Accepted {
        return None;
    }
    if !view.is_member(&message.from) || stored.delivered_to.is_empty() {
        return Some(Verdict::Avoid("D2"));
    }
    if let Some(verdict) = passed_over(message, view) {
        return Some(verdict);
    }
    let instead = json!({
        "op": "record_message_status",
        "handle": operation["handle"],
        "message": operation["message"],
        "status": "delivered",
        "delivered_to": stored.delivered_to,
    });
    Some(Verdict::ReferenceRuns("D2", instead))
}

/// D3: "a wake of a run that left makes other runs' sends fail" there; "it is passed over while the run is away" here.
pub(super) fn d3_send(message: &RunMessage, view: &View) -> Option<Verdict> {
    // For a known message only the receipt is looked up.
    match view.receipt(message) {
        Some(_) => None,
        None => passed_over(message, view),
    }
}

/// D3, for a status recorded by the host.
pub(super) fn d3_status(message: &RunMessage, view: &View) -> Option<Verdict> {
    passed_over(message, view)
}

/// D4: "a key (or message id …) used again for something else answers the first receipt, or overwrites" there;
/// "`idempotency_conflict`, nothing recorded" here.
pub(super) fn d4_reuse(message: &RunMessage, view: &View) -> Option<Verdict> {
    let mut messages = view.snapshot.messages.iter().map(|stored| &stored.message);
    let other = messages.any(|known| {
        let same_name = known.message_id == message.message_id
            || known.idempotency_key == message.idempotency_key;
        same_name && known != message
    });
    other.then_some(Verdict::OnlyHere("D4", Expected::AnyError))
}

/// D8: "any status after any other" there; here "none -> any; accepted -> any other; delivered -> responded, failed,
/// timed_out, expired, cancelled; those end it. The same status again answers the stored receipt; anything else is an
/// error".
pub(super) fn d8_status(operation: &Value, message: &RunMessage, view: &View) -> Option<Verdict> {
    use MessageStatus::{Accepted, Delivered};
    let stored = view.receipt(message)?;
    let status: MessageStatus = field(operation, "status")?;
    if !view.is_member(&message.from) {
        // It is not promised which of two errors comes first.
        return Some(Verdict::OnlyHere("D8", Expected::AnyError));
    }
    if status == stored.status {
        return Some(Verdict::OnlyHere("D8", known(stored)));
    }
    match (&stored.status, &status) {
        (Accepted, _) => None,
        (Delivered, status) if *status != Accepted => None,
        _ => Some(Verdict::OnlyHere("D8", Expected::AnyError)),
    }
}

/// The verdict on an operation that records `message`, if the message may match a wake of a run that left. This is
/// coarser than the filters, since it only has to find such operations.
fn passed_over(message: &RunMessage, view: &View) -> Option<Verdict> {
    let may_match = |wake: &&AgentPoolStoredWake| {
        let criteria = wake.compiled_filter.criteria();
        view.is_absent_and_registered(wake)
            && criteria.run_ids.matches(&message.from)
            && criteria.families.matches(&EventFamily::AgentPool)
            && MESSAGE_EVENTS
                .iter()
                .any(|kind| criteria.kinds.matches(kind))
    };
    let wakes = view.snapshot.wakes.iter().filter(may_match);
    let wakes: Vec<_> = wakes
        .map(|wake| wake.condition.condition_id.as_str().to_owned())
        .collect();
    if wakes.is_empty() {
        return None;
    }
    // With a failure in addition, the failure could be anywhere.
    if view.fails_after.is_some() || !view.is_member(&message.from) {
        return Some(Verdict::Avoid("D3"));
    }
    Some(Verdict::Last("D3", Ending::PassOver(wakes)))
}

const MESSAGE_EVENTS: [EventKind; 7] = [
    EventKind::RunMessageAccepted,
    EventKind::RunMessageDelivered,
    EventKind::RunMessageResponded,
    EventKind::RunMessageFailed,
    EventKind::RunMessageTimedOut,
    EventKind::RunMessageExpired,
    EventKind::RunMessageCancelled,
];
