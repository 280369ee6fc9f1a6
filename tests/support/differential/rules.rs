//! Where the two sides differ on purpose: `DESIGN.md`, "Where we differ from the reference".
//!
//! Each rule is a function named after its row. It looks at the reference's state just before an operation and says
//! what to do about it, so that everything else must agree to the byte. D6, D9 and D11 are evened out on the
//! reference's side (`oracle::corrections`), D12 on ours ([`super::world`]); D4, D5, D13 and D14 are never generated.

use std::collections::BTreeSet;

use agent_sdk_core::{
    AgentPoolSnapshot, AgentPoolStoredWake, MessageReceipt, MessageStatus, RunId, RunMessage,
    WakeConditionId, WakeRegistrationStatus,
    event::{EventFamily, EventKind, SubscriberOverflowPolicy, SubscriberQueueConfig},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What becomes of an operation.
#[derive(Debug)]
pub enum Verdict {
    /// Both sides run it and must agree.
    Agree,
    /// Both sides run it, but no journal fails.
    AgreeWithoutFailure(&'static str),
    /// The reference runs another operation, and what it does is what ours must do.
    ReferenceRuns(&'static str, Value),
    /// Only ours runs it: the answer is known, and nothing is recorded.
    OnlyHere(&'static str, Expected),
    /// Nobody runs it.
    Avoid(&'static str),
}

/// The answer to an operation that only ours runs.
#[derive(Debug)]
pub enum Expected {
    /// This value.
    Value(Value),
    /// An error, whichever.
    AnyError,
    /// The journal's own error.
    JournalFailure,
}

/// What the rules look at.
pub struct View<'a> {
    /// The reference's pool.
    pub snapshot: AgentPoolSnapshot,
    /// How many frames the handle's bus holds.
    pub frames: usize,
    /// Ids of messages whose wakes, and of wakes whose trigger at registration, an injected failure cut off.
    pub cut: BTreeSet<&'a str>,
    /// After how many appends the journal fails.
    pub fails_after: Option<usize>,
}

/// What becomes of `operation`.
pub fn judge(operation: &Value, view: &View<'_>) -> Verdict {
    let verdict = match operation["op"].as_str().unwrap_or_default() {
        "join_run" => d1_join(view),
        "leave_run" => d1_leave(operation, view),
        "send" => message(operation).and_then(|message| {
            d2_cut_message(&message, view)
                .or_else(|| d2_resumed_send(operation, &message, view))
                .or_else(|| d3_send(&message, view))
        }),
        "record_message_status" => message(operation).and_then(|message| {
            d2_cut_message(&message, view)
                .or_else(|| d8_status(operation, &message, view))
                .or_else(|| d3_status(&message, view))
        }),
        "suspend_until" => {
            d2_cut_wake(operation, view).or_else(|| d10_registration(operation, view))
        }
        "poll_wake" => wake(operation, view)
            .and_then(|wake| d3_poll(wake, view).or_else(|| d10_poll(wake, view))),
        "cancel_wake" => {
            wake(operation, view).and_then(|wake| d7_cancel(wake).or_else(|| d3_cancel(wake, view)))
        }
        _ => None,
    };
    verdict.unwrap_or(Verdict::Agree)
}

/// D1: "join and leave change the store before the journal" there; "a failed append leaves no trace" here.
fn d1_join(view: &View<'_>) -> Option<Verdict> {
    match (view.snapshot.created, view.fails_after) {
        (true, Some(0)) => Some(Verdict::OnlyHere("D1", Expected::JournalFailure)),
        // `created` is recorded on both sides; that cannot be compared with a reference that was not asked.
        (false, Some(1)) => Some(Verdict::AgreeWithoutFailure("D1")),
        _ => None,
    }
}

/// D1, for a member that leaves.
fn d1_leave(operation: &Value, view: &View<'_>) -> Option<Verdict> {
    let run_id: RunId = field(operation, "run_id")?;
    (view.fails_after == Some(0) && is_member(&run_id, view))
        .then_some(Verdict::OnlyHere("D1", Expected::JournalFailure))
}

/// D2: "a send that failed after `accepted` answers `accepted` for ever" there; "the same key resumes: same recipients,
/// `delivered`" here, which is what recording `delivered` for the stored recipients does.
fn d2_resumed_send(operation: &Value, message: &RunMessage, view: &View<'_>) -> Option<Verdict> {
    let stored =
        receipt(message, view).filter(|stored| stored.status == MessageStatus::Accepted)?;
    if !is_member(&message.from, view)
        || stored.delivered_to.is_empty()
        || may_wake_absent_run(message, view)
    {
        return Some(Verdict::Avoid("D2"));
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

/// D2: "calling again with the same idempotency key finishes the rest", also the wakes that were cut off.
fn d2_cut_message(message: &RunMessage, view: &View<'_>) -> Option<Verdict> {
    view.cut
        .contains(message.message_id.as_str())
        .then_some(Verdict::Avoid("D2"))
}

/// D2, for a wake whose trigger at registration failed, or whose timeout would.
fn d2_cut_wake(operation: &Value, view: &View<'_>) -> Option<Verdict> {
    let condition = &operation["condition"];
    if view.cut.contains(condition["condition_id"].as_str()?) {
        return Some(Verdict::Avoid("D2"));
    }
    (condition["timeout_millis"] == 0 && view.fails_after.is_some_and(|successes| successes > 0))
        .then_some(Verdict::AgreeWithoutFailure("D2"))
}

/// D3: "a wake of a run that left makes other runs' sends fail" there; "it is passed over while the run is away" here.
fn d3_send(message: &RunMessage, view: &View<'_>) -> Option<Verdict> {
    // A message that is known only has its receipt looked up.
    (receipt(message, view).is_none() && may_wake_absent_run(message, view))
        .then_some(Verdict::Avoid("D3"))
}

/// D3, for a status recorded by the host.
fn d3_status(message: &RunMessage, view: &View<'_>) -> Option<Verdict> {
    may_wake_absent_run(message, view).then_some(Verdict::Avoid("D3"))
}

/// D3: "it stays registered … while the run is away".
fn d3_poll(wake: &AgentPoolStoredWake, view: &View<'_>) -> Option<Verdict> {
    is_absent_and_registered(wake, view).then_some(Verdict::Avoid("D3"))
}

/// D3: "it can be cancelled".
fn d3_cancel(wake: &AgentPoolStoredWake, view: &View<'_>) -> Option<Verdict> {
    is_absent_and_registered(wake, view).then_some(Verdict::Avoid("D3"))
}

/// D7: "cancelling a wake that already ended records `cancelled` again" there; "answers the registration as it is,
/// records nothing" here.
fn d7_cancel(wake: &AgentPoolStoredWake) -> Option<Verdict> {
    (wake.registration.status != WakeRegistrationStatus::Registered).then(|| {
        let registration =
            serde_json::to_value(&wake.registration).expect("a registration is JSON");
        Verdict::OnlyHere("D7", Expected::Value(registration))
    })
}

/// D8: "any status after any other" there; here "none -> any; accepted -> any other; delivered -> responded, failed,
/// timed_out, expired, cancelled; those end it. The same status again answers the stored receipt; anything else is an
/// error".
fn d8_status(operation: &Value, message: &RunMessage, view: &View<'_>) -> Option<Verdict> {
    use MessageStatus::{Accepted, Delivered};
    let stored = receipt(message, view)?;
    let status: MessageStatus = field(operation, "status")?;
    if !is_member(&message.from, view) {
        return Some(Verdict::Avoid("D8"));
    }
    if status == stored.status {
        let receipt = serde_json::to_value(stored).expect("a receipt is JSON");
        return Some(Verdict::OnlyHere("D8", Expected::Value(receipt)));
    }
    match (&stored.status, &status) {
        (Accepted, _) => None,
        (Delivered, status) if *status != Accepted => None,
        _ => Some(Verdict::OnlyHere("D8", Expected::AnyError)),
    }
}

/// D10: "queue bounds can hide an event from a wake; `backpressure_caller` fails after registering" there; "wakes
/// ignore queue bounds" here.
fn d10_registration(operation: &Value, view: &View<'_>) -> Option<Verdict> {
    let queue = field(&operation["condition"]["filter"], "queue")?;
    // The registration's own event comes onto the bus before it is read.
    queue_may_drop(&queue, view.frames + 1).then_some(Verdict::Avoid("D10"))
}

/// D10, for a poll.
fn d10_poll(wake: &AgentPoolStoredWake, view: &View<'_>) -> Option<Verdict> {
    queue_may_drop(&wake.compiled_filter.queue, view.frames).then_some(Verdict::Avoid("D10"))
}

fn queue_may_drop(queue: &SubscriberQueueConfig, frames: usize) -> bool {
    use SubscriberOverflowPolicy::{BackpressureCaller, SummarizeAndContinue};
    let room = queue
        .capacity
        .get()
        .saturating_sub(queue.terminal_reserve.get());
    room < frames || matches!(queue.overflow, BackpressureCaller | SummarizeAndContinue)
}

/// Whether an event of `message` may match a wake of a run that left. Coarser than the filters: it is only to be avoided.
fn may_wake_absent_run(message: &RunMessage, view: &View<'_>) -> bool {
    view.snapshot.wakes.iter().any(|wake| {
        let criteria = wake.compiled_filter.criteria();
        is_absent_and_registered(wake, view)
            && criteria.run_ids.matches(&message.from)
            && criteria.families.matches(&EventFamily::AgentPool)
            && MESSAGE_EVENTS
                .iter()
                .any(|kind| criteria.kinds.matches(kind))
    })
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

fn is_absent_and_registered(wake: &AgentPoolStoredWake, view: &View<'_>) -> bool {
    wake.registration.status == WakeRegistrationStatus::Registered
        && !is_member(&wake.condition.run_id, view)
}

fn is_member(run_id: &RunId, view: &View<'_>) -> bool {
    view.snapshot
        .members
        .iter()
        .any(|member| member.run_id == *run_id)
}

fn receipt<'a>(message: &RunMessage, view: &'a View<'_>) -> Option<&'a MessageReceipt> {
    let mut stored = view.snapshot.messages.iter();
    Some(
        &stored
            .find(|stored| stored.message.message_id == message.message_id)?
            .receipt,
    )
}

fn wake<'a>(operation: &Value, view: &'a View<'_>) -> Option<&'a AgentPoolStoredWake> {
    let condition_id: WakeConditionId = field(operation, "condition_id")?;
    let mut wakes = view.snapshot.wakes.iter();
    wakes.find(|wake| wake.condition.condition_id == condition_id)
}

fn message(operation: &Value) -> Option<RunMessage> {
    field(operation, "message")
}

fn field<T: DeserializeOwned>(object: &Value, name: &str) -> Option<T> {
    serde_json::from_value(object.get(name)?.clone()).ok()
}
