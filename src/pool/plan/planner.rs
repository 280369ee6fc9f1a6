//! Builds up a plan: the transitions of one operation in the order in which they happen, each followed
//! by the wakes that its event triggers.

use std::sync::Arc;

use crate::domain::{AgentId, ClockReading, EventId, IdSet, List, RunId, WakeConditionId};
use crate::pool::plan::owed::OwedWake;
use crate::pool::plan::stamp::{Stamp, event_number_of_record};
use crate::pool::plan::transition::Transition;
use crate::pool::policy::WakeMatching;
use crate::pool::state::PoolState;
use crate::record::{
    AgentPoolMember, AgentPoolStoredWake, EventEnvelope, MessageStatus, RunMessage,
    WakeRegistrationStatus,
};

/// What a plan depends on besides the state and the command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlanContext {
    /// The time of the operation.
    pub(crate) clock: ClockReading,
    /// The number of the last record in the handle's journal.
    pub(crate) journal_seq: u64,
    pub(crate) matching: WakeMatching,
}

/// A plan in the making.
pub(crate) struct Planner<'a> {
    state: &'a PoolState,
    context: PlanContext,
    transitions: Vec<Transition>,
    /// How many of the transitions were looked at for the wakes that they trigger.
    examined: usize,
    /// The wakes that this plan has ended: an event claims a wake once.
    claimed: IdSet<WakeConditionId>,
    /// The wake that this plan registers.
    registering: Option<AgentPoolStoredWake>,
    /// The member that this plan lets in.
    arriving: Option<Arc<AgentPoolMember>>,
    /// The run that this plan lets go.
    leaving: Option<RunId>,
}

impl<'a> Planner<'a> {
    pub(crate) fn new(state: &'a PoolState, context: PlanContext) -> Self {
        Self {
            state,
            context,
            transitions: Vec::new(),
            examined: 0,
            claimed: IdSet::default(),
            registering: None,
            arriving: None,
            leaving: None,
        }
    }

    pub(crate) fn finish(self) -> Vec<Transition> {
        self.transitions
    }

    /// The pool comes into being with its first join: a record in the joiner's name, while there is
    /// no member yet (REFERENCE 1).
    pub(crate) fn created(&mut self, member: &AgentPoolMember) {
        let created = Transition::created(&self.stamp(), self.state, member);
        self.carry_on(created);
    }

    pub(crate) fn joined(&mut self, member: &Arc<AgentPoolMember>) {
        self.arriving = Some(Arc::clone(member));
        let joined = Transition::joined(&self.stamp(), self.state, member);
        self.carry_on(joined);
    }

    pub(crate) fn left(&mut self, member: &Arc<AgentPoolMember>) {
        self.leaving = Some(member.run_id.clone());
        let left = Transition::left(&self.stamp(), self.state, member);
        self.carry_on(left);
    }

    /// A message takes on a status. `sender` is the member that it is from.
    pub(crate) fn message(
        &mut self,
        message: &Arc<RunMessage>,
        sender: &AgentPoolMember,
        status: MessageStatus,
        delivered_to: List<RunId>,
    ) {
        let stamp = self.stamp();
        let transition =
            Transition::message(&stamp, message, &sender.agent_id, status, delivered_to);
        self.carry_on(transition);
    }

    /// Registers a wake. It ends at once if its time is over, or by the event that was `found`, or by
    /// its own registration if that is what it waits for (REFERENCE 20, 26).
    pub(crate) fn register(&mut self, wake: AgentPoolStoredWake, found: Option<EventId>) {
        let registration = self.wake_transition(&wake, WakeRegistrationStatus::Registered, None);
        let event = &registration.frame.event.envelope;
        let own = wake.compiled_filter.matches(event);
        let matched = found.or_else(|| own.then(|| event.event_id.clone()));
        self.transitions.push(registration);
        if is_overdue(&wake, self.context.clock) {
            let end = self.ending(&wake, WakeRegistrationStatus::TimedOut, None);
            self.transitions.push(end);
        } else if matched.is_some() {
            let end = self.ending(&wake, WakeRegistrationStatus::Triggered, matched);
            self.transitions.push(end);
        } else {
            self.registering = Some(wake);
        }
        self.settle();
    }

    /// Ends a wake that is registered.
    pub(crate) fn end_wake(
        &mut self,
        wake: &AgentPoolStoredWake,
        status: WakeRegistrationStatus,
        matched: Option<EventId>,
    ) {
        let transition = self.ending(wake, status, matched);
        self.carry_on(transition);
    }

