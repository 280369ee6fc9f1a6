//! From actions, which name things by index, to the operations of a script.

use serde_json::{Value, json};

use super::plan::{Action, Cursor, Plan};

/// The cursors that subscriptions have given so far, with the index of the filter they were given for.
#[derive(Default)]
pub struct Cursors(Vec<(usize, Value)>);

impl Cursors {
    /// Keeps the cursors of the frames that an operation returned, if it was a subscription.
    pub fn keep(&mut self, plan: &Plan, operation: &Value, result: &Value) {
        let filter = plan
            .filters
            .iter()
            .position(|filter| *filter == operation["filter"]);
        if let (Some(filter), Some(frames)) = (filter, result["ok"].as_array()) {
            let cursors = frames.iter().map(|frame| (filter, frame["cursor"].clone()));
            self.0.extend(cursors);
        }
    }

    fn choose(&self, choice: &Cursor, filter: usize) -> Value {
        let (index, cursors): (_, Vec<_>) = match choice {
            Cursor::Start => return Value::Null,
            Cursor::Made(cursor) => return cursor.clone(),
            Cursor::AfterAnyFrame(index) => (index, self.0.iter().collect()),
            Cursor::AfterFrameOfSameFilter(index) => (
                index,
                self.0.iter().filter(|(of, _)| *of == filter).collect(),
            ),
        };
        if cursors.is_empty() {
            return Value::Null;
        }
        index.get(&cursors).1.clone()
    }
}

/// `action` as an operation of a script.
pub fn operation(plan: &Plan, cursors: &Cursors, action: &Action) -> Value {
    match action {
        Action::Operation(operation) => operation.clone(),
        Action::Send { handle, message } => {
            json!({"op": "send", "handle": handle, "message": message.get(&plan.messages)})
        }
        Action::Status {
            handle,
            message,
            status,
            delivered_to,
        } => {
            let mut operation = json!({
                "op": "record_message_status",
                "handle": handle,
                "message": message.get(&plan.messages),
                "status": status,
            });
            if let Some(delivered_to) = delivered_to {
                operation["delivered_to"] = delivered_to.clone();
            }
            operation
        }
        Action::Suspend {
            handle,
            condition,
            run_id,
        } => {
            let condition = condition.get(&plan.conditions);
            let run_id = run_id.as_ref().unwrap_or(&condition["run_id"]);
            json!({"op": "suspend_until", "handle": handle, "run_id": run_id, "condition": condition})
        }
        Action::Wake {
            handle,
            operation,
            condition,
        } => {
            let condition_id = &condition.get(&plan.conditions)["condition_id"];
            json!({"op": operation, "handle": handle, "condition_id": condition_id})
        }
        Action::Subscribe {
            handle,
            filter,
            cursor,
        } => {
            let cursor = cursors.choose(cursor, filter.index(plan.filters.len()));
            let filter = filter.get(&plan.filters);
            json!({"op": "subscribe", "handle": handle, "filter": filter, "cursor": cursor})
        }
        Action::Filter {
            handle,
            operation,
            filter,
        } => {
            json!({"op": operation, "handle": handle, "filter": filter.get(&plan.filters)})
        }
        Action::Changed {
            operation: sound, ..
        } => operation(plan, cursors, sound),
    }
}
