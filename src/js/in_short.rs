//! The short forms in which records and events of members and wakes cross.
//!
//! Most of a record or an event is the same for all of a kind. To write it here and to read it there takes longer than
//! everything else that the end of a wake takes. And when a pool is created, V8 has to compile all the code that writes
//! it. So only a list of what varies crosses, and the TypeScript side makes the object or the text for the port:
//! pkg/src/transition-objects.ts. A test compares what it makes with what serde writes of the same transitions.

use crate::domain::{AgentId, IdempotencyKey, PolicyRef, RunId};
use crate::js::text::write_marked;
use crate::json::{WIDE, write};
use crate::record::{JournalEntry, PoolEvent, Transition, rfc3339};

/// If a pool id is longer than this, some ids made from it hold a digest in its place (DESIGN D5). An event id has up
/// to 38 bytes besides the pool id: `event.agent_pool.` and a number.
const LONGEST_POOL_ID: usize = 450;

/// The text of a record. In the short form it is a list, of which the last entry is the payload, after a tab; otherwise
/// it is an object.
pub(super) fn record(entry: &JournalEntry) -> String {
    let (stamp, transition) = (entry.stamp(), entry.transition());
    let Some(brief) = brief(transition, stamp.journal_seq, stamp.millis()) else {
        return write_marked(&entry.record());
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
    text.pop();
    text.push_str(",\t");
    text.push_str(&write(&transition.payload(entry.pool_id())));
    text.push(']');
    text
}

/// The text of an event in the short form, with its number on the bus, or 0 if the bus numbers it. `None` if the event
/// has no short form.
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
    /// The policy refs of the event. If there are any, the whole JSON of the event crosses instead.
    policy_refs: &'a [PolicyRef],
    summary: &'static str,
}

/// What varies in the transition, if it is of a member or a wake and JavaScript can represent all of its numbers.
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
