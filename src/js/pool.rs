//! The pool itself.

use std::future::Future;
use std::rc::Rc;

use js_sys::Function;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::domain::{AgentError, AgentPoolId, PolicyRef, RunId, WakeConditionId};
use crate::js::answer::{answer, answer_of, answer_or};
use crate::js::clock::WasmClock;
use crate::js::error::{set, to_js};
use crate::js::event_bus::WasmEventBus;
use crate::js::executor::EventLoop;
use crate::js::ids::WasmIds;
use crate::js::journal::WasmJournal;
use crate::js::launcher::{HostLauncher, host_handle};
use crate::js::store::WasmStore;
use crate::js::stream::WasmStream;
use crate::js::text::{read, read_object, write_js};
use crate::pool::{
    AgentPool, AgentPoolMessagePolicy, AgentPoolWakePolicy, DEFAULT_OUTBOX_CAPACITY,
    RunMessageDraft, RuntimePorts, StartRunError, WakeConditionDraft, WakeMatching,
};
use crate::record::{EventCursor, EventFilter, MessageStatus, RunMessage};

/// What a pool is built from besides its ports.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    pool_id: AgentPoolId,
    #[serde(default)]
    message_policy: AgentPoolMessagePolicy,
    #[serde(default)]
    wake_policy: AgentPoolWakePolicy,
    #[serde(default)]
    policy_refs: Vec<PolicyRef>,
    #[serde(default)]
    wake_matching: WakeMatching,
    outbox_capacity: Option<u32>,
}

/// A handle on a pool.
#[wasm_bindgen]
pub struct WasmPool {
    pool: AgentPool,
}

#[wasm_bindgen]
impl WasmPool {
    /// Opens a pool: a `WasmPool`, or a promise of one.
    pub fn build(
        config: &str,
        journal: &WasmJournal,
        event_bus: &WasmEventBus,
        store: &WasmStore,
        clock: &WasmClock,
        ids: &WasmIds,
        launcher: Option<Function>,
    ) -> Result<JsValue, JsValue> {
        let config: Config = read("options", config).map_err(|error| to_js(&error))?;
        let mut ports = RuntimePorts::new(clock.port())
            .journal(journal.port())
            .event_bus(event_bus.port())
            .ids(ids.port())
            .executor(Rc::new(EventLoop));
        if let Some(launcher) = launcher {
            ports = ports.run_launcher(Rc::new(HostLauncher(launcher)));
        }
        let capacity = config.outbox_capacity.map(|capacity| capacity as usize);
        let mut builder = AgentPool::builder(config.pool_id)
            .runtime(ports)
            .store(store.shared())
            .message_policy(config.message_policy)
            .wake_policy(config.wake_policy)
            .wake_matching(config.wake_matching)
            .outbox_capacity(capacity.unwrap_or(DEFAULT_OUTBOX_CAPACITY));
        for policy_ref in config.policy_refs {
            builder = builder.policy_ref(policy_ref);
        }
        answer(async move {
            let pool = builder.build().await?;
            Ok(Self { pool }.into())
        })
    }

    /// The pool's id.
    #[wasm_bindgen(js_name = poolId)]
    pub fn pool_id(&self) -> String {
        self.pool.pool_id().as_str().to_owned()
    }

