//! Carrying plans out through the ports, and what is left to do if a port fails.

use std::cell::OnceCell;
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;

use crate::domain::{AgentError, EventId, WakeConditionId};
use crate::pool::handle::Handle;
use crate::pool::open_pool::OpenPool;
use crate::pool::plan::{self, DueWake, PlanContext};
use crate::pool::state::PoolState;
use crate::record::{PoolEvent, Transition};

impl Handle {
    /// Carries out transitions one by one. After each of them, the wakes that its event triggers are ended. The first
    /// record that the journal or the store rejects ends the operation. The transitions before it stay, and the ends of
    /// wakes that they bring about are owed.
    pub(crate) fn carry_out(
        &self,
        transitions: Vec<Transition>,
        context: PlanContext,
    ) -> impl Future<Output = Result<(), AgentError>> {
        let undone = Undone::new(&self.open, None, false);
        self.carry_on(undone, transitions, context)
    }

    /// Registers a wake, as [`Self::carry_out`] does, but leaves its end by an event to the caller.
    pub(crate) fn register<'a>(
        &'a self,
        registration: Transition,
        new: &'a NewWake,
        context: PlanContext,
    ) -> impl Future<Output = Result<(), AgentError>> {
        let mut undone = Undone::new(&self.open, None, false);
        undone.new = Some(new);
        self.carry_on(undone, vec![registration], context)
    }

    /// Ends the wakes that an event of the host triggers.
    pub(crate) fn follow(
        &self,
        ends: Vec<DueWake>,
        context: PlanContext,
    ) -> impl Future<Output = Result<(), AgentError>> {
        let undone = Undone::new(&self.open, Some(ends.into()), false);
        self.carry_on(undone, Vec::new(), context)
    }

    /// Finishes what operations that failed half-way left undone.
    pub(crate) async fn settle_owed(&self) -> Result<(), AgentError> {
        if self.open.owed.borrow().is_empty() {
            return Ok(());
        }
        let owed = self.open.owed.take();
        let undone = Undone::new(&self.open, Some(owed), true);
        let context = self.plan_context()?;
        self.carry_on(undone, Vec::new(), context).await
    }

    pub(crate) async fn carry_on(
        &self,
        mut undone: Undone<'_>,
        transitions: Vec<Transition>,
        context: PlanContext,
    ) -> Result<(), AgentError> {
        let mut next = undone.next_end(context);
        if !undone.is_under_way && (next.is_some() || !transitions.is_empty()) {
            self.require_ready(undone.len(), &transitions, context)?;
        }
        let mut transitions = transitions.into_iter();
        loop {
            let is_end = next.is_some();
            let Some(transition) = next.or_else(|| transitions.next()) else {
                return Ok(());
            };
            let happened = self.append(transition, context).await?;
            happened.tell(|event| {
                undone.happened(is_end);
                let follow = |state: &PoolState| {
                    let claimed = self.open.claimed.borrow();
                    plan::consequences(state, context, &claimed, &event)
                };
                undone.add(self.open.read(follow));
                self.publish(event);
            });
            next = undone.next_end(context);
        }
    }

    /// Fails if a port is missing, or if the outbox has no room for the events of the transitions and of the wakes that
    /// end.
    pub(crate) fn require_ready(
        &self,
        ends: usize,
        transitions: &[Transition],
        context: PlanContext,
    ) -> Result<(), AgentError> {
        self.journal()?;
        self.event_bus()?;
        if self.outbox.is_empty() {
            return Ok(());
        }
        // If the bus has answered since this was last checked, the published event takes no room any more.
        self.outbox.take_in_answer();
        let claimed = self.open.claimed.borrow();
        let foreseen = |state: &PoolState| plan::foreseen(state, context, &claimed, transitions);
        let events = ends + transitions.len() + self.open.read(foreseen);
        self.outbox.require_room(events)
    }

    /// Passes an event to the outbox. A call of the pool from within the bus has to wait for the rest of this step.
    pub(crate) fn publish(&self, event: Rc<PoolEvent>) {
        let _shut = self.open.turns.shut();
        self.outbox.push(event);
    }
}

