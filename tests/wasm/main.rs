//! What the binding promises, tested in WebAssembly, on Node and in Chromium.
#![cfg(target_arch = "wasm32")]

mod host;

use agent_pool::js::{Operation, WasmPort};
use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use host::*;

#[wasm_bindgen_test]
async fn an_operation_is_finished_when_the_call_returns_if_the_ports_answer_at_once() {
    let records = Array::new();
    let frames = Array::new();
    let journal = journal(&records, "seen.push(argument); return `c${seen.length}`");
    let event_bus = event_bus(&frames, "seen.push(argument)");
    let pool = pool(&journal, &event_bus).await;
    assert!(call(&pool, "joinRun", &[PLANNER]).unwrap().is_undefined());
    assert!(call(&pool, "joinRun", &[WRITER]).unwrap().is_undefined());
    let answer = call(&pool, "send", &[MESSAGE]).unwrap();
    assert_eq!(
        receipt(&answer),
        serde_json::json!({
            "message_id": "m1", "status": "delivered", "delivered_to": ["r2"], "journal_cursor": "c5",
        })
    );
    assert_eq!((records.length(), frames.length()), (5, 5));
}

#[wasm_bindgen_test]
async fn a_journal_that_answers_later_has_the_operation_answer_later() {
    let records = Array::new();
    let journal = journal(
        &records,
        "seen.push(argument); return later(Promise.resolve('later'))",
    );
    let pool = pool(&journal, &WasmPort::memory_event_bus()).await;
    let joined = call(&pool, "joinRun", &[PLANNER]).unwrap();
    assert!(is_later(&joined));
    assert_eq!(records.length(), 1, "the second record waits for the first");
    settled(Ok(joined)).await.unwrap();
    assert_eq!(records.length(), 2);
}

#[wasm_bindgen_test]
async fn what_a_journal_throws_is_the_cause_as_it_was_thrown() {
    let seen = Array::new();
    let journal = journal(&seen, "seen[0] = new RangeError('full'); throw seen[0]");
    let pool = pool(&journal, &WasmPort::memory_event_bus()).await;
    let error = call(&pool, "joinRun", &[PLANNER]).unwrap_err();
    assert_eq!(code(&error), "journal_rejected");
    assert_eq!(text(&error, "kind"), "JournalFailure");
    assert_eq!(text(&error, "retry"), "Retryable");
    assert!(Object::is(&get(&error, "cause"), &seen.get(0)));
    assert_eq!(call(&pool, "members", &[]).unwrap(), "[]");
}

#[wasm_bindgen_test]
async fn a_journal_that_answers_nothing_has_record_ids_for_cursors() {
    let journal = journal(&Array::new(), "");
    let pool = pool(&journal, &WasmPort::memory_event_bus()).await;
    call(&pool, "joinRun", &[PLANNER]).unwrap();
    call(&pool, "joinRun", &[WRITER]).unwrap();
    let answer = call(&pool, "send", &[MESSAGE]).unwrap();
    assert_eq!(
        receipt(&answer)["journal_cursor"],
        "journal.record.agent_pool.5"
    );
}

#[wasm_bindgen_test]
async fn a_cursor_that_is_none_is_refused() {
    for body in [
        "return true",
        "return ''",
        "return {}",
        "return later(Promise.resolve(null))",
    ] {
        let journal = journal(&Array::new(), body);
        let pool = pool(&journal, &WasmPort::memory_event_bus()).await;
        let error = settled(call(&pool, "joinRun", &[PLANNER]))
            .await
            .unwrap_err();
        assert_eq!(code(&error), "invalid_port_answer", "{body}");
    }
}

#[wasm_bindgen_test]
async fn a_call_from_inside_append_is_refused_and_one_from_inside_publish_takes_its_turn() {
    let shared = Array::new();
    let members = format!("call({})", Operation::Members as u32);
    let inside =
        format!("try {{ seen[0]?.{members} }} catch (error) {{ seen[1] = error }} return 'c'");
    let journal = journal(&shared, &inside);
    let event_bus = event_bus(
        &shared,
        &format!("if (seen[0]) seen[2] = seen[0].{members}"),
    );
    let pool = pool(&journal, &event_bus).await;
    shared.set(0, pool.clone());
    settled(call(&pool, "joinRun", &[PLANNER])).await.unwrap();
    assert_eq!(code(&shared.get(1)), "reentrant_call");
    let members = settled(Ok(shared.get(2))).await.unwrap();
    assert_eq!(
        receipt(&members),
        serde_json::json!([{"run_id": "r1", "agent_id": "ag1"}])
    );
}

#[wasm_bindgen_test]
async fn malformed_input_is_refused_with_the_place_and_nothing_is_recorded() {
    let records = Array::new();
    let journal = journal(&records, "seen.push(argument)");
    let pool = pool(&journal, &WasmPort::memory_event_bus()).await;
    let bad = r#"{"from":"r1","to":{"target":{"type":"run","run_id":""}},"content_ref":"c"}"#;
    let error = call(&pool, "send", &[bad]).unwrap_err();
    assert_eq!(code(&error), "invalid_input");
    assert_eq!(
        text(&error, "message"),
        "message.to.target.run_id: identifier is empty"
    );
    let error = call(&pool, "leaveRun", &["\"\\ud800\""]).unwrap_err();
    assert!(text(&error, "message").starts_with("runId: "));
    assert_eq!(records.length(), 0);
}

