//! Strategies for whole plans.

use proptest::{collection::vec, option, prelude::*, sample::Index};
use serde_json::{Value, json};

use super::{
    changes, frames,
    plan::{Action, Cursor, Plan, Step},
    records::{conditions, filter, member, messages, policy_refs, run},
    values::{Values, always, list, number, object, one_of, sometimes, text},
    vocabulary::{MESSAGE_STATUSES, POOLS, runs, words},
};

/// The names of handles. The last one is opened only on the way, if at all.
const HANDLES: [&str; 4] = ["a", "b", "c", "d"];

/// Cases of up to `most_steps` operations. With `faults`, journals fail now and then.
pub fn plans(most_steps: usize, faults: bool) -> BoxedStrategy<Plan> {
    any::<bool>()
        .prop_flat_map(move |correlated| {
            (
                pools(),
                messages(6, correlated),
                conditions(4, correlated),
                vec(filter(correlated, false), 3),
                first_joins(),
                vec(step(correlated, faults), most_steps / 4..=most_steps),
            )
        })
        .prop_map(
            |(pools, messages, conditions, filters, joins, steps)| Plan {
                pools,
                messages,
                conditions,
                filters,
                steps: joins.into_iter().chain(steps).collect(),
            },
        )
        .boxed()
}

/// Without members nothing happens, so most cases begin with some.
fn first_joins() -> BoxedStrategy<Vec<Step>> {
    let joins: Vec<_> = runs()
        .into_iter()
        .take(3)
        .map(|run| option::weighted(0.85, member_of(run)))
        .collect();
    joins
        .prop_map(|members| {
            let joins = members.into_iter().flatten().map(|member| Step {
                action: Action::Operation(
                    json!({"op": "join_run", "handle": "a", "member": member}),
                ),
                journal_fails_after: None,
            });
            joins.collect()
        })
        .boxed()
}

fn member_of(run: String) -> BoxedStrategy<Value> {
    member()
        .prop_map(move |mut member| {
            member["run_id"] = json!(run);
            member
        })
        .boxed()
}

/// Three handles, which often share what they can. Handles of one pool in one store agree on the pool's policies.
fn pools() -> BoxedStrategy<Vec<Value>> {
    let policies = object(vec![
        sometimes(
            "message_policy",
            2,
            object(vec![
                always(
                    "include_sender_in_pool_broadcast",
                    one_of(vec![json!(true), json!(false)]),
                ),
                sometimes("required_policy_refs", 4, policy_refs(1)),
            ]),
        ),
        sometimes(
            "wake_policy",
            3,
            one_of(vec![
                json!({"envelope_only": true}),
                json!({"envelope_only": false}),
            ]),
        ),
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

fn opening() -> Values {
    object(vec![
        always(
            "pool_id",
            text(&[POOLS[0], POOLS[0], POOLS[0], POOLS[0], POOLS[0], POOLS[1]]),
        ),
        always("store", text(&["s1", "s1", "s1", "s1", "s1", "s2"])),
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
        .prop_map(|(action, journal_fails_after)| Step {
            action,
            journal_fails_after,
        })
        .boxed()
}

fn action(correlated: bool) -> BoxedStrategy<Action> {
    let changes = prop_oneof![
        1 => changes::malformed(),
        1 => changes::something_else(correlated),
    ];
    let changed =
        (sound_action(correlated), changes).prop_map(|(operation, change)| Action::Changed {
            operation: Box::new(operation),
            change,
        });
    prop_oneof![9 => sound_action(correlated), 1 => changed].boxed()
}

fn sound_action(correlated: bool) -> BoxedStrategy<Action> {
    let operations = |name: &'static str, field: &'static str, values: Values| {
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
    let publish =
        (text(&["b1", "b1", "b2"]), frames::frame(correlated)).prop_map(|(bus, frame)| {
            Action::Operation(json!({"op": "publish", "bus": bus, "frame": frame}))
        });
    let open = (opening(), text(&HANDLES[1..])).prop_map(|(mut open, handle)| {
        open["op"] = json!("open");
        open["handle"] = handle;
        Action::Operation(open)
    });
    let send =
        (handle(), any::<Index>()).prop_map(|(handle, message)| Action::Send { handle, message });
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
        |(handle, condition, run_id)| Action::Suspend {
            handle,
            condition,
            run_id,
        },
    );
    let wake = (
        handle(),
        prop_oneof![3 => Just("poll_wake"), 1 => Just("cancel_wake")],
        any::<Index>(),
    )
        .prop_map(|(handle, operation, condition)| Action::Wake {
            handle,
            operation,
            condition,
        });
    let subscribe = (handle(), any::<Index>(), cursor()).prop_map(|(handle, filter, cursor)| {
        Action::Subscribe {
            handle,
            filter,
            cursor,
        }
    });
    let filter = (
        handle(),
        prop_oneof![Just("scope_filter"), Just("compile_scoped_filter")],
        any::<Index>(),
    )
        .prop_map(|(handle, operation, filter)| Action::Filter {
            handle,
            operation,
            filter,
        });
    prop_oneof![
        8 => operations("join_run", "member", member()),
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
