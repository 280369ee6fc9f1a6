//! The pool itself.

use std::future::Future;
use std::rc::Rc;

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::domain::{AgentError, RunId, WakeConditionId};
use crate::js::answer::{answer, answer_of, answer_or};
use crate::js::clock::WasmClock;
use crate::js::config::Config;
use crate::js::error::{set, to_js};
use crate::js::event_bus::WasmEventBus;
use crate::js::executor::EventLoop;
use crate::js::ids::WasmIds;
use crate::js::journal::WasmJournal;
use crate::js::launcher::{HostLauncher, host_handle};
use crate::js::plain::send;
use crate::js::store::WasmStore;
use crate::js::stream::WasmStream;
use crate::js::text::{read, write_js};
use crate::json::FromJson;
use crate::pool::{
    AgentPool, AgentPoolBuilder, DEFAULT_OUTBOX_CAPACITY, RunMessageDraft, RuntimePorts,
    StartRunError, WakeConditionDraft,
};
use crate::port::RunRequest;
use crate::record::{AgentPoolStoreConfig, EventCursor, EventFilter, MessageStatus, RunMessage};

/// A handle on a pool.
#[wasm_bindgen]
pub struct WasmPool {
    pub(super) pool: AgentPool,
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
        let config: Config = read("options", config)?;
        // Put together in one place: every step of the builder would move the whole of it.
        let runtime = RuntimePorts {
            journal: Some(journal.port()),
            event_bus: Some(event_bus.port()),
            clock: clock.port(),
            ids: ids.port(),
            run_launcher: launcher.map(|launcher| Rc::new(HostLauncher(launcher)) as Rc<_>),
            executor: Some(Rc::new(EventLoop)),
        };
        let builder = AgentPoolBuilder {
            pool_id: config.pool_id,
            runtime: Some(runtime),
            config: AgentPoolStoreConfig {
                message_policy: config.message_policy,
                wake_policy: config.wake_policy,
                policy_refs: config.policy_refs,
            },
            store: store.shared(),
            matching: config.wake_matching,
            outbox_capacity: config
                .outbox_capacity
                .map_or(DEFAULT_OUTBOX_CAPACITY, |capacity| capacity as usize),
        };
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
        let request = read::<RunRequest>("request", request)?;
        let pool = self.pool.clone();
        let start = async move {
            let handle = pool.start_run(request).await?;
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
        let member = read("member", member)?;
        let pool = self.pool.clone();
        done(&self.pool, async move { pool.join_run(member).await })
    }

    /// See [`AgentPool::leave_run`].
    #[wasm_bindgen(js_name = leaveRun)]
    pub fn leave_run(&self, run_id: &str) -> Result<JsValue, JsValue> {
        let run_id = read::<RunId>("runId", run_id)?;
        let pool = self.pool.clone();
        text(&self.pool, async move { pool.leave_run(&run_id).await })
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
        let message = self.read_message(message)?;
        answer_of(&self.pool, send(&self.pool, message, None))
    }

    /// See [`AgentPool::record_message_status`].
    #[wasm_bindgen(js_name = recordMessageStatus)]
    pub fn record_message_status(
        &self,
        message: &str,
        status: &str,
        delivered_to: &str,
    ) -> Result<JsValue, JsValue> {
        let message = self.read_message(message)?;
        let status = read::<MessageStatus>("status", status)?;
        let delivered_to = read("deliveredTo", delivered_to)?;
        let pool = self.pool.clone();
        text(&self.pool, async move {
            pool.record_message_status(message, status, delivered_to)
                .await
        })
    }

    /// See [`AgentPool::subscribe`].
    pub fn subscribe(&self, filter: &str, cursor: Option<String>) -> Result<JsValue, JsValue> {
        let filter = read("filter", filter)?;
        let cursor = read_optional::<EventCursor>("cursor", cursor)?;
        let pool = self.pool.clone();
        text(
            &self.pool,
            async move { pool.subscribe(filter, cursor).await },
        )
    }

    /// See [`AgentPool::subscribe_live`].
    #[wasm_bindgen(js_name = subscribeLive)]
    pub fn subscribe_live(
        &self,
        filter: &str,
        cursor: Option<String>,
    ) -> Result<WasmStream, JsValue> {
        let filter = read("filter", filter)?;
        let cursor = read_optional("cursor", cursor)?;
        Ok(WasmStream::new(self.pool.subscribe_live(filter, cursor)))
    }

