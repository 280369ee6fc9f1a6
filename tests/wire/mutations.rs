//! Malformed input. What the reference accepts we accept, with the same meaning. What it rejects we reject, except for
//! the short forms of DESIGN D14 and section 4.

use agent_pool::{domain as our_domain, record as ours};
use agent_sdk_core::{agent_pool as theirs, domain, event, journal};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The pointers of every value in `value`, itself included.
fn pointers(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, child)| (name.clone(), child))
            .collect(),
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .map(|(index, child)| (index.to_string(), child))
            .collect(),
        _ => Vec::new(),
    };
    let below = children.iter().flat_map(|(name, child)| {
        pointers(child)
            .into_iter()
            .map(move |pointer| format!("/{name}{pointer}"))
    });
    std::iter::once(String::new()).chain(below).collect()
}

/// `value` with one thing changed, in every way that might matter, and what was changed.
fn mutations(value: &Value) -> Vec<(String, Value)> {
    let wrong = [
        json!(null),
        json!(5),
        json!(-1),
        json!(1.5),
        json!(0),
        json!(true),
        json!(""),
        json!("x"),
        json!("Any"),
        json!("any"),
        json!([]),
        json!(["x"]),
        json!([""]),
        json!({}),
        json!({"exclude": ["x"]}),
        json!({"include": ["x"]}),
        json!("a\u{7f}b"),
        json!("x".repeat(513)),
    ];
    let mut mutated = Vec::new();
    for pointer in pointers(value) {
        for wrong in &wrong {
            let mut copy = value.clone();
            *copy.pointer_mut(&pointer).unwrap() = wrong.clone();
            mutated.push((format!("{pointer} := {:.40}", wrong.to_string()), copy));
        }
        if let Some((parent, name)) = pointer.rsplit_once('/') {
            let mut copy = value.clone();
            if let Some(Value::Object(fields)) = copy.pointer_mut(parent) {
                fields.remove(name);
                mutated.push((format!("{pointer} removed"), copy));
            }
        }
        let mut copy = value.clone();
        if let Some(Value::Object(fields)) = copy.pointer_mut(&pointer) {
            fields.insert("not_a_field".into(), json!({"x": 1}));
            mutated.push((format!("{pointer} with another field"), copy));
        }
    }
    mutated
}

/// The changes that we accept and the reference does not.
fn accepted_only_by_us<Ours, Theirs>(value: &Value) -> Vec<String>
where
    Ours: Serialize + DeserializeOwned,
    Theirs: Serialize + DeserializeOwned,
{
    let mut only_ours = Vec::new();
    for (change, mutated) in mutations(value) {
        let ours = serde_json::from_value::<Ours>(mutated.clone());
        match (ours, serde_json::from_value::<Theirs>(mutated)) {
            (Ok(ours), Ok(theirs)) => assert_eq!(
                serde_json::to_string(&ours).unwrap(),
                serde_json::to_string(&theirs).unwrap(),
                "{change}"
            ),
            (Ok(_), Err(_)) => only_ours.push(change),
            // Readers that serde derives also take a list for an object, as the object's fields in order. Nobody means
            // that.
            (Err(error), Ok(_)) => assert!(
                error.to_string().contains("invalid type: list, expected a"),
                "only the reference accepts {change}: {error}"
            ),
            (Err(_), Err(_)) => {}
        }
    }
    only_ours
}

/// The last example of a type in `REFERENCE.md`. It has the most fields.
fn example(of_type: &str) -> Value {
    let examples: Vec<Value> = serde_json::from_str(include_str!("examples.json")).unwrap();
    examples
        .into_iter()
        .rfind(|example| example["type"] == of_type)
        .map(|mut example| example["value"].take())
        .unwrap()
}

/// Whether a change is one of the short forms that we accept and the reference does not.
fn is_short_form(change: &str) -> bool {
    const FILLED_IN: [&str; 6] = [
        "/correlation",
        "/event/envelope/correlation",
        "/to/destination_ref",
        "/resume_with",
        "/include_sender_in_pool_broadcast",
        "/envelope_only",
    ];
    // A compiled filter holds a filter as well, and the filter's queue once more.
    let mut change = change.replacen("/criteria", "/filter", 1);
    if change.starts_with("/queue") {
        change.insert_str(0, "/filter");
    }
    if let Some(pointer) = change.strip_suffix(" removed") {
        return FILLED_IN.contains(&pointer) || pointer.starts_with("/filter/");
    }
    let (pointer, value) = change.split_once(" := ").expect("nothing else is changed");
    match value.as_bytes()[0] {
        // An object without any of the fields.
        b'{' => ["", "/filter", "/filter/queue"].contains(&pointer),
        // A set as a plain list, or a list of policies as plain texts.
        b'[' => {
            pointer.starts_with("/filter/") && pointer != "/filter/queue"
                || pointer.ends_with("policy_refs")
        }
        // A policy as a plain text.
        b'"' => pointer.ends_with("policy_refs/0") || pointer.is_empty(),
        _ => false,
    }
}

macro_rules! assert_only_short_forms {
    ($( $count:literal of $name:literal: $ours:ty, $theirs:ty; )+) => {$(
        let changes = accepted_only_by_us::<$ours, $theirs>(&example($name));
        for change in &changes {
            assert!(is_short_form(change), "{}: only we accept {change}", $name);
        }
        assert_eq!(changes.len(), $count, "{}: {changes:#?}", $name);
    )+};
}

#[test]
fn only_short_forms_are_accepted_that_the_reference_rejects() {
    assert_only_short_forms! {
        0 of "EventCursor": ours::EventCursor, event::EventCursor;
        0 of "EventOverflowNotice": ours::EventOverflowNotice, event::EventOverflowNotice;
        1 of "EventFrame": ours::EventFrame, event::EventFrame;
        3 of "PolicyRef": our_domain::PolicyRef, domain::PolicyRef;
        4 of "AgentPoolMember": ours::AgentPoolMember, theirs::AgentPoolMember;
        4 of "AgentPoolWakePolicy": ours::AgentPoolWakePolicy, theirs::AgentPoolWakePolicy;
        8 of "AgentPoolMessagePolicy": ours::AgentPoolMessagePolicy, theirs::AgentPoolMessagePolicy;
        6 of "RunMessage": ours::RunMessage, theirs::RunMessage;
        45 of "WakeCondition": ours::WakeCondition, theirs::WakeCondition;
        0 of "MessageReceipt": ours::MessageReceipt, theirs::MessageReceipt;
        0 of "WakeRegistration": ours::WakeRegistration, theirs::WakeRegistration;
        0 of "AgentPoolStoreRecord": ours::AgentPoolStoreRecord, theirs::AgentPoolStoreRecord;
        0 of "JournalRecord": ours::JournalRecord, journal::JournalRecord;
        50 of "CompiledEventFilter": ours::CompiledEventFilter, event::CompiledEventFilter;
    }
}
