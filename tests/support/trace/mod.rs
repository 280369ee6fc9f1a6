//! Conformance scripts and their traces.
//!
//! A script is a list of pool operations. A trace holds the answers and everything that was recorded and published
//! (`tests/conformance/README.md` describes both). [`Runner`] runs a script on anything that is a [`System`]: this
//! crate's core ([`Core`]) here, the reference in `tests/support/oracle`. What both have in common, above all the order
//! in which an operation is checked, is written down once, in the runner.
//!
//! `examples/trace.rs`, `tests/conformance.rs` and `tests/differential.rs` include this module by path.

mod core;
mod fields;
mod runner;
mod script;
mod system;

pub use self::core::Core;
#[allow(
    unused_imports,
    reason = "each target that includes this module uses its own part of it"
)]
pub use self::{
    core::KeptJournal,
    fields::{Failure, Fields},
    runner::{Runner, run},
    script::Script,
    system::{Instances, Opening, System},
};
