//! A short stand-in for the TypeScript side.

use agent_pool::js::{self, Host, HostEventBus, HostJournal, Operation, WasmPool, WasmPort};
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

pub const PLANNER: &str = r#"{"run_id":"r1","agent_id":"ag1"}"#;
pub const WRITER: &str = r#"{"run_id":"r2","agent_id":"ag2"}"#;
pub const MESSAGE: &str =
    r#"{"from":"r1","to":{"run":"r2"},"content_ref":"content.m1","message_id":"m1"}"#;

/// The stand-in: `later` gives the core a number for a promise, and `outcome` a promise for a number of the core.
pub const HOST: &str = "
    const outcomes = new Map();
    const outcomeOf = (number) => {
        if (!outcomes.has(number)) {
            const outcome = {};
            outcome.promise = new Promise((keep, fail) => Object.assign(outcome, { keep, fail }));
            outcome.promise.catch(() => undefined);
            outcomes.set(number, outcome);
        }
        return outcomes.get(number);
    };
    globalThis.later = (promise) => {
        const number = later();
        promise.then((value) => settle(number, true, value), (thrown) => settle(number, false, thrown));
        return number;
    };
    // Numbers are used again once they were answered.
    globalThis.outcome = (number) => {
        const outcome = outcomeOf(-number);
        outcome.isTaken = true;
        if (outcome.isAnswered) outcomes.delete(-number);
        return outcome.promise;
    };
    return {
        schedule: () => queueMicrotask(runTasks),
        answered: (number, isFulfilled, value) => {
            if (outcomes.get(number)?.isAnswered) outcomes.delete(number);
            const outcome = outcomeOf(number);
            outcome[isFulfilled ? 'keep' : 'fail'](value);
            outcome.isAnswered = true;
            if (outcome.isTaken) outcomes.delete(number);
        },
        panicked: () => undefined,
    };
";

/// Sets the host, once.
pub fn set_host() {
    thread_local! {
        static HOST_IS_SET: () = {
            let run_tasks = Closure::<dyn FnMut()>::new(js::run_tasks).into_js_value();
            let later = Closure::<dyn FnMut() -> f64>::new(js::later).into_js_value();
            let settle = Closure::<dyn FnMut(f64, bool, JsValue)>::new(js::settle).into_js_value();
            let make = Function::new_with_args("runTasks, later, settle", HOST);
            let host = make.call3(&JsValue::UNDEFINED, &run_tasks, &later, &settle);
            js::set_host(host.unwrap().unchecked_into::<Host>());
        };
    }
    HOST_IS_SET.with(|()| ());
}

/// Whether an operation answers later.
pub fn is_later(answer: &JsValue) -> bool {
    answer.as_f64().is_some_and(|number| number < 0.0)
}

/// An object with one method, whose body sees `argument` and what `seen` collects.
pub fn port(method: &str, seen: &Array, body: &str) -> Object {
    let make = Function::new_with_args("seen", &format!("return (argument) => {{ {body} }}"));
    let function = make.call1(&JsValue::UNDEFINED, seen).unwrap();
    let object = Object::new();
    Reflect::set(&object, &method.into(), &function).unwrap();
    object
}

pub fn journal(seen: &Array, body: &str) -> WasmPort {
    WasmPort::host_journal(port("append", seen, body).unchecked_into::<HostJournal>())
}

pub fn event_bus(seen: &Array, body: &str) -> WasmPort {
    WasmPort::host_event_bus(port("publish", seen, body).unchecked_into::<HostEventBus>())
}

/// A pool over these ports, as a JavaScript value.
pub async fn pool(journal: &WasmPort, event_bus: &WasmPort) -> JsValue {
    set_host();
    let built = WasmPool::build(
        r#"{"poolId":"pool.x"}"#,
        journal,
        event_bus,
        &WasmPort::memory_store(),
        &WasmPort::logical_clock(),
        &WasmPort::seeded_ids(1),
        None,
    );
    settled(built).await.unwrap()
}

/// Calls a method. An operation of a pool goes through the pool's one method for operations, by its number.
pub fn call(object: &JsValue, method: &str, arguments: &[&str]) -> Result<JsValue, JsValue> {
    let operation = match method {
        "joinRun" => Some(Operation::JoinRun),
        "leaveRun" => Some(Operation::LeaveRun),
        "members" => Some(Operation::Members),
        "send" => Some(Operation::Send),
        "scopeFilter" => Some(Operation::ScopeFilter),
        "flush" => Some(Operation::Flush),
        _ => None,
    };
    let name = operation.map_or(method, |_| "call");
    let method: Function = get(object, name).unchecked_into();
    let number = operation.map(|operation| JsValue::from(operation as u32));
    let texts = arguments.iter().map(|text| JsValue::from_str(text));
    method.apply(object, &number.into_iter().chain(texts).collect::<Array>())
}

pub async fn settled(answer: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    let answer = answer?;
    if !is_later(&answer) {
        return Ok(answer);
    }
    let outcome: Function = get(&js_sys::global(), "outcome").unchecked_into();
    let outcome = outcome.call1(&JsValue::UNDEFINED, &answer)?;
    JsFuture::from(outcome.unchecked_into::<Promise>()).await
}

pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

pub fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

/// The code of an error, which is a plain object with everything that JavaScript is told.
pub fn code(error: &JsValue) -> String {
    #[derive(serde::Deserialize)]
    struct Told {
        kind: String,
        retry: String,
        code: String,
        message: String,
        ids: std::collections::BTreeMap<String, String>,
    }
    let told: Told = serde_wasm_bindgen::from_value(error.clone()).unwrap();
    assert!(![&told.kind, &told.retry, &told.message].contains(&&String::new()));
    assert!(told.ids.values().all(|id| !id.is_empty()));
    told.code
}

pub fn receipt(answer: &JsValue) -> serde_json::Value {
    serde_json::from_str(&answer.as_string().expect("a text")).unwrap()
}
