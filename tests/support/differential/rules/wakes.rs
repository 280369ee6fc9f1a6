//! Differences about wakes.

use agent_sdk_core::{
    AgentPoolStoredWake, WakeCondition, WakeRegistrationStatus,
    event::{SubscriberOverflowPolicy, SubscriberQueueConfig},
};

use super::{Ending, Expected, Verdict, View, known};

/// D3: a wake of a run that left "stays registered and is passed over while the run is away".
pub(super) fn d3_poll(wake: &AgentPoolStoredWake, view: &View) -> Option<Verdict> {
    view.is_absent_and_registered(wake)
        .then(|| Verdict::OnlyHere("D3", known(&wake.registration)))
}

/// D3: "it can be cancelled".
pub(super) fn d3_cancel(wake: &AgentPoolStoredWake, view: &View) -> Option<Verdict> {
    if !view.is_absent_and_registered(wake) {
        return None;
    }
    Some(match view.fails_after {
        Some(0) => Verdict::OnlyHere("D3", Expected::JournalFailure),
        _ => Verdict::Last("D3", Ending::Cancel),
    })
}

/// D4: "a key (or … condition id) used again for something else answers the first receipt, or overwrites" there;
/// "`idempotency_conflict`, nothing recorded" here.
pub(super) fn d4_reuse(condition: &WakeCondition, view: &View) -> Option<Verdict> {
    let mut conditions = view.snapshot.wakes.iter().map(|wake| &wake.condition);
    let other = conditions.any(|known| {
        let same_name = known.condition_id == condition.condition_id
            || known.idempotency_key == condition.idempotency_key;
        same_name && known != condition
    });
    other.then_some(Verdict::OnlyHere("D4", Expected::AnyError))
}

/// D7: "cancelling a wake that already ended records `cancelled` again" there; "answers the registration as it is,
/// records nothing" here.
pub(super) fn d7_cancel(wake: &AgentPoolStoredWake) -> Option<Verdict> {
    (wake.registration.status != WakeRegistrationStatus::Registered)
        .then(|| Verdict::OnlyHere("D7", known(&wake.registration)))
}

/// D10: "queue bounds can hide an event from a wake; `backpressure_caller` fails after registering" there; "wakes
/// ignore queue bounds" here.
pub(super) fn d10_registration(condition: &WakeCondition, view: &View) -> Option<Verdict> {
    // The registration's own event comes onto the bus before it is read.
    queue_may_drop(&condition.filter.queue, view.frames + 1).then_some(Verdict::Avoid("D10"))
}

/// D10, for a poll.
pub(super) fn d10_poll(wake: &AgentPoolStoredWake, view: &View) -> Option<Verdict> {
    queue_may_drop(&wake.compiled_filter.queue, view.frames).then_some(Verdict::Avoid("D10"))
}

fn queue_may_drop(queue: &SubscriberQueueConfig, frames: usize) -> bool {
    use SubscriberOverflowPolicy::{BackpressureCaller, SummarizeAndContinue};
    let capacity = queue.capacity.get();
    let room = capacity.saturating_sub(queue.terminal_reserve.get());
    room < frames || matches!(queue.overflow, BackpressureCaller | SummarizeAndContinue)
}
