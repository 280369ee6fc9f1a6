//! What one case of the differential test does: the pools it opens, what is at hand, and what happens.

use std::fmt;

use proptest::{collection::vec, option, prelude::*, sample::Index};
use serde_json::{Value, json};

use super::{
    frames,
    records::{conditions, filter, member, messages, policy_refs, run},
    values::{always, list, number, object, one_of, sometimes, text},
    vocabulary::{MESSAGE_STATUSES, POOLS, words},
};

/// Handles; the last one is only opened on the way, if at all.
pub const HANDLES: [&str; 4] = ["a", "b", "c", "d"];

/// One case.
pub struct Plan {
    /// Opened first, as in a script.
    pub pools: Vec<Value>,
    /// Each with its own id and key.
    pub messages: Vec<Value>,
    /// Each with its own id and key.
    pub conditions: Vec<Value>,
    /// For subscriptions, which use few filters again and again, so that cursors fit.
    pub filters: Vec<Value>,
    /// What happens.
    pub steps: Vec<Step>,
}

/// The plan itself is too long to read: a failure is told as a script instead.
impl fmt::Debug for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a plan of {} steps, told above as a script", self.steps.len())
    }
}

/// One operation, and whether the journal fails while it runs.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// After how many more successful appends the journal of the operation's handle fails once.
    pub journal_fails_after: Option<usize>,
}

