//! `cargo bench --bench core`: a send, natively, here and in the reference crate, at 0 and at 1,000 messages stored.
//!
//! Both get the same message, over ports in memory that answer at once.

use std::hint::black_box;
use std::rc::Rc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const POOL: &str = "pool.bench";
/// How many messages the pool holds before those that are measured.
const STORED: [u64; 2] = [0, 1_000];
/// How many more messages one pool is measured with at most: the reference gets slower with each.
const SENT_TO_ONE_POOL: u64 = 200;

/// A pool that messages are sent to.
trait Contender {
    type Message: DeserializeOwned;

    /// A pool of two runs.
    fn open() -> Self;
    fn send(&self, message: Self::Message);
}

struct Core(agent_pool::pool::AgentPool);

impl Contender for Core {
    type Message = agent_pool::record::RunMessage;

    fn open() -> Self {
        use agent_pool::memory::{LogicalClock, MemoryEventBus, MemoryJournal};
        use agent_pool::pool::{AgentPool, RuntimePorts, WakeMatching};

        let ports = RuntimePorts::new(Rc::new(LogicalClock))
            .journal(Rc::new(MemoryJournal::new()))
            .event_bus(Rc::new(MemoryEventBus::new()));
        let opening = AgentPool::builder(read(json!(POOL)))
            .runtime(ports)
            .wake_matching(WakeMatching::OnMessage)
            .build();
        let pool = at_once(opening);
        for member in members() {
            at_once(pool.join_run(read(member)));
        }
        Self(pool)
    }

    fn send(&self, message: Self::Message) {
        black_box(at_once(self.0.send(message)));
    }
}

/// Every port answers at once, so every operation is done after one poll.
fn at_once<T>(operation: impl Future<Output = Result<T, agent_pool::domain::AgentError>>) -> T {
    agent_pool::port::poll_once(operation)
        .expect("with ports that answer at once nothing waits")
        .expect("ports in memory do not fail")
}

struct Reference(agent_sdk_core::AgentPool);

impl Contender for Reference {
    type Message = agent_sdk_core::RunMessage;

    fn open() -> Self {
        use agent_sdk_core::{
            AgentPool, AgentRuntime, InMemoryAgentEventBus, InMemoryAgentPoolStore,
        };

        let runtime = AgentRuntime::builder()
            .journal(KeptRecords::default())
            .event_bus(InMemoryAgentEventBus::default())
            .build()
            .expect("both ports are there");
        let pool = AgentPool::builder(read::<agent_sdk_core::AgentPoolId>(json!(POOL)))
            .runtime(runtime)
            .store(InMemoryAgentPoolStore::default())
            .build()
            .expect("a pool of its own store opens");
        for member in members() {
            pool.join_run(read(member))
                .expect("ports in memory do not fail");
        }
        Self(pool)
    }

    fn send(&self, message: Self::Message) {
        black_box(self.0.send(message).expect("ports in memory do not fail"));
    }
}

/// The reference has no journal in memory of its own. Like ours, this one keeps the records that it is given.
#[derive(Default)]
struct KeptRecords(Mutex<Vec<agent_sdk_core::JournalRecord>>);

impl agent_sdk_core::RunJournal for KeptRecords {
    fn append(
        &self,
        record: agent_sdk_core::JournalRecord,
    ) -> Result<agent_sdk_core::JournalCursor, agent_sdk_core::AgentError> {
        let mut records = self.0.lock().expect("nothing panics while it appends");
        records.push(record);
        Ok(agent_sdk_core::JournalCursor::new(format!(
            "journal.{}",
            records.len()
        )))
    }
}

fn members() -> [Value; 2] {
    ["sender", "receiver"].map(|name| {
        json!({ "run_id": format!("run.{name}"), "agent_id": format!("agent.{name}"), "topics": [], "policy_refs": [] })
    })
}

fn message<T: DeserializeOwned>(number: u64) -> T {
    let place = json!({ "kind": "agent", "id": "run.receiver", "privacy": "content_refs_only", "retention": "host_policy" });
    read(json!({
        "message_id": format!("message.{number}"),
        "from": "run.sender",
        "to": {
            "target": { "type": "run", "run_id": "run.receiver" },
            "destination_ref": place,
            "related_refs": [{ "kind": "run", "id": "run.receiver", "privacy": "content_refs_only" }],
        },
        "content_ref": format!("content.{number}"),
        "correlation": {},
        "idempotency_key": format!("key.{number}"),
    }))
}

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("what the benchmark writes is well-formed")
}

/// A pool that holds about as many messages as it is measured with.
struct Filled<C> {
    pool: C,
    stored: u64,
    sent: u64,
}

impl<C: Contender> Filled<C> {
    fn with(stored: u64) -> Self {
        let pool = C::open();
        (0..stored).for_each(|number| pool.send(message(number)));
        Self {
            pool,
            stored,
            sent: stored,
        }
    }

    /// How long this many sends take. Making messages, and making pools to replace full ones, is not counted.
    fn time_sends(&mut self, sends: u64) -> Duration {
        let mut elapsed = Duration::ZERO;
        let mut left = sends;
        while left > 0 {
            if self.sent == self.stored + SENT_TO_ONE_POOL {
                *self = Self::with(self.stored);
            }
            let batch = left.min(self.stored + SENT_TO_ONE_POOL - self.sent);
            let messages: Vec<C::Message> = (self.sent..self.sent + batch).map(message).collect();
            let start = Instant::now();
            messages
                .into_iter()
                .for_each(|message| self.pool.send(message));
            elapsed += start.elapsed();
            self.sent += batch;
            left -= batch;
        }
        elapsed
    }
}

fn send(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("send");
    // As few sends in a sample as will do: filling a pool of the reference takes long.
    group
        .sampling_mode(SamplingMode::Flat)
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800));
    for stored in STORED {
        measure::<Core>(&mut group, "core", stored);
        measure::<Reference>(&mut group, "reference", stored);
    }
    group.finish();
}

fn measure<C: Contender>(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, stored: u64) {
    let mut filled = Filled::<C>::with(stored);
    group.bench_function(BenchmarkId::new(name, stored), |bencher| {
        bencher.iter_custom(|sends| filled.time_sends(sends));
    });
}

criterion_group!(benches, send);
criterion_main!(benches);
