//! Random operations, run step by step on the reference and on this crate's core, must show the same.
//!
//! Differences on purpose are avoided or evened out, rule by rule: see `tests/support/differential/rules/`. A
//! difference is reported as a script that shows it, as short as it could be made.
//!
//! The ordinary run is the same every time. For a long one, set `AGENT_POOL_DIFFERENTIAL_CASES` to the number of cases
//! of each kind (about 30 operations a case) and `AGENT_POOL_DIFFERENTIAL_SEED` to a number of your choice:
//!
//! ```text
//! AGENT_POOL_DIFFERENTIAL_CASES=20000 AGENT_POOL_DIFFERENTIAL_SEED=7 \
//!     cargo test --release --test differential -- --nocapture
//! ```

#[path = "support/compare.rs"]
mod compare;
#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/differential/mod.rs"]
mod differential;
#[path = "support/oracle/mod.rs"]
mod oracle;
#[path = "support/trace/mod.rs"]
mod trace;

use std::{cell::RefCell, env, fs, path::Path};

use differential::{Plan, Tally, plans};
use oracle::Reference;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// Cases of each kind in an ordinary run.
const CASES: u32 = 256;

/// The most operations of a case, not counting the first joins.
const STEPS: usize = 40;

#[test]
fn the_oracle_reproduces_every_recorded_trace() {
    assert_reproduces_the_corpus::<false>();
}

#[test]
fn evening_out_documented_differences_changes_nothing_where_there_are_none() {
    assert_reproduces_the_corpus::<true>();
}

#[test]
fn the_core_does_what_the_reference_does() {
    assert_no_difference("steady", false);
}

#[test]
fn the_core_does_what_the_reference_does_while_journals_fail() {
    assert_no_difference("failing", true);
}

fn assert_reproduces_the_corpus<const CORRECTED: bool>() {
    for case in corpus::cases() {
        let trace = trace::run::<Reference<CORRECTED>>(&case.script);
        let report = compare::trace_differences(&case.script.operations, &case.trace, &trace);
        assert!(report.is_empty(), "{}:\n{report}", case.name);
    }
}

fn assert_no_difference(kind: &str, journals_fail: bool) {
    let cases = number("AGENT_POOL_DIFFERENTIAL_CASES").unwrap_or(u64::from(CASES));
    let seed = number("AGENT_POOL_DIFFERENTIAL_SEED").unwrap_or(0);
    let config = Config {
        cases: u32::try_from(cases).expect("a number of cases"),
        failure_persistence: None,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, random);

    let tally = RefCell::new(Tally::default());
    let result = runner.run(&plans(STEPS, journals_fail), |plan| {
        let outcome = differential::run(&plan, &mut tally.borrow_mut());
        outcome.map_err(|(_, told)| TestCaseError::fail(told))
    });
    let tally = tally.into_inner();
    println!("{kind}: {cases} cases, {tally}");
    match result {
        Ok(()) => tally.assert_reached_everything(cases, journals_fail),
        Err(TestError::Fail(reason, plan)) => {
            panic!("{}", told_with_script(kind, &reason.to_string(), &plan))
        }
        Err(error) => panic!("{error}"),
    }
}

/// Reports a difference, and the path of the script that shows it.
fn told_with_script(kind: &str, reason: &str, plan: &Plan) -> String {
    let Err((script, told)) = differential::run(plan, &mut Tally::default()) else {
        return format!("seen once, and not again: {reason}");
    };
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("differential-{kind}.json"));
    match fs::write(&path, script.to_string()) {
        Ok(()) => format!("{told}\nThe script is in {}", path.display()),
        Err(error) => format!("{told}\nThe script could not be written ({error}): {script}"),
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|error| panic!("{variable}={text}: {error}")))
}