/// An operation that names things of the plan, or of earlier results, by index.
#[derive(Clone, Debug)]
pub enum Action {
    /// Complete as it is.
    Operation(Value),
    /// `send` of a message of the plan.
    Send { handle: &'static str, message: Index },
    /// `record_message_status` of a message of the plan.
    Status {
        handle: &'static str,
        message: Index,
        status: Value,
        delivered_to: Option<Value>,
    },
    /// `suspend_until` with a condition of the plan, in the name of its run or of another.
    Suspend {
        handle: &'static str,
        condition: Index,
        run_id: Option<Value>,
    },
    /// `poll_wake` or `cancel_wake`.
    Wake {
        handle: &'static str,
        operation: &'static str,
        condition: Index,
    },
    /// `subscribe` with a filter of the plan.
    Subscribe {
        handle: &'static str,
        filter: Index,
        cursor: Cursor,
    },
    /// `scope_filter` or `compile_scoped_filter` with a filter of the plan.
    Filter {
        handle: &'static str,
        operation: &'static str,
        filter: Index,
    },
    /// Another operation with one value replaced by one that no implementation takes.
    Malformed {
        operation: Box<Action>,
        pointer: &'static str,
        value: Value,
    },
}

/// Where a subscription starts.
#[derive(Clone, Debug)]
pub enum Cursor {
    /// At the start of the bus.
    Start,
    /// After a frame that a subscription with the same filter gave.
    AfterFrameOfSameFilter(Index),
    /// After a frame that any subscription gave.
    AfterAnyFrame(Index),
    /// A cursor that came from nowhere.
    Made(Value),
}

/// Cases of up to `most_steps` operations; with `faults`, journals fail now and then.
pub fn plans(most_steps: usize, faults: bool) -> BoxedStrategy<Plan> {
    any::<bool>()
        .prop_flat_map(move |correlated| {
            (
                pools(),
                messages(8, correlated),
                conditions(6, correlated),
                vec(filter(correlated, false), 3),
                vec(member(), 0..6),
                vec(step(correlated, faults), most_steps / 4..=most_steps),
            )
        })
        .prop_map(|(pools, messages, conditions, filters, members, steps)| Plan {
            pools,
            messages,
            conditions,
            filters,
            steps: members.into_iter().map(first_join).chain(steps).collect(),
        })
        .boxed()
}

/// Without members nothing happens, so most cases begin with some.
fn first_join(member: Value) -> Step {
    Step {
        action: Action::Operation(json!({"op": "join_run", "handle": "a", "member": member})),
        journal_fails_after: None,
    }
}

/// Three handles, often sharing what they can share. Handles of one pool in one store agree on its policies.
fn pools() -> BoxedStrategy<Vec<Value>> {
    let policies = object(vec![
        sometimes(
            "message_policy",
            2,
            object(vec![
                always("include_sender_in_pool_broadcast", one_of(vec![json!(true), json!(false)])),
                sometimes("required_policy_refs", 4, policy_refs(1)),
            ]),
        ),
        sometimes("wake_policy", 3, one_of(vec![json!({"envelope_only": true}), json!({"envelope_only": false})])),
        sometimes("policy_refs", 5, policy_refs(1)),
    ]);
    (vec(policies, POOLS.len()), vec(opening(), 3))
        .prop_map(|(policies, mut pools)| {
            for (pool, handle) in pools.iter_mut().zip(HANDLES) {
                let position = POOLS.iter().position(|id| pool["pool_id"] == *id);
                let mut opened = policies[position.expect("a pool of the list")].clone();
                merge(&mut opened, pool);
                opened["handle"] = json!(handle);
                *pool = opened;
            }
            pools
        })
        .boxed()
}

fn merge(target: &mut Value, source: &Value) {
    for (field, value) in source.as_object().into_iter().flatten() {
        target[field] = value.clone();
    }
}

fn opening() -> super::values::Values {
    object(vec![
        always("pool_id", text(&[POOLS[0], POOLS[0], POOLS[0], POOLS[1]])),
        always("store", text(&["s1", "s1", "s1", "s2"])),
        always("bus", text(&["b1", "b1", "b1", "b2"])),
        always("journal", text(&["j1", "j1", "j2"])),
    ])
}

fn step(correlated: bool, faults: bool) -> BoxedStrategy<Step> {
    let journal = if faults {
        option::weighted(0.3, 0_usize..4).boxed()
    } else {
        Just(None).boxed()
    };
    (action(correlated), journal)
        .prop_map(|(action, journal_fails_after)| Step { action, journal_fails_after })
        .boxed()
}

fn action(correlated: bool) -> BoxedStrategy<Action> {
    prop_oneof![
        19 => sound_action(correlated),
        1 => (sound_action(correlated), super::malformed::replacement())
            .prop_map(|(operation, (pointer, value))| Action::Malformed {
                operation: Box::new(operation),
                pointer,
                value,
            }),
    ]
    .boxed()
}

fn sound_action(correlated: bool) -> BoxedStrategy<Action> {
    let operations = |name: &'static str, field: &'static str, values: super::values::Values| {
        (handle(), values).prop_map(move |(handle, value)| {
            Action::Operation(json!({"op": name, "handle": handle, field: value}))
        })
    };
    let reads = (handle(), prop_oneof![Just("members"), Just("snapshot")])
        .prop_map(|(handle, name)| Action::Operation(json!({"op": name, "handle": handle})));
    let after = prop_oneof![
        1 => Just(Value::Null),
        3 => number(&[0, 1, 2, 5, 9, u64::MAX]).prop_map(|sequence| json!({"sequence": sequence})),
    ];
    let publish = (text(&["b1", "b1", "b2"]), frames::frame(correlated))
        .prop_map(|(bus, frame)| Action::Operation(json!({"op": "publish", "bus": bus, "frame": frame})));
    let open = (opening(), text(&HANDLES[1..])).prop_map(|(mut open, handle)| {
        open["op"] = json!("open");
        open["handle"] = handle;
        Action::Operation(open)
    });
    let send = (handle(), any::<Index>()).prop_map(|(handle, message)| Action::Send { handle, message });
    let status = (
        handle(),
        any::<Index>(),
        one_of(words(MESSAGE_STATUSES)),
        option::weighted(0.7, list(run(), 3)),
    )
        .prop_map(|(handle, message, status, delivered_to)| Action::Status {
            handle,
            message,
            status,
            delivered_to,
        });
    let suspend = (handle(), any::<Index>(), option::weighted(0.05, run())).prop_map(
        |(handle, condition, run_id)| Action::Suspend { handle, condition, run_id },
    );
    let wake = (handle(), prop_oneof![3 => Just("poll_wake"), 1 => Just("cancel_wake")], any::<Index>())
        .prop_map(|(handle, operation, condition)| Action::Wake { handle, operation, condition });
    let subscribe = (handle(), any::<Index>(), cursor())
        .prop_map(|(handle, filter, cursor)| Action::Subscribe { handle, filter, cursor });
    let filter = (
        handle(),
        prop_oneof![Just("scope_filter"), Just("compile_scoped_filter")],
        any::<Index>(),
    )
        .prop_map(|(handle, operation, filter)| Action::Filter { handle, operation, filter });
    prop_oneof![
        12 => operations("join_run", "member", member()),
        3 => operations("leave_run", "run_id", run()),
        24 => send,
        6 => status,
        12 => suspend,
        8 => wake,
        8 => subscribe,
        3 => filter,
        3 => reads,
        2 => operations("watch_pool", "cursor", after.boxed()),
        8 => publish,
        2 => open,
    ]
    .boxed()
}

fn handle() -> BoxedStrategy<&'static str> {
    prop_oneof![12 => Just("a"), 6 => Just("b"), 4 => Just("c"), 1 => Just("d")].boxed()
}

fn cursor() -> BoxedStrategy<Cursor> {
    prop_oneof![
        3 => Just(Cursor::Start),
        4 => any::<Index>().prop_map(Cursor::AfterFrameOfSameFilter),
        1 => any::<Index>().prop_map(Cursor::AfterAnyFrame),
        1 => frames::cursor().prop_map(Cursor::Made),
    ]
    .boxed()
}
