//! Where the two sides differ on purpose: `DESIGN.md`, "Where we differ from the reference".
//!
//! Each rule is a function named after its row. It looks at the reference's state just before an operation and says
//! what to do about it, so that everything else must agree to the byte. D6, D9 and D11 are evened out on the
//! reference's side (`oracle::corrections`), D12 on ours ([`super::correlation`]); D5, D13 and D14 are never generated.

mod messages;
mod wakes;

use agent_sdk_core::{
    AgentPoolSnapshot, AgentPoolStoredWake, MessageReceipt, RunId, RunMessage, WakeConditionId,
    WakeRegistrationStatus,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// What is done about an operation.
#[derive(Debug)]
pub enum Verdict {
    /// Both sides run the operation and must agree.
    Agree,
    /// The reference runs another operation, and ours must do what that does.
    ReferenceRuns(&'static str, Value),
    /// Only ours runs it. The answer is known, and nothing is recorded.
    OnlyHere(&'static str, Expected),
    /// Only ours runs it, and the reference cannot follow. This ends the case.
    Last(&'static str, Ending),
    /// Nobody runs it.
    Avoid(&'static str),
}

/// The answer to an operation that only ours runs.
#[derive(Debug)]
pub enum Expected {
    /// This value.
    Value(Value),
    /// Any error.
    AnyError,
    /// The journal's own error.
    JournalFailure,
}

/// What an operation that only ours runs has to do; see [`super::endings`].
#[derive(Debug)]
pub enum Ending {
    /// Join, although the first attempt failed between `created` and `run_joined`.
    JoinAfterCreated,
    /// Record a message without touching these wakes.
    PassOver(Vec<String>),
    /// Cancel a wake.
    Cancel,
}

/// What the rules look at.
pub struct View {
    /// The reference's pool.
    pub snapshot: AgentPoolSnapshot,
    /// How many frames the handle's bus holds.
    pub frames: usize,
    /// After how many appends the journal fails.
    pub fails_after: Option<usize>,
}

/// What is done about `operation`.
pub fn judge(operation: &Value, view: &View) -> Verdict {
    let verdict = match operation["op"].as_str().unwrap_or_default() {
        "join_run" => d1_join(view),
        "leave_run" => d1_leave(operation, view),
        "send" => field(operation, "message").and_then(|message| {
            messages::d4_reuse(&message, view)
                .or_else(|| messages::d2_resumed_send(operation, &message, view))
                .or_else(|| messages::d3_send(&message, view))
        }),
        "record_message_status" => field(operation, "message").and_then(|message| {
            messages::d4_reuse(&message, view)
                .or_else(|| messages::d8_status(operation, &message, view))
                .or_else(|| messages::d3_status(&message, view))
        }),
        "suspend_until" => field(operation, "condition").and_then(|condition| {
            wakes::d4_reuse(&condition, view).or_else(|| wakes::d10_registration(&condition, view))
        }),
        "poll_wake" => known_wake(operation, view)
            .and_then(|wake| wakes::d3_poll(wake, view).or_else(|| wakes::d10_poll(wake, view))),
        "cancel_wake" => known_wake(operation, view)
            .and_then(|wake| wakes::d7_cancel(wake).or_else(|| wakes::d3_cancel(wake, view))),
        _ => None,
    };
    verdict.unwrap_or(Verdict::Agree)
}

/// D1: "join and leave change the store before the journal" there; "a failed append leaves no trace, a retry succeeds"
/// here.
fn d1_join(view: &View) -> Option<Verdict> {
    match (view.snapshot.created, view.fails_after) {
        (true, Some(0)) => Some(Verdict::OnlyHere("D1", Expected::JournalFailure)),
        (false, Some(1)) => Some(Verdict::Last("D1", Ending::JoinAfterCreated)),
        _ => None,
    }
}

/// D1, for a member that leaves.
fn d1_leave(operation: &Value, view: &View) -> Option<Verdict> {
    let run_id: RunId = field(operation, "run_id")?;
    (view.fails_after == Some(0) && view.is_member(&run_id))
        .then_some(Verdict::OnlyHere("D1", Expected::JournalFailure))
}

impl View {
    fn is_member(&self, run_id: &RunId) -> bool {
        let mut members = self.snapshot.members.iter();
        members.any(|member| member.run_id == *run_id)
    }

    fn receipt(&self, message: &RunMessage) -> Option<&MessageReceipt> {
        let mut messages = self.snapshot.messages.iter();
        let stored = messages.find(|stored| stored.message.message_id == message.message_id);
        Some(&stored?.receipt)
    }

    fn is_absent_and_registered(&self, wake: &AgentPoolStoredWake) -> bool {
        wake.registration.status == WakeRegistrationStatus::Registered
            && !self.is_member(&wake.condition.run_id)
    }
}

fn known_wake<'a>(operation: &Value, view: &'a View) -> Option<&'a AgentPoolStoredWake> {
    let condition_id: WakeConditionId = field(operation, "condition_id")?;
    let mut wakes = view.snapshot.wakes.iter();
    wakes.find(|wake| wake.condition.condition_id == condition_id)
}

fn field<T: DeserializeOwned>(object: &Value, name: &str) -> Option<T> {
    serde_json::from_value(object.get(name)?.clone()).ok()
}

fn known(value: &impl Serialize) -> Expected {
    Expected::Value(serde_json::to_value(value).expect("the reference's types are JSON"))
}