    /// Ends the wakes that an earlier operation left to be ended, and then those that follow from it.
    pub(crate) fn end_owed(&mut self, owed: &[OwedWake]) {
        for OwedWake {
            condition_id,
            matched_event_id,
        } in owed
        {
            let wake = self.state.registered_wake(condition_id);
            let Some(wake) = wake.filter(|_| !self.claimed.contains(condition_id)) else {
                continue;
            };
            match matched_event_id {
                None => {
                    let end = self.ending(wake, WakeRegistrationStatus::TimedOut, None);
                    self.transitions.push(end);
                }
                Some(event_id) if self.agent_of(&wake.condition.run_id).is_some() => {
                    self.trigger(std::slice::from_ref(wake), event_id);
                }
                Some(_) => {}
            }
        }
        self.settle();
    }

    /// Triggers the wakes that match an event which did not come from this plan.
    pub(crate) fn follow(&mut self, event: &EventEnvelope) {
        let due = self.due(event);
        self.trigger(&due, &event.event_id);
        self.settle();
    }

    fn stamp(&self) -> Stamp<'a> {
        let ahead = self.transitions.len() as u64 + 1;
        Stamp {
            pool_id: self.state.pool_id(),
            journal_seq: self.context.journal_seq + ahead,
            event_number: event_number_of_record(self.state.sequence() + ahead),
            clock: self.context.clock,
        }
    }

    /// Adds a transition, and the wakes that follow from it.
    fn carry_on(&mut self, transition: Transition) {
        self.transitions.push(transition);
        self.settle();
    }

    /// Goes through the events of the plan: each, in its turn, triggers the wakes that it matches.
    fn settle(&mut self) {
        while let Some(transition) = self.transitions.get(self.examined) {
            self.examined += 1;
            let event = &transition.frame.event.envelope;
            if self.context.matching.pushes(event.event_kind) {
                let event_id = event.event_id.clone();
                let due = self.due(event);
                self.trigger(&due, &event_id);
            }
        }
    }

    fn trigger(&mut self, due: &[AgentPoolStoredWake], event_id: &EventId) {
        for wake in due {
            // A wake past its deadline times out, whatever comes too late for it.
            let transition = match is_overdue(wake, self.context.clock) {
                true => self.ending(wake, WakeRegistrationStatus::TimedOut, None),
                false => {
                    let matched = Some(event_id.clone());
                    self.ending(wake, WakeRegistrationStatus::Triggered, matched)
                }
            };
            self.transitions.push(transition);
        }
    }

    fn ending(
        &mut self,
        wake: &AgentPoolStoredWake,
        status: WakeRegistrationStatus,
        matched: Option<EventId>,
    ) -> Transition {
        self.claimed.add(wake.condition.condition_id.clone());
        self.wake_transition(wake, status, matched)
    }

    /// The registered wakes that the event matches, in condition id order. Those of runs that are
    /// away are passed over (D3).
    fn due(&self, event: &EventEnvelope) -> Vec<AgentPoolStoredWake> {
        let mut candidates = self.state.wake_index().candidates(event);
        if let Some(wake) = &self.registering {
            candidates.add(wake.condition.condition_id.clone());
        }
        candidates
            .ids()
            .filter(|id| !self.claimed.contains(*id))
            .filter_map(|id| self.registered_wake(id))
            .filter(|wake| self.agent_of(&wake.condition.run_id).is_some())
            .filter(|wake| wake.compiled_filter.matches(event))
            .cloned()
            .collect()
    }

    fn registered_wake(&self, condition_id: &WakeConditionId) -> Option<&AgentPoolStoredWake> {
        let registering = self.registering.as_ref();
        registering
            .filter(|wake| wake.condition.condition_id == *condition_id)
            .or_else(|| self.state.registered_wake(condition_id))
    }

    /// The agent of a run that is a member at this point of the plan.
    fn agent_of(&self, run_id: &RunId) -> Option<&AgentId> {
        if let Some(member) = &self.arriving
            && member.run_id == *run_id
        {
            return Some(&member.agent_id);
        }
        if self.leaving.as_ref() == Some(run_id) {
            return None;
        }
        self.state.member(run_id).map(|member| &member.agent_id)
    }

    fn wake_transition(
        &self,
        wake: &AgentPoolStoredWake,
        status: WakeRegistrationStatus,
        matched: Option<EventId>,
    ) -> Transition {
        let run_id = &wake.condition.run_id;
        // A wake bears the agent of its run as it is now (REFERENCE 6); one of a run that is away can
        // still be cancelled or time out, in the name of the agent that the run had (D3).
        let agent_id = self
            .agent_of(run_id)
            .or_else(|| self.state.last_agent(run_id))
            .expect("only members register wakes");
        Transition::wake(&self.stamp(), wake, agent_id, status, matched)
    }
}

/// Whether a wake's timeout fell due.
pub(crate) fn is_overdue(wake: &AgentPoolStoredWake, clock: ClockReading) -> bool {
    wake.condition.timeout_millis == Some(0)
        || wake
            .deadline_millis
            .is_some_and(|deadline| deadline <= clock.now_millis())
}
