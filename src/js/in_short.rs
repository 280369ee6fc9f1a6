//! What is recorded and published of members and of wakes, in short.
//!
//! Most of a record and of an event is the same for all of a kind. To write that here and to read it there takes longer
//! than everything else that the end of a wake comes to, and when a pool comes into being V8 has to compile all that
//! writes it. So what crosses is a list of what varies, and the other side puts the object or the text for the port
//! together: pkg/src/transition-objects.ts. A test holds what it makes to what serde writes of the same transitions.

use crate::domain::{AgentId, IdempotencyKey, PolicyRef, RunId};
use crate::json::write;
use crate::record::{JournalEntry, PoolEvent, Transition, rfc3339};

/// JavaScript's numbers are exact up to here.
const WIDE: u64 = 1 << 53;

/// With a longer pool id there are ids that hold a digest in its place (DESIGN D5): what ids of events have besides is 38
/// bytes, `event.agent_pool.` and a number.
const LONGEST_POOL_ID: usize = 450;

/// The text of a record: if it is told in short, a list and behind it, after a tab, its payload; an object if it is not.
pub(super) fn record(entry: &JournalEntry) -> String {
    let (stamp, transition) = (entry.stamp(), entry.transition());
    let Some(brief) = brief(transition, stamp.journal_seq, stamp.millis()) else {
        return write(&**entry.record());
    };
    let mut text = write(&(
        brief.kind,
        brief.run_id,
        brief.agent_id,
        brief.subject_id,
        transition.event_kind(),
        brief.idempotency_key,
        stamp.journal_seq,
        stamp.millis(),
    ));
    text.push('\t');
    text.push_str(&write(&transition.payload(entry.pool_id())));
    text
}

/// The text of an event at a place of its bus, 0 if that is for the bus to say; `None` if it is not told in short.
pub(super) fn event(event: &PoolEvent, event_seq: u64) -> Option<String> {
    let (stamp, transition) = (event.stamp(), event.transition());
    let brief = brief(transition, stamp.event_number, stamp.millis())?;
    let is_brief = brief.policy_refs.is_empty() && stamp.pool_id.as_str().len() <= LONGEST_POOL_ID;
    is_brief.then(|| {
        write(&(
            brief.kind,
            &stamp.pool_id,
            stamp.event_number,
            rfc3339(stamp.millis()),
            event_seq,
            event.journal_cursor(),
            brief.run_id,
            brief.agent_id,
            brief.subject_id,
            transition.event_kind(),
            brief.summary,
        ))
    })
}

/// What varies among the transitions of a kind.
struct Brief<'a> {
    /// The number of the kind.
    kind: u32,
    run_id: &'a RunId,
    agent_id: &'a AgentId,
    subject_id: &'a str,
    idempotency_key: Option<&'a IdempotencyKey>,
    /// The policy refs of the event. With any, its whole JSON crosses instead of this.
    policy_refs: &'a [PolicyRef],
    summary: &'static str,
}

/// The transition, if it is of members or of a wake and all of its numbers are JavaScript's too.
fn brief(transition: &Transition, number: u64, millis: u64) -> Option<Brief<'_>> {
    let (brief, timeout) = match transition {
        Transition::Membership(membership) => {
            let brief = Brief {
                kind: 0,
                run_id: &membership.member.run_id,
                agent_id: &membership.member.agent_id,
                subject_id: membership.member.run_id.as_str(),
                idempotency_key: None,
                policy_refs: &membership.policy_refs,
                summary: membership.status.summary(),
            };
            (brief, 0)
        }
        Transition::Wake(wake) => {
            let condition = &wake.wake.condition;
            let brief = Brief {
                kind: 1,
                run_id: &condition.run_id,
                agent_id: &wake.agent_id,
                subject_id: condition.condition_id.as_str(),
                idempotency_key: Some(&condition.idempotency_key),
                policy_refs: &condition.policy_refs,
                summary: wake.status.summary(),
            };
            (brief, condition.timeout_millis.unwrap_or_default())
        }
        Transition::Message(_) => return None,
    };
    ((number | millis | timeout) < WIDE).then_some(brief)
}
