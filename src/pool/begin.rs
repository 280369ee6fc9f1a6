//! Beginning an operation: its turn, and what has to be done before it.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use crate::domain::{AgentError, RunId};
use crate::pool::handle::Handle;
use crate::pool::outbox::Gate;
use crate::pool::race::before;
use crate::pool::turns::Turn;

impl Handle {
    /// Waits for a turn, alone or in a run's lane. Then the frame that the event bus rejected is tried again, and what
    /// is owed is finished. If either fails, the operation does not begin (DESIGN 3).
    pub(crate) async fn begin(&self, lane: Option<&RunId>) -> Result<Turn<'_>, AgentError> {
        let mut turn = self.open.turns.turn(lane);
        self.attending(&mut turn).await;
        let mut gave_way = false;
        loop {
            let arrivals = self.open.turns.arrivals();
            let shut = self.open.turns.shut();
            let gate = self.outbox.gate(turn.number(), arrivals, gave_way);
            drop(shut);
            match gate {
                Gate::Open => break,
                Gate::Shut(error) => return Err(error),
                Gate::GiveWay => {
                    give_way().await;
                    gave_way = true;
                }
                // A publication may call the pool and wait for that call. So the bus is waited for only until another
                // call arrives, which may be that one.
                Gate::Retrying { publication, since } => {
                    let answered = self.outbox.answered(publication);
                    let arrival = self.open.turns.arrival_after(since);
                    match before(answered, arrival).await {
                        Some(answer) => answer?,
                        None => break,
                    }
                }
            }
        }
        self.settle_owed().await?;
        Ok(turn)
    }

    /// Waits for a turn to read the state.
    pub(crate) fn turn_to_look(&self) -> Result<impl Future<Output = Turn<'_>>, AgentError> {
        self.require_callable()?;
        Ok(self.take_turn())
    }

    /// Waits for a turn alone. In a box: otherwise it would be the greater part of every operation that only reads.
    #[expect(
        clippy::async_yields_async,
        reason = "a turn is waited for first, and then had"
    )]
    pub(crate) fn take_turn(&self) -> Pin<Box<dyn Future<Output = Turn<'_>> + '_>> {
        Box::pin(async {
            let mut turn = self.open.turns.take();
            self.attending(&mut turn).await;
            turn
        })
    }

    /// Waits for what another operation does, and polls the publication under way meanwhile: the other operation may
    /// have been called from a publication that nobody else polls.
    pub(crate) fn attending(
        &self,
        waiting: &mut (dyn Future<Output = ()> + Unpin),
    ) -> impl Future<Output = ()> {
        let mut waiting = Pin::new(waiting);
        let mut publication = None;
        poll_fn(move |context| {
            loop {
                if waiting.as_mut().poll(context).is_ready() {
                    return Poll::Ready(());
                }
                publication = publication.take().or_else(|| self.outbox.under_way());
                let Some(answer) = &mut publication else {
                    return Poll::Pending;
                };
                // Called from within the publication, this does not poll it: what it waits for cannot wait for it.
                if Pin::new(answer).poll(context).is_pending() {
                    return Poll::Pending;
                }
                publication = None;
                self.outbox.pump();
            }
        })
    }

    /// Waits for the operations so far, and then until the event bus has their events.
    pub(crate) async fn finish(&self) -> Result<(), AgentError> {
        self.require_outside_of_publish()?;
        drop(self.take_turn().await);
        self.outbox.flush(self.open.turns.arrivals()).await
    }
}

/// Lets everything else that is ready go on first.
async fn give_way() {
    let mut gave_way = false;
    poll_fn(|context| {
        if std::mem::replace(&mut gave_way, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