    /// See [`AgentPool::start_run`].
    #[wasm_bindgen(js_name = startRun)]
    pub fn start_run(&self, request: &str) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        let request = read_object("request", request);
        let start = async move {
            let handle = pool.start_run(request?).await?;
            Ok(host_handle(&handle))
        };
        answer_or(start, |error: StartRunError| {
            let thrown = to_js(&error.error);
            if let Some(handle) = &error.run_handle {
                set(&thrown, "run_handle", &host_handle(handle));
            }
            thrown
        })
    }

    /// See [`AgentPool::join_run`].
    #[wasm_bindgen(js_name = joinRun)]
    pub fn join_run(&self, member: &str) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        let member = read_object("member", member);
        done(&self.pool, async move { pool.join_run(member?).await })
    }

    /// See [`AgentPool::leave_run`].
    #[wasm_bindgen(js_name = leaveRun)]
    pub fn leave_run(&self, run_id: &str) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        let run_id = read::<RunId>("runId", run_id);
        text(&self.pool, async move { pool.leave_run(&run_id?).await })
    }

    /// See [`AgentPool::members`].
    pub fn members(&self) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        text(&self.pool, async move { pool.members().await })
    }

    /// See [`AgentPool::snapshot`].
    pub fn snapshot(&self) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        text(&self.pool, async move { pool.snapshot().await })
    }

    /// See [`AgentPool::send`].
    pub fn send(&self, message: &str) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        let message = self.read_message(message);
        text(&self.pool, async move { pool.send(message?).await })
    }

    /// See [`AgentPool::record_message_status`].
    #[wasm_bindgen(js_name = recordMessageStatus)]
    pub fn record_message_status(
        &self,
        message: &str,
        status: &str,
        delivered_to: &str,
    ) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        let message = self.read_message(message);
        let status = read::<MessageStatus>("status", status);
        let delivered_to = read("deliveredTo", delivered_to);
        text(&self.pool, async move {
            let (message, status) = (message?, status?);
            pool.record_message_status(message, status, delivered_to?)
                .await
        })
    }

    /// See [`AgentPool::subscribe`].
    pub fn subscribe(&self, filter: &str, cursor: Option<String>) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        let filter = read_object("filter", filter);
        let cursor = read_optional::<EventCursor>("cursor", cursor);
        text(
            &self.pool,
            async move { pool.subscribe(filter?, cursor?).await },
        )
    }

    /// See [`AgentPool::subscribe_live`].
    #[wasm_bindgen(js_name = subscribeLive)]
    pub fn subscribe_live(
        &self,
        filter: &str,
        cursor: Option<String>,
    ) -> Result<WasmStream, JsValue> {
        let filter = read_object("filter", filter).map_err(|error| to_js(&error))?;
        let cursor = read_optional("cursor", cursor).map_err(|error| to_js(&error))?;
        Ok(WasmStream::new(self.pool.subscribe_live(filter, cursor)))
    }

    /// See [`AgentPool::scope_filter`].
    #[wasm_bindgen(js_name = scopeFilter)]
    pub fn scope_filter(&self, filter: &str) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        let filter = read_object::<EventFilter>("filter", filter);
        text(&self.pool, async move { pool.scope_filter(filter?).await })
    }

    /// See [`AgentPool::compile_scoped_filter`].
    #[wasm_bindgen(js_name = compileScopedFilter)]
    pub fn compile_scoped_filter(&self, filter: &str) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        let filter = read_object::<EventFilter>("filter", filter);
        text(&self.pool, async move {
            pool.compile_scoped_filter(filter?).await
        })
    }

    /// See [`AgentPool::suspend_until`].
    #[wasm_bindgen(js_name = suspendUntil)]
    pub fn suspend_until(&self, run_id: &str, condition: &str) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        let run_id = read::<RunId>("runId", run_id);
        let condition = read_object::<WakeConditionDraft>("condition", condition);
        text(&self.pool, async move {
            let (run_id, condition) = (run_id?, condition?);
            let condition = pool.complete_wake(&run_id, condition)?;
            pool.suspend_until(run_id, condition).await
        })
    }

    /// See [`AgentPool::poll_wake`].
    #[wasm_bindgen(js_name = pollWake)]
    pub fn poll_wake(&self, condition_id: &str) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        let condition_id = read::<WakeConditionId>("conditionId", condition_id);
        text(
            &self.pool,
            async move { pool.poll_wake(&condition_id?).await },
        )
    }

    /// See [`AgentPool::cancel_wake`].
    #[wasm_bindgen(js_name = cancelWake)]
    pub fn cancel_wake(&self, condition_id: &str) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        let condition_id = read::<WakeConditionId>("conditionId", condition_id);
        text(
            &self.pool,
            async move { pool.cancel_wake(&condition_id?).await },
        )
    }

    /// See [`AgentPool::watch_pool`].
    #[wasm_bindgen(js_name = watchPool)]
    pub fn watch_pool(&self, cursor: Option<String>) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        let cursor = read_optional("cursor", cursor);
        text(&self.pool, async move { pool.watch_pool(cursor?).await })
    }

    /// See [`AgentPool::watch_pool_live`].
    #[wasm_bindgen(js_name = watchPoolLive)]
    pub fn watch_pool_live(&self, cursor: Option<String>) -> Result<WasmStream, JsValue> {
        let cursor = read_optional("cursor", cursor).map_err(|error| to_js(&error))?;
        Ok(WasmStream::new(self.pool.watch_pool_live(cursor)))
    }

    /// See [`AgentPool::observe`].
    pub fn observe(&self, frame: &str) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        let frame = read_object("frame", frame);
        done(&self.pool, async move { pool.observe(frame?).await })
    }

    /// See [`AgentPool::flush`].
    pub fn flush(&self) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        done(&self.pool, async move { pool.flush().await })
    }

    /// See [`AgentPool::close`].
    pub fn close(&self) -> Result<JsValue, JsValue> {
        let pool = self.pool.clone();
        done(&self.pool, async move { pool.close().await })
    }

    /// See [`AgentPool::abandon`].
    pub fn abandon(&self) -> Result<(), JsValue> {
        self.pool.abandon().map_err(|error| to_js(&error))
    }

    /// Panics, at once or in an operation that waits: what a test build has to show for it.
    #[cfg(feature = "panic-probe")]
    #[wasm_bindgen(js_name = panicProbe)]
    pub fn panic_probe(&self, later: bool) -> Result<JsValue, JsValue> {
        done(&self.pool, async move {
            if later {
                let resolved = js_sys::Promise::resolve(&JsValue::UNDEFINED);
                let _ = wasm_bindgen_futures::JsFuture::from(resolved).await;
            }
            panic!("a fault made for a test");
        })
    }
}

impl WasmPool {
    fn read_message(&self, message: &str) -> Result<RunMessage, AgentError> {
        let draft: RunMessageDraft = read_object("message", message)?;
        self.pool.complete_message(draft)
    }
}

fn read_optional<T: serde::de::DeserializeOwned>(
    name: &str,
    value: Option<String>,
) -> Result<Option<T>, AgentError> {
    value.map(|value| read_object(name, &value)).transpose()
}

/// Answers the outcome of an operation as text.
fn text<T: Serialize>(
    pool: &AgentPool,
    operation: impl Future<Output = Result<T, AgentError>> + 'static,
) -> Result<JsValue, JsValue> {
    answer_of(pool, async move { Ok(write_js(&operation.await?)) })
}

/// Answers nothing, once an operation is done.
fn done(
    pool: &AgentPool,
    operation: impl Future<Output = Result<(), AgentError>> + 'static,
) -> Result<JsValue, JsValue> {
    answer_of(
        pool,
        async move { operation.await.map(|()| JsValue::UNDEFINED) },
    )
}
