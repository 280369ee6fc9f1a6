//! A pool without a shell for the tests of plans, and a short way to tell what plans return.

use std::sync::Arc;

use super::wakes::registration;
use super::{DueWake, Next, PlanContext, WakeMatching, end_of_due, join, leave, send};
use crate::domain::{AgentError, ClockReading, ErrorCode, PolicyRef};
use crate::pool::state::PoolState;
use crate::record::fixture::id;
use crate::record::{
    AgentPoolMember, AgentPoolStoreConfig, AgentPoolStoreCursor, AgentPoolStoreRecord,
    CompiledEventFilter, EventFilter, EventKind, EventStamp, PoolEvent, RunAddress, RunMessage,
    Transition, WakeCondition,
};

/// A pool `pool.x` to which whatever was planned has happened.
pub(super) struct Pool {
    pub(super) state: PoolState,
}

impl Pool {
    pub(super) fn new(config: AgentPoolStoreConfig) -> Self {
        let state = PoolState::new(id("pool.x"), Arc::new(config));
        Self { state }
    }

    /// `r1`, `r2` and `r3` of the agents `ag1`, `ag2` and `ag3`. `r2` and `r3` listen to `t1`, and `r3` to `t3`.
    pub(super) fn of_three() -> Self {
        let mut pool = Self::new(AgentPoolStoreConfig::default());
        pool.joins(member("r1", "ag1", &[], &[]));
        pool.joins(member("r2", "ag2", &["t1"], &[]));
        pool.joins(member("r3", "ag3", &["t1", "t3"], &[]));
        pool
    }

    pub(super) fn joins(&mut self, member: AgentPoolMember) {
        let planned = join(&self.state, &Arc::new(member));
        self.carry(planned);
    }

    pub(super) fn leaves(&mut self, run_id: &str) {
        let planned = leave(&self.state, &id(run_id)).unwrap();
        self.carry(planned);
    }

    /// Sends a message, and goes no further than its first `steps` transitions.
    pub(super) fn sends(&mut self, message: &Arc<RunMessage>, steps: usize) {
        let mut planned = send(&self.state, at(0), message).unwrap();
        planned.truncate(steps);
        self.carry(planned);
    }

    /// Registers a wake at a time, under its filter as it is.
    pub(super) fn suspends(&mut self, condition: WakeCondition, now: u64) {
        let filter = Arc::new(CompiledEventFilter::compile(condition.filter.clone()));
        let registered = registration(&self.state, at(now), &Arc::new(condition), &filter);
        self.happens(registered);
    }

    pub(super) fn carry(&mut self, transitions: Vec<Transition>) {
        for transition in transitions {
            self.happens(transition);
        }
    }

    /// Lets a transition happen. Its event has the number of its store record.
    pub(super) fn happens(&mut self, transition: Transition) -> PoolEvent {
        let event_number = self.state.sequence() + 1;
        let journal_cursor = id(&format!("journal.{event_number}"));
        self.state.apply(&AgentPoolStoreRecord {
            pool_id: id("pool.x"),
            cursor: AgentPoolStoreCursor {
                sequence: event_number,
            },
            payload: transition.stored(&journal_cursor),
        });
        let stamp = EventStamp {
            pool_id: id("pool.x"),
            event_number,
            clock: ClockReading::UnixMillis(0),
        };
        PoolEvent::new(transition, stamp, journal_cursor)
    }

    /// What becomes of wakes that are due.
    pub(super) fn ends(&self, context: PlanContext, due: &[DueWake]) -> Vec<String> {
        let ends = due
            .iter()
            .filter_map(|due| end_of_due(&self.state, context, due));
        ends.map(|end| told(&end)).collect()
    }
}

/// A time, under live matching.
pub(super) fn at(now: u64) -> PlanContext {
    PlanContext {
        clock: ClockReading::UnixMillis(now),
        matching: WakeMatching::Live,
    }
}

/// That time, under the reference's matching.
pub(super) fn on_message(now: u64) -> PlanContext {
    PlanContext {
        matching: WakeMatching::OnMessage,
        ..at(now)
    }
}

pub(super) fn policies<L: FromIterator<PolicyRef>>(texts: &[&str]) -> L {
    let permission = |text: &&str| PolicyRef::permission(text).unwrap();
    texts.iter().map(permission).collect()
}

pub(super) fn member(
    run_id: &str,
    agent_id: &str,
    topics: &[&str],
    held: &[&str],
) -> AgentPoolMember {
    AgentPoolMember {
        run_id: id(run_id),
        agent_id: id(agent_id),
        policy_refs: policies(held),
        topics: topics.iter().map(|topic| id(topic)).collect(),
    }
}

/// The message `m1` of `r1`, with the key `k1`.
pub(super) fn message(to: RunAddress) -> RunMessage {
    RunMessage::new(id("m1"), id("r1"), to, id("content"), id("k1"))
}

/// What a plan returns: its transitions, or the word of its error.
pub(super) fn outcome(
    planned: Result<Vec<Transition>, AgentError>,
) -> Result<Vec<String>, ErrorCode> {
    match planned {
        Ok(transitions) => Ok(transitions.iter().map(told).collect()),
        Err(error) => Err(error.code),
    }
}

/// What the first half of a plan returns; `ask` if there is a question, and before it what comes first.
pub(super) fn first_half(next: Result<Next, AgentError>) -> Result<Vec<String>, ErrorCode> {
    match next {
        Ok(Next::Ask(_)) => Ok(vec!["ask".to_owned()]),
        Ok(Next::Carry(transitions)) => outcome(Ok(transitions)),
        Ok(Next::Register(registration, ..)) => {
            let registered = outcome(Ok(vec![registration]));
            registered.map(|told| told.into_iter().chain(["ask".to_owned()]).collect())
        }
        Err(error) => outcome(Err(error)),
    }
}

/// A transition in short: the status, of what and in whose name, and the rest.
pub(super) fn told(transition: &Transition) -> String {
    match transition {
        Transition::Membership(change) => format!(
            "{} {} of {}: [{}] on [{}]",
            change.status,
            change.member.run_id.as_str(),
            change.member.agent_id.as_str(),
            listed(&change.member_run_ids),
            listed(&change.topics),
        ),
        Transition::Message(change) => format!(
            "{} {} of {} for [{}]",
            change.status,
            change.message.message_id.as_str(),
            change.agent_id.as_str(),
            listed(&change.delivered_to),
        ),
        Transition::Wake(change) => {
            let matched = change.matched_event_id.as_ref();
            let matched = matched.map(|event_id| format!(" by {}", event_id.as_str()));
            format!(
                "{} {} of {}{}",
                change.status,
                change.wake.condition.condition_id.as_str(),
                change.agent_id.as_str(),
                matched.unwrap_or_default(),
            )
        }
    }
}

fn listed(ids: &[impl AsRef<str>]) -> String {
    let ids: Vec<_> = ids.iter().map(AsRef::as_ref).collect();
    ids.join(" ")
}

/// A condition of `run_id`, with the key `k.` and its id, that waits for events of one kind.
pub(super) fn condition(condition_id: &str, run_id: &str, kind: EventKind) -> WakeCondition {
    let key = format!("k.{condition_id}");
    WakeCondition::new(
        id(condition_id),
        id(run_id),
        EventFilter::kinds([kind]),
        id(&key),
    )
}