#[wasm_bindgen_test]
async fn a_pool_that_is_freed_in_mid_flight_answers_all_the_same() {
    let seen = Array::new();
    let journal = journal(
        &seen,
        "return later(new Promise((keep) => seen.push(keep)))",
    );
    let pool = pool(&journal, &WasmPort::memory_event_bus()).await;
    let joined = call(&pool, "joinRun", &[PLANNER]).unwrap();
    call(&pool, "free", &[]).unwrap();
    while seen.length() > 0 {
        let keep: Function = seen.shift().unchecked_into();
        keep.call1(&JsValue::UNDEFINED, &"cursor".into()).unwrap();
        for _ in 0..8 {
            JsFuture::from(Promise::resolve(&JsValue::UNDEFINED))
                .await
                .unwrap();
        }
    }
    assert!(settled(Ok(joined)).await.unwrap().is_undefined());
}

#[wasm_bindgen_test]
async fn a_stream_answers_at_once_what_is_there_and_later_what_comes() {
    let pool = pool(&WasmPort::memory_journal(), &WasmPort::memory_event_bus()).await;
    call(&pool, "joinRun", &[PLANNER]).unwrap();
    let frames = call(&pool, "subscribeLive", &["{}"]).unwrap();
    let records = call(&pool, "watchPoolLive", &[r#"{"sequence":2}"#]).unwrap();
    let kind = |frame: &JsValue| receipt(frame)["event"]["envelope"]["event_kind"].clone();
    for expected in ["agent_pool_created", "agent_pool_run_joined"] {
        assert_eq!(kind(&call(&frames, "next", &[]).unwrap()), expected);
    }
    let record = receipt(&call(&records, "next", &[]).unwrap());
    assert_eq!(record["payload"]["type"], "member_joined");
    let [frame, record] = [&frames, &records].map(|stream| call(stream, "next", &[]).unwrap());
    assert!(is_later(&frame) && is_later(&record));
    call(&pool, "joinRun", &[WRITER]).unwrap();
    let frame = settled(Ok(frame)).await.unwrap();
    assert_eq!(kind(&frame), "agent_pool_run_joined");
    let record = receipt(&settled(Ok(record)).await.unwrap());
    assert_eq!(record["cursor"]["sequence"], 4);
}

#[wasm_bindgen_test]
async fn a_stream_that_is_freed_in_mid_flight_ends_for_whoever_waits() {
    let pool = pool(&WasmPort::memory_journal(), &WasmPort::memory_event_bus()).await;
    let streams = [
        call(&pool, "subscribeLive", &["{}"]).unwrap(),
        call(&pool, "watchPoolLive", &[r#"{"sequence":1}"#]).unwrap(),
    ];
    for stream in streams {
        let next = call(&stream, "next", &[]).unwrap();
        call(&stream, "free", &[]).unwrap();
        assert!(settled(Ok(next)).await.unwrap().is_undefined());
    }
}

#[wasm_bindgen_test]
async fn a_bus_that_only_publishes_has_its_frames_kept_and_numbered_once() {
    let frames = Array::new();
    let event_bus = event_bus(
        &frames,
        "seen.push(argument); if (seen.length === 1) throw 'down'",
    );
    let pool = pool(&WasmPort::memory_journal(), &event_bus).await;
    call(&pool, "joinRun", &[PLANNER]).unwrap();
    call(&pool, "flush", &[]).unwrap();
    let kept: serde_json::Value =
        serde_json::from_str(&event_bus.contents(None).unwrap().as_string().unwrap()).unwrap();
    let numbers = kept.as_array().unwrap().iter();
    let numbers: Vec<_> = numbers
        .map(|frame| frame["cursor"]["event_seq"].clone())
        .collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(frames.length(), 3, "the first frame was shown twice");
}

#[wasm_bindgen_test]
async fn a_message_about_malformed_input_does_not_repeat_the_input() {
    let pool = pool(&WasmPort::memory_journal(), &WasmPort::memory_event_bus()).await;
    let filters = [
        r#"{"kinds":["secret`, expected"]}"#,
        r#"{"terminal_only":"secret\", expected"}"#,
        r#"{"run_ids":"secret"}"#,
    ];
    for filter in filters {
        let error = call(&pool, "scopeFilter", &[filter]).unwrap_err();
        let message = text(&error, "message");
        assert!(!message.contains("secret"), "{message}");
        assert!(message.starts_with("filter."), "{message}");
        assert!(message.contains(", expected"), "{message}");
    }
}

#[wasm_bindgen_test]
async fn an_answer_that_comes_after_its_pool_was_abandoned_reaches_nobody() {
    for late in ["answer('late')", "fail('late')"] {
        let seen = Array::new();
        let journal = journal(
            &seen,
            "return later(new Promise((answer, fail) => seen.push({ answer, fail })))",
        );
        let pool = pool(&journal, &WasmPort::memory_event_bus()).await;
        let joining = call(&pool, "joinRun", &[PLANNER]);
        let looking = call(&pool, "members", &[]);
        call(&pool, "abandon", &[]).unwrap();
        for waiting in [joining, looking] {
            let error = settled(waiting).await.unwrap_err();
            assert_eq!(code(&error), "closed");
        }
        let answer = Function::new_with_args("journal", &format!("journal.{late}"));
        answer.call1(&JsValue::UNDEFINED, &seen.get(0)).unwrap();
        let turn = Promise::resolve(&JsValue::UNDEFINED);
        JsFuture::from(turn).await.unwrap();
        assert_eq!(seen.length(), 1, "nothing goes on");
    }
}
