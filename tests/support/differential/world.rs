//! Two systems side by side: every operation is run on both, and everything they show is compared.

use std::collections::{BTreeMap, BTreeSet};

use agent_sdk_core::{JournalRecord, JournalRecordPayload, WakeTriggerStatus};
use serde_json::{Value, json};

use super::{
    Ours, Theirs,
    binding::{self, Cursors},
    correlation::Correlations,
    logs::Logs,
    plan::{Action, Plan, Step},
    rules::{Expected, Verdict, View, judge},
    tally::Tally,
};
use crate::{
    compare::{differences, short},
    trace::Runner,
};

/// Runs a plan.
///
/// # Errors
///
/// The operations up to the first difference as a script, and the difference.
pub fn run(plan: &Plan, tally: &mut Tally) -> Result<(), (Value, String)> {
    let mut world = World::new(plan);
    world.play(tally).map_err(|differences| {
        let last = world.operations.last().map(short).unwrap_or_default();
        let told = format!(
            "operation {}: {last}\n  {}",
            world.operations.len(),
            differences.join("\n  ")
        );
        let script = json!({"name": "differential", "pools": [], "ops": world.operations});
        (script, told)
    })
}

/// What a handle was opened with.
struct Handle {
    store: String,
    bus: String,
    journal: String,
    pool_id: String,
}

struct World<'a> {
    plan: &'a Plan,
    theirs: Runner<Theirs>,
    ours: Runner<Ours>,
    correlations: Correlations,
    handles: BTreeMap<String, Handle>,
    logs: Logs,
    cursors: Cursors,
    /// What an injected failure cut off: store, pool, and message or condition id.
    cut: BTreeSet<(String, String, String)>,
    /// What has been run so far, as a script has it.
    operations: Vec<Value>,
}

