//! Adding up the results of test runners.

use std::fmt;
use std::ops::AddAssign;

use serde_json::Value;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    /// One failure, for a part that could not even start.
    pub const FAILURE: Tally = Tally {
        passed: 0,
        failed: 1,
    };

    /// The tally in a closing line of cargo's or wasm-bindgen's test harness; `None` for any other line.
    pub fn of_line(line: &str) -> Option<Tally> {
        let (_verdict, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let count = |what: &str| -> Option<u64> {
            counts
                .split("; ")
                .find_map(|part| part.trim().strip_suffix(what))?
                .trim()
                .parse()
                .ok()
        };
        Some(Tally {
            passed: count("passed")?,
            failed: count("failed")?,
        })
    }

    /// The tally in vitest's JSON report. A file that could not be loaded counts as a failure, since none of its tests
    /// do.
    pub fn of_vitest_report(report: &str) -> Option<Tally> {
        let report: Value = serde_json::from_str(report).ok()?;
        let files = report.get("testResults")?.as_array()?;
        let not_loaded = |file: &&Value| {
            file["status"] == "failed" && file["assertionResults"] == Value::Array(vec![])
        };
        Some(Tally {
            passed: report.get("numPassedTests")?.as_u64()?,
            failed: report.get("numFailedTests")?.as_u64()?
                + files.iter().filter(not_loaded).count() as u64,
        })
    }

    /// The tally of a runner that has ended. A runner that failed without a failed test, or that ran no tests, counts
    /// as a failure.
    pub fn closed(mut self, runner_succeeded: bool) -> Tally {
        if self.failed == 0 && (!runner_succeeded || self.passed == 0) {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn closing_lines_of_both_harnesses_are_read() {
        let cargo = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(
            Tally::of_line(cargo),
            Some(Tally {
                passed: 12,
                failed: 3
            })
        );
        let wasm =
            "test result: ok. 2 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.01s";
        assert_eq!(
            Tally::of_line(wasm),
            Some(Tally {
                passed: 2,
                failed: 0
            })
        );
        assert_eq!(Tally::of_line("test wasm::loads ... ok"), None);
    }

    #[test]
    fn a_vitest_file_that_did_not_load_counts_as_a_failure() {
        let report = r#"{ "numPassedTests": 4, "numFailedTests": 1, "testResults": [
            { "status": "failed", "assertionResults": [] },
            { "status": "failed", "assertionResults": [{ "status": "failed" }] },
            { "status": "passed", "assertionResults": [{ "status": "passed" }] }
        ] }"#;
        assert_eq!(
            Tally::of_vitest_report(report),
            Some(Tally {
                passed: 4,
                failed: 2
            })
        );
        assert_eq!(Tally::of_vitest_report("{}"), None);
    }

    #[test]
    fn a_runner_that_crashed_or_ran_nothing_failed() {
        let passed = Tally {
            passed: 5,
            failed: 0,
        };
        assert_eq!(passed.closed(true), passed);
        assert_eq!(
            passed.closed(false),
            Tally {
                passed: 5,
                failed: 1
            }
        );
        assert_eq!(Tally::default().closed(true), Tally::FAILURE);
        assert_eq!(
            Tally {
                passed: 1,
                failed: 2
            }
            .closed(false),
            Tally {
                passed: 1,
                failed: 2
            }
        );
    }

    #[test]
    fn the_closing_line_is_plain() {
        assert_eq!(
            Tally {
                passed: 7,
                failed: 0
            }
            .to_string(),
            "7 passed, 0 failed"
        );
    }
}
