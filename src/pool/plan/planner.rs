//! Builds up a plan: the transitions of one operation in the order in which they happen, each followed
//! by the wakes that its event triggers.

use std::sync::Arc;

use crate::domain::{AgentId, ClockReading, EventId, IdSet, List, RunId, TopicId, WakeConditionId};
use crate::pool::plan::owed::OwedWake;
use crate::pool::plan::step::{Step, event_number_of_record};
use crate::pool::policy::WakeMatching;
use crate::pool::state::PoolState;
use crate::record::{
    AgentPoolLifecycleStatus, AgentPoolMember, AgentPoolStoredWake, EventEnvelope,
    MembershipTransition, MessageStatus, MessageTransition, RunMessage, Transition,
    WakeRegistrationStatus, WakeTransition,
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
    steps: Vec<Step>,
    /// How many of the steps were looked at for the wakes that they trigger.
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
            steps: Vec::new(),
            examined: 0,
            claimed: IdSet::default(),
            registering: None,
            arriving: None,
            leaving: None,
        }
    }

    pub(crate) fn finish(self) -> Vec<Step> {
        self.steps
    }

    /// The pool comes into being with its first join: a record in the joiner's name, while there is
    /// no member yet (REFERENCE 1).
    pub(crate) fn created(&mut self, member: &Arc<AgentPoolMember>) {
        let nobody = (List::default(), List::default());
        self.membership(member, AgentPoolLifecycleStatus::Created, nobody);
    }

    /// A run is a member from here on.
    pub(crate) fn joined(&mut self, member: &Arc<AgentPoolMember>) {
        self.arriving = Some(Arc::clone(member));
        let run_id = &member.run_id;
        let mut run_ids: Vec<_> = self.state.run_ids_without(run_id).collect();
        let place = run_ids.partition_point(|other| other < run_id);
        run_ids.insert(place, run_id.clone());
        let mut topics: IdSet<TopicId> = self.state.topics_without(run_id).collect();
        topics.extend(member.topics.iter().cloned());
        let members = (run_ids.into(), topics.ids().cloned().collect());
        self.membership(member, AgentPoolLifecycleStatus::RunJoined, members);
    }

    /// A run is no member from here on.
    pub(crate) fn left(&mut self, member: &Arc<AgentPoolMember>) {
        let run_id = &member.run_id;
        self.leaving = Some(run_id.clone());
        let run_ids = self.state.run_ids_without(run_id).collect();
        let topics = self.state.topics_without(run_id).collect();
        self.membership(member, AgentPoolLifecycleStatus::RunLeft, (run_ids, topics));
    }

    fn membership(
        &mut self,
        member: &Arc<AgentPoolMember>,
        status: AgentPoolLifecycleStatus,
        (member_run_ids, topics): (List<RunId>, List<TopicId>),
    ) {
        self.carry_on(Transition::Membership(MembershipTransition {
            member: Arc::clone(member),
            status,
            member_run_ids,
            topics,
            policy_refs: self.state.policy_refs().clone(),
        }));
    }

    /// A message takes on a status. `sender` is the member that it is from.
    pub(crate) fn message(
        &mut self,
        message: &Arc<RunMessage>,
        sender: &AgentPoolMember,
        status: MessageStatus,
        delivered_to: List<RunId>,
    ) {
        let (message, sender) = (Arc::clone(message), sender.agent_id.clone());
        let transition = MessageTransition::new(message, sender, status, delivered_to);
        self.carry_on(Transition::Message(transition));
    }

    /// Registers a wake. It ends at once if its time is over, or by the event that was `found`, or by
    /// its own registration if that is what it waits for (REFERENCE 20, 26).
    pub(crate) fn register(&mut self, wake: AgentPoolStoredWake, found: Option<EventId>) {
        let registration = self.wake_transition(&wake, WakeRegistrationStatus::Registered, None);
        let registration = self.push(registration).frame();
        let event = &registration.event.envelope;
        let own = wake.compiled_filter.matches(event);
        let matched = found.or_else(|| own.then(|| event.event_id.clone()));
        if is_overdue(&wake, self.context.clock) {
            self.end(&wake, WakeRegistrationStatus::TimedOut, None);
        } else if matched.is_some() {
            self.end(&wake, WakeRegistrationStatus::Triggered, matched);
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
        self.end(wake, status, matched);
        self.settle();
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
                None => self.end(wake, WakeRegistrationStatus::TimedOut, None),
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

    /// Adds a transition, and the wakes that follow from it.
    fn carry_on(&mut self, transition: Transition) {
        self.push(transition);
        self.settle();
    }

    fn push(&mut self, transition: Transition) -> &Step {
        let ahead = self.steps.len() as u64 + 1;
        let state = self.state;
        self.steps.push(Step::new(
            state.pool_id(),
            self.context.clock,
            self.context.journal_seq + ahead,
            event_number_of_record(state.sequence() + ahead),
            transition,
        ));
        &self.steps[self.steps.len() - 1]
    }

    /// Goes through the events of the plan: each, in its turn, triggers the wakes that it matches.
    fn settle(&mut self) {
        while let Some(step) = self.steps.get(self.examined) {
            self.examined += 1;
            let kind = step.entry.transition().event_kind();
            if self.is_awaited() && self.context.matching.pushes(kind) {
                let frame = step.frame();
                let event = &frame.event.envelope;
                let due = self.due(event);
                self.trigger(&due, &event.event_id);
            }
        }
    }

    /// Whether anybody waits for events at all.
    fn is_awaited(&self) -> bool {
        self.registering.is_some() || !self.state.wake_index().is_empty()
    }

    fn trigger(&mut self, due: &[AgentPoolStoredWake], event_id: &EventId) {
        for wake in due {
            // A wake past its deadline times out, whatever comes too late for it.
            match is_overdue(wake, self.context.clock) {
                true => self.end(wake, WakeRegistrationStatus::TimedOut, None),
                false => {
                    let matched = Some(event_id.clone());
                    self.end(wake, WakeRegistrationStatus::Triggered, matched);
                }
            }
        }
    }

    fn end(
        &mut self,
        wake: &AgentPoolStoredWake,
        status: WakeRegistrationStatus,
        matched: Option<EventId>,
    ) {
        self.claimed.add(wake.condition.condition_id.clone());
        let end = self.wake_transition(wake, status, matched);
        self.push(end);
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
        Transition::Wake(WakeTransition {
            wake: wake.clone(),
            agent_id: agent_id.clone(),
            status,
            matched_event_id: matched,
        })
    }
}

/// Whether a wake's timeout fell due.
pub(crate) fn is_overdue(wake: &AgentPoolStoredWake, clock: ClockReading) -> bool {
    wake.condition.timeout_millis == Some(0)
        || wake
            .deadline_millis
            .is_some_and(|deadline| deadline <= clock.now_millis())
}