impl<'a> World<'a> {
    fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            theirs: Runner::default(),
            ours: Runner::default(),
            correlations: Correlations::of(&plan.messages),
            handles: BTreeMap::new(),
            logs: Logs::default(),
            cursors: Cursors::default(),
            cut: BTreeSet::new(),
            operations: Vec::new(),
        }
    }

    fn play(&mut self, tally: &mut Tally) -> Result<(), Vec<String>> {
        for pool in &self.plan.pools {
            let mut open = pool.clone();
            open["op"] = json!("open");
            self.agree(&open, &open, None, tally)?;
        }
        for step in &self.plan.steps {
            self.step(step, tally)?;
        }
        let mut ours = self.ours.state();
        self.correlations.d12_take_out_of_state(&mut ours)?;
        told(differences("trace", &self.theirs.state(), &ours))
    }

    fn step(&mut self, step: &Step, tally: &mut Tally) -> Result<(), Vec<String>> {
        let mut operation = binding::operation(self.plan, &self.cursors, &step.action);
        if let Action::Malformed { pointer, value, .. } = &step.action
            && let Some(place) = operation.pointer_mut(pointer)
        {
            *place = value.clone();
            return self.agree(&operation, &operation, None, tally);
        }
        let fails_after = step.journal_fails_after;
        let verdict = match self.view(&operation, fails_after) {
            Some(view) => judge(&operation, &view),
            None => Verdict::Agree,
        };
        match verdict {
            Verdict::Agree => self.agree(&operation, &operation, fails_after, tally),
            Verdict::AgreeWithoutFailure(number) => {
                tally.difference(number);
                self.agree(&operation, &operation, None, tally)
            }
            Verdict::ReferenceRuns(number, instead) => {
                tally.difference(number);
                self.agree(&instead, &operation, fails_after, tally)
            }
            Verdict::OnlyHere(number, expected) => {
                tally.difference(number);
                self.only_here(&operation, &expected, fails_after, tally)
            }
            Verdict::Avoid(number) => {
                tally.difference(number);
                Ok(())
            }
        }
    }

    /// What the rules look at; nothing if the operation's handle is not open.
    fn view(&self, operation: &Value, fails_after: Option<usize>) -> Option<View<'_>> {
        let name = operation["handle"].as_str()?;
        let handle = self.handles.get(name)?;
        let pool = self.theirs.pool(name)?;
        let of_pool =
            |cut: &&(String, String, String)| cut.0 == handle.store && cut.1 == handle.pool_id;
        Some(View {
            snapshot: pool.snapshot().expect("an open pool has a snapshot"),
            frames: self.logs.frames_on(&handle.bus),
            cut: self
                .cut
                .iter()
                .filter(of_pool)
                .map(|(_, _, id)| id.as_str())
                .collect(),
            fails_after,
        })
    }

    /// Runs an operation on both sides, and compares what it answers and what it leaves.
    fn agree(
        &mut self,
        for_them: &Value,
        for_us: &Value,
        fails_after: Option<usize>,
        tally: &mut Tally,
    ) -> Result<(), Vec<String>> {
        self.note(for_us, fails_after, tally);
        let journal = self.journal_of(for_us);
        if let (Some(name), Some(successes)) = (&journal, fails_after) {
            self.theirs.instances.journals[name].fail_after(successes);
            self.ours.instances.journals[name].fail_after(successes);
        }
        let theirs = self.theirs.step(for_them);
        let mut ours = self.ours.step(for_us);
        tally.result(for_us, &theirs);
        let mut failed = None;
        if let Some(name) = &journal {
            failed = self.theirs.instances.journals[name].stop_failing();
            let here = self.ours.instances.journals[name].stop_failing();
            tally.failures += u64::from(here);
            if failed.is_some() != here {
                return Err(vec![format!(
                    "the journal failed: there {}, here {here}",
                    failed.is_some()
                )]);
            }
        }
        self.correlations.d12_take_out_of_result(&mut ours)?;
        told(differences("result", &theirs, &ours))?;
        self.compare_logs(tally)?;
        self.remember(for_us, &theirs, failed.as_ref());
        Ok(())
    }

    /// Runs an operation on our side alone: its answer is known, and it leaves nothing.
    fn only_here(
        &mut self,
        operation: &Value,
        expected: &Expected,
        fails_after: Option<usize>,
        tally: &mut Tally,
    ) -> Result<(), Vec<String>> {
        self.note(operation, fails_after, tally);
        let journal = self.journal_of(operation);
        if let (Some(name), Some(successes)) = (&journal, fails_after) {
            self.ours.instances.journals[name].fail_after(successes);
        }
        let result = self.ours.step(operation);
        if let Some(name) = &journal {
            tally.failures += u64::from(self.ours.instances.journals[name].stop_failing());
        }
        match expected {
            Expected::Value(value) => told(differences("result", &json!({"ok": value}), &result))?,
            Expected::AnyError if result.get("err").is_some() => {}
            Expected::JournalFailure if result["err"]["kind"] == "JournalFailure" => {}
            _ => return Err(vec![format!("result: expected {expected:?}, got {result}")]),
        }
        self.compare_logs(tally)
    }

    fn compare_logs(&mut self, tally: &mut Tally) -> Result<(), Vec<String>> {
        self.logs
            .compare(&self.theirs, &self.ours, &self.correlations, tally)
    }

    fn note(&mut self, operation: &Value, fails_after: Option<usize>, tally: &mut Tally) {
        let mut noted = operation.clone();
        if let Some(successes) = fails_after {
            // Nothing a runner of scripts looks at, but whoever reads the script has to know.
            noted["journal_fails_after"] = json!(successes);
        }
        self.operations.push(noted);
        tally.operations += 1;
    }

    fn journal_of(&self, operation: &Value) -> Option<String> {
        let handle = self.handles.get(operation["handle"].as_str()?)?;
        Some(handle.journal.clone())
    }

    /// Keeps what later operations and rules need to know.
    fn remember(&mut self, operation: &Value, result: &Value, failed: Option<&JournalRecord>) {
        self.cursors.keep(self.plan, operation, result);
        let text = |field: &str| operation[field].as_str().unwrap_or_default().to_owned();
        if operation["op"] == "open" && result.get("ok").is_some() {
            let handle = Handle {
                store: text("store"),
                bus: text("bus"),
                journal: text("journal"),
                pool_id: text("pool_id"),
            };
            self.handles.insert(text("handle"), handle);
        }
        // A wake that could not be triggered cuts off whatever was to trigger it.
        let failed_wake = failed.is_some_and(|record| match &record.payload {
            JournalRecordPayload::Wake(wake) => {
                wake.trigger_status != WakeTriggerStatus::Registered
            }
            _ => false,
        });
        let ids = [
            &operation["message"]["message_id"],
            &operation["condition"]["condition_id"],
        ];
        if let (true, Some(handle)) = (failed_wake, self.handles.get(&text("handle"))) {
            for id in ids.into_iter().filter_map(Value::as_str) {
                self.cut
                    .insert((handle.store.clone(), handle.pool_id.clone(), id.to_owned()));
            }
        }
    }
}

fn told(differences: Vec<String>) -> Result<(), Vec<String>> {
    if differences.is_empty() {
        Ok(())
    } else {
        Err(differences)
    }
}
