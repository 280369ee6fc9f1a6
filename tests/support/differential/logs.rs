//! Journals, buses and stores of both sides, compared while they grow.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Agreement, Ours, Theirs, correlation::Correlations, same, tally::Tally};
use crate::trace::{Runner, System};

/// How much of every log has been compared. Logs only grow; whether old entries have changed is checked at the end.
#[derive(Default)]
pub struct Logs {
    records: BTreeMap<String, usize>,
    frames: BTreeMap<String, usize>,
    history: BTreeMap<(String, String), usize>,
}

impl Logs {
    /// How many frames a bus holds.
    pub fn frames_on(&self, bus: &str) -> usize {
        self.frames.get(bus).copied().unwrap_or_default()
    }

    /// Compares what was added since the last time.
    ///
    /// # Errors
    ///
    /// The differences.
    pub fn compare(
        &mut self,
        theirs: &Runner<Theirs>,
        ours: &Runner<Ours>,
        correlations: &Correlations,
        tally: &mut Tally,
    ) -> Agreement {
        let (there, here) = (&theirs.instances, &ours.instances);
        same_names("journals", there.journals.keys(), here.journals.keys())?;
        same_names("buses", there.buses.keys(), here.buses.keys())?;
        same_names("stores", there.stores.keys(), here.stores.keys())?;
        for (name, journal) in &there.journals {
            let seen = self.records.entry(name.clone()).or_default();
            let expected = Theirs::records(journal, *seen);
            let mut actual = Ours::records(&here.journals[name], *seen);
            for record in &mut actual {
                correlations.d12_take_out_of_record(record)?;
            }
            tail(&format!("journals.{name} from {seen}"), &expected, &actual)?;
            expected.iter().for_each(|record| tally.record(record));
            *seen += expected.len();
        }
        for (name, bus) in &there.buses {
            let seen = self.frames.entry(name.clone()).or_default();
            let expected = Theirs::frames(bus, *seen);
            let mut actual = Ours::frames(&here.buses[name], *seen);
            for frame in &mut actual {
                correlations.d12_take_out_of_frame(frame)?;
            }
            tail(&format!("buses.{name} from {seen}"), &expected, &actual)?;
            *seen += expected.len();
        }
        for (name, pool_ids) in &theirs.pools {
            for pool_id in pool_ids {
                let seen = self
                    .history
                    .entry((name.clone(), pool_id.clone()))
                    .or_default();
                let expected = Theirs::history(&there.stores[name], pool_id, *seen);
                let actual = Ours::history(&here.stores[name], pool_id, *seen);
                tail(
                    &format!("stores.{name}.{pool_id} from {seen}"),
                    &expected,
                    &actual,
                )?;
                *seen += expected.len();
            }
        }
        Ok(())
    }
}

fn same_names<'a>(
    path: &str,
    expected: impl Iterator<Item = &'a String>,
    actual: impl Iterator<Item = &'a String>,
) -> Agreement {
    let (expected, actual): (Vec<_>, Vec<_>) = (expected.collect(), actual.collect());
    tail(path, &[json!(expected)], &[json!(actual)])
}

fn tail(path: &str, expected: &[Value], actual: &[Value]) -> Agreement {
    same(path, &json!(expected), &json!(actual))
}
