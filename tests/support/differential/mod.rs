//! The differential test: random operations, run step by step against the reference and against this crate's core.

mod binding;
mod changes;
mod correlation;
mod endings;
mod faults;
mod frames;
mod logs;
mod plan;
mod planning;
mod records;
mod rules;
mod tally;
mod values;
mod vocabulary;
mod world;

pub use plan::Plan;
pub use planning::plans;
pub use tally::Tally;
pub use world::run;

use serde_json::Value;

/// The reference, with its documented differences evened out.
type Theirs = crate::oracle::Reference<true>;

/// This crate's core, with journals that can be told to fail.
type Ours = crate::trace::Core<faults::FaultyJournal>;

/// Success, or the places where two things differ, one line each.
type Agreement = Result<(), Vec<String>>;

/// Whether `actual` is as `expected`.
fn same(path: &str, expected: &Value, actual: &Value) -> Agreement {
    if expected == actual {
        return Ok(());
    }
    let differences = crate::compare::differences(path, expected, actual);
    match differences.is_empty() {
        true => Ok(()),
        false => Err(differences),
    }
}
