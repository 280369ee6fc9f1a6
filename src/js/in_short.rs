//! What is recorded and published of a wake, in short.
//!
//! Most of a record and of an event is the same for all wakes. To write that here and to read it there takes longer than
//! everything else that the end of a wake comes to, so what crosses is a list of what varies, and the other side puts
//! the object or the text for the port together: pkg/src/wake-objects.ts. A test holds what it makes to what serde
//! writes of the same transitions.

use crate::json::write;
use crate::record::{JournalEntry, PoolEvent, Transition, WakeTransition, rfc3339};

/// JavaScript's numbers are exact up to here.
const WIDE: u64 = 1 << 53;

/// With a longer pool id there are ids that hold a digest in its place (DESIGN D5).
const LONGEST_POOL_ID: usize = 450;

/// The text of a record: a list if it is told in short, an object if it is not.
pub(super) fn record(entry: &JournalEntry) -> String {
    let (stamp, transition) = (entry.stamp(), entry.transition());
    match brief(transition, stamp.journal_seq, stamp.millis()) {
        Some(wake) => {
            let condition = &wake.wake.condition;
            write(&(
                &condition.run_id,
                &wake.agent_id,
                &condition.condition_id,
                wake.status,
                &condition.idempotency_key,
                stamp.journal_seq,
                stamp.millis(),
                transition.payload(entry.pool_id()),
            ))
        }
        None => write(&**entry.record()),
    }
}

/// The text of an event at a place of its bus, 0 if that is for the bus to say; `None` if it is not told in short.
pub(super) fn event(event: &PoolEvent, event_seq: u64) -> Option<String> {
    let stamp = event.stamp();
    let wake = brief(event.transition(), stamp.event_number, stamp.millis())?;
    let condition = &wake.wake.condition;
    let is_brief =
        condition.policy_refs.is_empty() && stamp.pool_id.as_str().len() <= LONGEST_POOL_ID;
    is_brief.then(|| {
        write(&(
            &stamp.pool_id,
            stamp.event_number,
            rfc3339(stamp.millis()),
            event_seq,
            event.journal_cursor(),
            &condition.run_id,
            &wake.agent_id,
            &condition.condition_id,
            wake.status,
            wake.status.summary(),
        ))
    })
}

/// The transition, if it is a wake's and all of its numbers are JavaScript's too.
fn brief(transition: &Transition, number: u64, millis: u64) -> Option<&WakeTransition> {
    let Transition::Wake(wake) = transition else {
        return None;
    };
    let timeout = wake.wake.condition.timeout_millis.unwrap_or_default();
    ((number | millis | timeout) < WIDE).then_some(wake)
}
