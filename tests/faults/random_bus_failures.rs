//! Random operations while the event bus fails and delays at random.

use agent_pool::domain::ErrorCode;
use proptest::prelude::*;

use crate::host::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn events_reach_the_bus_once_and_in_journal_order(
        script in scripts(30, true),
        replies in replies(80, true),
        handles in prop::collection::vec(0..2_usize, 64),
        driven in any::<bool>(),
        order in any::<u64>(),
    ) {
        let tasks = Tasks::default();
        let world = World::of(WorldPlan {
            executor: driven.then(|| tasks.clone()),
            ..WorldPlan::default()
        });
        let pools = [world.pool.clone(), world.handle()];
        world.bus.replies.are(replies);
        let mut choose = choices(order);
        for (call, handle) in script.into_iter().zip(handles) {
            let before = world.journal.len();
            let pool = pools[handle].clone();
            let outcome = tasks.start(async move { call.make(&pool).await });
            tasks.run_choosing(&mut choose);
            let answer = outcome.take();
            if answer.is_err_and(|error| error.code == ErrorCode::EventBusRejected) {
                prop_assert_eq!(world.journal.len(), before, "nothing was journaled");
            }
            // At any time the bus has the first so many of the events in the journal.
            let (bus, journal) = (world.bus.taken(), world.journal.records());
            prop_assert!(bus.len() <= journal.len());
            for (number, frame) in (1..).zip(&bus) {
                let event_id = format!("event.agent_pool.pool.x.{number}");
                prop_assert_eq!(frame.event.envelope.event_id.as_str(), event_id);
            }
        }
        world.bus.replies.are([]);
        let pool = world.pool.clone();
        let flushed = tasks.start(async move {
            // The first `flush` reports what failed meanwhile.
            let _ = pool.flush().await;
            pool.flush().await
        });
        tasks.run();
        flushed.take().expect("the bus works again");
        let (bus, journal) = (world.bus.taken(), world.journal.records());
        prop_assert_eq!(bus.len(), journal.len());
        for (number, (frame, record)) in (1..).zip(bus.iter().zip(&journal)) {
            let event = &frame.event.envelope;
            prop_assert_eq!(event.event_kind.as_str(), &*record.event_index.event_kind);
            let cursor = event.journal_cursor.as_ref().map(|cursor| cursor.as_str().to_owned());
            prop_assert_eq!(cursor, Some(format!("journal.{number}")));
        }
    }
}