/// A wake that is being registered. What happens meanwhile does not end it yet: the event bus may have an older event.
pub(crate) struct NewWake {
    condition_id: WakeConditionId,
    /// The first event since its registration that it waits for.
    matched_event_id: OnceCell<EventId>,
}

impl NewWake {
    pub(crate) fn new(condition_id: WakeConditionId) -> Self {
        let matched_event_id = OnceCell::new();
        Self {
            condition_id,
            matched_event_id,
        }
    }

    /// The wake's end by that event.
    fn due(&self, event_id: EventId) -> DueWake {
        DueWake {
            condition_id: self.condition_id.clone(),
            matched_event_id: Some(event_id),
        }
    }

    /// Notes the event by which this wake is to end. Returns whether it is this one.
    fn notes(&self, due: &DueWake) -> bool {
        let is_this = due.condition_id == self.condition_id;
        if is_this && let Some(matched) = &due.matched_event_id {
            // Only the first one counts.
            let _ = self.matched_event_id.set(matched.clone());
        }
        is_this
    }
}

/// The ends of wakes that an operation has yet to record. If the operation ends before that, by an error or by being
/// dropped, they are owed.
pub(crate) struct Undone<'a> {
    open: &'a OpenPool,
    /// `None` unless the operation ends wakes: dropping an empty queue takes longer than dropping `None`.
    ends: Option<VecDeque<DueWake>>,
    /// Whether a transition has happened. An operation that failed before that owes nothing.
    begun: bool,
    /// Whether the operation can no longer be refused for lack of room.
    is_under_way: bool,
    new: Option<&'a NewWake>,
}

impl<'a> Undone<'a> {
    pub(crate) fn new(open: &'a OpenPool, ends: Option<VecDeque<DueWake>>, begun: bool) -> Self {
        if let Some(ends) = &ends {
            ends.iter().for_each(|due| claim(open, due));
        }
        let new = None;
        Self {
            open,
            ends,
            begun,
            is_under_way: false,
            new,
        }
    }

    /// Nothing but the end of a wake that has just been registered, by the event that was noted, if there is one. It
    /// needs no room: the operation can no longer be refused.
    pub(crate) fn of_registered(open: &'a OpenPool, new: &NewWake) -> Self {
        let mut undone = Self::new(open, None, true);
        undone.is_under_way = true;
        if let Some(event_id) = new.matched_event_id.get() {
            undone.add(vec![new.due(event_id.clone())]);
        }
        undone
    }

    /// Ends the wake by that event instead.
    pub(crate) fn end_by(&mut self, new: &NewWake, event_id: EventId) {
        self.strike_out();
        self.add(vec![new.due(event_id)]);
    }

    /// How many ends are left.
    fn len(&self) -> usize {
        self.ends.as_ref().map_or(0, VecDeque::len)
    }

    fn add(&mut self, ends: Vec<DueWake>) {
        for due in ends {
            if self.new.is_some_and(|new| new.notes(&due)) {
                continue;
            }
            claim(self.open, &due);
            self.ends.get_or_insert_default().push_back(due);
        }
    }

    /// The transition of the next end. Wakes that have ended, or whose runs are away, are passed over.
    fn next_end(&mut self, context: PlanContext) -> Option<Transition> {
        while let Some(due) = self.ends.as_ref()?.front() {
            let end = self
                .open
                .read(|state| plan::end_of_due(state, context, due));
            if end.is_some() {
                return end;
            }
            self.strike_out();
        }
        None
    }

    /// Notes that a transition has happened: the next end if `is_end`, otherwise another one.
    fn happened(&mut self, is_end: bool) {
        self.begun = true;
        if is_end {
            self.strike_out();
        }
    }

    fn strike_out(&mut self) {
        if let Some(due) = self.ends.as_mut().and_then(VecDeque::pop_front) {
            self.open.claimed.borrow_mut().remove(&due.condition_id);
        }
    }
}

fn claim(open: &OpenPool, due: &DueWake) {
    let condition_id = due.condition_id.clone();
    open.claimed.borrow_mut().add(condition_id);
}

impl Drop for Undone<'_> {
    fn drop(&mut self) {
        if self.begun
            && let Some(ends) = &mut self.ends
        {
            self.open.owed.borrow_mut().append(ends);
        }
        while self.len() > 0 {
            self.strike_out();
        }
    }
}
