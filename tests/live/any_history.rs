//! Whatever happens, every reader sees what the model says.

use agent_pool::record::{EventFilter, EventKind, SubscriberQueueConfig};
use proptest::prelude::*;

use crate::host::*;
use crate::model::{Bus, Model};

#[derive(Clone, Debug)]
enum Step {
    Join(usize),
    Leave(usize),
    Send(usize, usize),
    HostEvent(usize, bool),
    Subscribe { narrow: bool, after: Option<After> },
    Read(usize, usize),
    Drop(usize),
}

/// A cursor: how many frames back, and how far ahead of that frame, perhaps ahead of the bus.
type After = (usize, u64);

const RUNS: [&str; 4] = ["r1", "r2", "r3", "r4"];

fn step() -> impl Strategy<Value = Step> {
    let run = || 0..RUNS.len();
    prop_oneof![
        2 => run().prop_map(Step::Join),
        2 => run().prop_map(Step::Leave),
        3 => (run(), run()).prop_map(|(from, to)| Step::Send(from, to)),
        1 => (run(), any::<bool>()).prop_map(|(run, terminal)| Step::HostEvent(run, terminal)),
        2 => (any::<bool>(), prop::option::of((0..4_usize, 0..6_u64)))
            .prop_map(|(narrow, after)| Step::Subscribe { narrow, after }),
        4 => (0..8_usize, 0..6_usize).prop_map(|(reader, count)| Step::Read(reader, count)),
        1 => (0..8_usize).prop_map(Step::Drop),
    ]
}

/// The filters of the readers: everything, or one kind of some runs; always with room for everything.
fn filter(narrow: bool) -> EventFilter {
    let filter = match narrow {
        false => EventFilter::default(),
        true => EventFilter {
            run_ids: [run("r1"), run("r3"), run("stranger")]
                .into_iter()
                .collect(),
            ..on(EventKind::RunMessageDelivered)
        },
    };
    EventFilter {
        queue: SubscriberQueueConfig::UNBOUNDED,
        ..filter
    }
}

fn take(model: &mut Model, number: usize, step: Step) {
    let name = |prefix: &str| format!("{prefix}{number}");
    match step {
        Step::Join(who) => done(model.pool.join_run(member(RUNS[who], "ag1"))),
        // If the run is no member, this is refused, and nothing happens.
        Step::Leave(who) => drop(now(model.pool.leave_run(&run(RUNS[who])))),
        Step::Send(from, to) => {
            let message = message(&name("m"), RUNS[from], to_run(RUNS[to]));
            drop(now(model.pool.send(message)));
        }
        Step::HostEvent(who, terminal) => {
            let kind = match terminal {
                true => EventKind::ToolCompleted,
                false => EventKind::ToolStarted,
            };
            model.observe(host_event(&name("e"), RUNS[who], kind));
        }
        Step::Subscribe { narrow, after } => {
            let filter = filter(narrow);
            let cursor = after.and_then(|(back, ahead)| model.cursor(&filter, back, ahead));
            model.subscribe(filter, cursor);
        }
        Step::Read(reader, count) => model.read(reader, count),
        Step::Drop(reader) => model.drop_reader(reader),
    }
    model.settle();
}

proptest! {
    #[test]
    fn is_seen_as_it_came_to_the_bus(
        bus in prop::sample::select(vec![Bus::Told, Bus::Asked, Bus::Sloppy]),
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut model = Model::new(bus);
        done(model.pool.join_run(member("r0", "ag0")));
        model.settle();
        for (number, step) in steps.into_iter().enumerate() {
            take(&mut model, number, step);
        }
        model.finish();
    }
}
