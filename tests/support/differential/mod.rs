//! The differential test: random operations, run step by step against the reference and against this crate's core.

mod binding;
mod correlation;
mod faults;
mod frames;
mod logs;
mod malformed;
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

/// The reference, with its documented differences evened out.
type Theirs = crate::oracle::Reference<true>;

/// This crate's core, with journals that can be told to fail.
type Ours = crate::trace::Core<faults::FaultyJournal>;
