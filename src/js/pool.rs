//! The pool itself.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::domain::ErrorCode;
use crate::js::answer::{Reply, answer};
use crate::js::config::Config;
use crate::js::error::to_js;
use crate::js::executor::EventLoop;
use crate::js::in_hand;
use crate::js::launcher::HostLauncher;
use crate::js::port::{Port, WasmPort};
use crate::js::request::{Operation, optional, request};
use crate::js::stream::WasmStream;
use crate::js::text::read;
use crate::pool::{AgentPool, AgentPoolBuilder, DEFAULT_OUTBOX_CAPACITY, RuntimePorts};
use crate::record::AgentPoolStoreConfig;

/// A handle on a pool.
#[wasm_bindgen]
pub struct WasmPool {
    pub(super) pool: AgentPool,
}

impl Drop for WasmPool {
    fn drop(&mut self) {
        in_hand::let_go_of_sent();
    }
}

#[wasm_bindgen]
impl WasmPool {
    /// Opens a pool. Returns a `WasmPool`, at once or later ([`Host::answered`](super::Host)). Each port has to be of
    /// the kind that its place is for.
    ///
    /// # Errors
    /// `invalid_input`; the errors of [`AgentPoolBuilder::build`], at once or later.
    pub fn build(
        config: &str,
        journal: &WasmPort,
        event_bus: &WasmPort,
        store: &WasmPort,
        clock: &WasmPort,
        ids: &WasmPort,
        launcher: Option<Function>,
    ) -> Result<JsValue, JsValue> {
        let config: Config = read("options", config)?;
        let ports = (
            &journal.port,
            &event_bus.port,
            &store.port,
            &clock.port,
            &ids.port,
        );
        let (
            Port::Journal { journal, .. },
            Port::EventBus { bus, .. },
            Port::Store(store),
            Port::Clock(clock),
            Port::Ids(ids),
        ) = ports
        else {
            return Err(to_js(&ErrorCode::InvalidInput.into()));
        };
        // Made in one piece: every step of the builder would move the whole of it.
        let runtime = RuntimePorts {
            journal: Some(Rc::clone(journal)),
            event_bus: Some(Rc::clone(bus)),
            clock: Rc::clone(clock),
            ids: Rc::clone(ids),
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
            store: store.clone(),
            matching: config.wake_matching,
            outbox_capacity: config
                .outbox_capacity
                .map_or(DEFAULT_OUTBOX_CAPACITY, |capacity| capacity as usize),
        };
        let building = async move {
            let built = builder.build().await;
            let pool = built.map_err(|error| to_js(&error))?;
            Ok(Reply::Value(Self { pool }.into()))
        };
        answer(None, Box::pin(building))
    }

    /// The pool's id.
    #[wasm_bindgen(js_name = poolId)]
    pub fn pool_id(&self) -> String {
        self.pool.pool_id().as_str().to_owned()
    }

    /// Carries out an operation; see [`Operation`].
    ///
    /// # Errors
    /// `invalid_input` if an argument is malformed; the errors of the method of [`AgentPool`], at once or later.
    pub fn call(
        &self,
        operation: Operation,
        first: Option<String>,
        second: Option<String>,
        third: Option<String>,
    ) -> Result<JsValue, JsValue> {
        let arguments = [first.as_deref(), second.as_deref(), third.as_deref()];
        let asked = request(self.pool.clone(), operation, arguments)?;
        // Starting a run is not dropped with an abandoned handle: it takes no turn, and the run's handle must not be
        // lost.
        let starts = matches!(operation, Operation::StartRun);
        answer((!starts).then_some(&self.pool), asked)
    }

    /// See [`AgentPool::subscribe_live`].
    ///
    /// # Errors
    /// `invalid_input` if an argument is malformed.
    #[wasm_bindgen(js_name = subscribeLive)]
    pub fn subscribe_live(
        &self,
        filter: &str,
        cursor: Option<String>,
    ) -> Result<WasmStream, JsValue> {
        let filter = read("filter", filter)?;
        let cursor = optional("cursor", cursor.as_deref())?;
        Ok(WasmStream::new(self.pool.subscribe_live(filter, cursor)))
    }

    /// See [`AgentPool::watch_pool_live`].
    ///
    /// # Errors
    /// `invalid_input` if the cursor is malformed.
    #[wasm_bindgen(js_name = watchPoolLive)]
    pub fn watch_pool_live(&self, cursor: Option<String>) -> Result<WasmStream, JsValue> {
        let cursor = optional("cursor", cursor.as_deref())?;
        Ok(WasmStream::new(self.pool.watch_pool_live(cursor)))
    }

    /// See [`AgentPool::abandon`].
    ///
    /// # Errors
    /// As for [`AgentPool::abandon`].
    pub fn abandon(&self) -> Result<(), JsValue> {
        self.pool.abandon().map_err(|error| to_js(&error))
    }

    /// Panics, at once or in an operation that waits, so that tests can see what a panic does.
    #[cfg(feature = "panic-probe")]
    #[wasm_bindgen(js_name = panicProbe)]
    pub fn panic_probe(&self, later: bool) -> Result<JsValue, JsValue> {
        let panicking = async move {
            let mut is_now = !later;
            let later = move |context: &mut std::task::Context<'_>| {
                context.waker().wake_by_ref();
                match std::mem::replace(&mut is_now, true) {
                    true => std::task::Poll::Ready(()),
                    false => std::task::Poll::Pending,
                }
            };
            std::future::poll_fn(later).await;
            panic!("a fault made for a test");
        };
        answer(Some(&self.pool), Box::pin(panicking))
    }
}