    /// See [`AgentPool::scope_filter`].
    #[wasm_bindgen(js_name = scopeFilter)]
    pub fn scope_filter(&self, filter: &str) -> Result<JsValue, JsValue> {
        let filter = read::<EventFilter>("filter", filter)?;
        let pool = self.pool.clone();
        text(&self.pool, async move { pool.scope_filter(filter).await })
    }

    /// See [`AgentPool::compile_scoped_filter`].
    #[wasm_bindgen(js_name = compileScopedFilter)]
    pub fn compile_scoped_filter(&self, filter: &str) -> Result<JsValue, JsValue> {
        let filter = read::<EventFilter>("filter", filter)?;
        let pool = self.pool.clone();
        text(&self.pool, async move {
            pool.compile_scoped_filter(filter).await
        })
    }

    /// See [`AgentPool::suspend_until`].
    #[wasm_bindgen(js_name = suspendUntil)]
    pub fn suspend_until(&self, run_id: &str, condition: &str) -> Result<JsValue, JsValue> {
        let run_id = read::<RunId>("runId", run_id)?;
        let condition = read::<WakeConditionDraft>("condition", condition)?;
        let pool = self.pool.clone();
        text(&self.pool, async move {
            let condition = pool.complete_wake(&run_id, condition)?;
            pool.suspend_until(run_id, condition).await
        })
    }

    /// See [`AgentPool::poll_wake`].
    #[wasm_bindgen(js_name = pollWake)]
    pub fn poll_wake(&self, condition_id: &str) -> Result<JsValue, JsValue> {
        let condition_id = read::<WakeConditionId>("conditionId", condition_id)?;
        let pool = self.pool.clone();
        text(
            &self.pool,
            async move { pool.poll_wake(&condition_id).await },
        )
    }

    /// See [`AgentPool::cancel_wake`].
    #[wasm_bindgen(js_name = cancelWake)]
    pub fn cancel_wake(&self, condition_id: &str) -> Result<JsValue, JsValue> {
        let condition_id = read::<WakeConditionId>("conditionId", condition_id)?;
        let pool = self.pool.clone();
        text(
            &self.pool,
            async move { pool.cancel_wake(&condition_id).await },
        )
    }

    /// See [`AgentPool::watch_pool`].
    #[wasm_bindgen(js_name = watchPool)]
    pub fn watch_pool(&self, cursor: Option<String>) -> Result<JsValue, JsValue> {
        let cursor = read_optional("cursor", cursor)?;
        let pool = self.pool.clone();
        text(&self.pool, async move { pool.watch_pool(cursor).await })
    }

    /// See [`AgentPool::watch_pool_live`].
    #[wasm_bindgen(js_name = watchPoolLive)]
    pub fn watch_pool_live(&self, cursor: Option<String>) -> Result<WasmStream, JsValue> {
        let cursor = read_optional("cursor", cursor)?;
        Ok(WasmStream::new(self.pool.watch_pool_live(cursor)))
    }

    /// See [`AgentPool::observe`].
    pub fn observe(&self, frame: &str) -> Result<JsValue, JsValue> {
        let frame = read("frame", frame)?;
        let pool = self.pool.clone();
        done(&self.pool, async move { pool.observe(frame).await })
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
                let _ = crate::js::waiting::Settled::of(&resolved).await;
            }
            panic!("a fault made for a test");
        })
    }
}

impl WasmPool {
    fn read_message(&self, message: &str) -> Result<RunMessage, JsValue> {
        let draft: RunMessageDraft = read("message", message)?;
        let message = self.pool.complete_message(draft);
        message.map_err(|error| to_js(&error))
    }
}

fn read_optional<T: FromJson>(name: &str, value: Option<String>) -> Result<Option<T>, JsValue> {
    value.map(|value| read(name, &value)).transpose()
}

/// Answers the outcome of an operation as text.
fn text<T: Serialize>(
    pool: &AgentPool,
    operation: impl Future<Output = Result<T, AgentError>> + 'static,
) -> Result<JsValue, JsValue> {
    let text = async move {
        match operation.await {
            Ok(value) => Ok(write_js(&value)),
            Err(error) => Err(to_js(&error)),
        }
    };
    answer_of(pool, Box::pin(text))
}

/// Answers nothing, once an operation is done.
fn done(
    pool: &AgentPool,
    operation: impl Future<Output = Result<(), AgentError>> + 'static,
) -> Result<JsValue, JsValue> {
    let done = async move {
        match operation.await {
            Ok(()) => Ok(JsValue::UNDEFINED),
            Err(error) => Err(to_js(&error)),
        }
    };
    answer_of(pool, Box::pin(done))
}
