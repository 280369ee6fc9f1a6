//! What one case of the differential test does: the pools that it opens, the things that it uses, and its steps.

use std::fmt;

use proptest::sample::Index;
use serde_json::Value;

/// One case.
pub struct Plan {
    /// The pools that are opened first, as in a script.
    pub pools: Vec<Value>,
    /// The messages, each with its own id and key.
    pub messages: Vec<Value>,
    /// The conditions, each with its own id and key.
    pub conditions: Vec<Value>,
    /// The filters of subscriptions. They are few and used again and again, so that cursors fit.
    pub filters: Vec<Value>,
    /// The steps.
    pub steps: Vec<Step>,
}

/// The plan itself is too long to read: a failure is reported as a script instead.
impl fmt::Debug for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "a plan of {} steps, told above as a script",
            self.steps.len()
        )
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
    /// An operation that is complete.
    Operation(Value),
    /// `send` of a message of the plan.
    Send {
        handle: &'static str,
        message: Index,
    },
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
    /// Another operation with a change, if there is anything to change.
    Changed {
        operation: Box<Action>,
        change: Change,
    },
}

/// A value that replaces another one.
#[derive(Clone, Debug)]
pub struct Change {
    /// Where the value is put, as a JSON pointer.
    pub pointer: &'static str,
    /// The value.
    pub value: Value,
    /// Whether any implementation accepts it.
    pub sound: bool,
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
    /// A cursor that no subscription gave.
    Made(Value),
}
