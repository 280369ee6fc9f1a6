//! Two systems side by side: every operation is run on both, and everything that they show is compared.

use std::collections::BTreeMap;

use agent_sdk_core::{JournalRecord, JournalRecordPayload, WakeTriggerStatus};
use serde_json::{Value, json};

use super::{
    Agreement, Ours, Theirs,
    binding::{self, Cursors},
    correlation::Correlations,
    endings::Alone,
    logs::Logs,
    plan::{Action, Plan, Step},
    rules::{Ending, Expected, Verdict, View, judge},
    same,
    tally::Tally,
};
use crate::{compare::short, trace::Runner};

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
    bus: String,
    journal: String,
}

struct World<'a> {
    plan: &'a Plan,
    theirs: Runner<Theirs>,
    ours: Runner<Ours>,
    correlations: Correlations,
    handles: BTreeMap<String, Handle>,
    logs: Logs,
    cursors: Cursors,
    /// Whether ours has done something that the reference cannot follow.
    over: bool,
    /// The operations that were run so far, as in a script.
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
            over: false,
            operations: Vec::new(),
        }
    }

    fn play(&mut self, tally: &mut Tally) -> Agreement {
        for pool in &self.plan.pools {
            let mut open = pool.clone();
            open["op"] = json!("open");
            self.agree(&open, &open, None, tally)?;
        }
        for step in &self.plan.steps {
            self.step(step, tally)?;
            if self.over {
                return Ok(());
            }
        }
        let mut ours = self.ours.state();
        self.correlations.d12_take_out_of_state(&mut ours)?;
        same("trace", &self.theirs.state(), &ours)
    }

    fn step(&mut self, step: &Step, tally: &mut Tally) -> Agreement {
        let mut operation = binding::operation(self.plan, &self.cursors, &step.action);
        if let Action::Changed { change, .. } = &step.action
            && let Some(place) = operation.pointer_mut(change.pointer)
        {
            *place = change.value.clone();
            if !change.sound {
                return self.agree(&operation, &operation, None, tally);
            }
        }
        let fails_after = step.journal_fails_after;
        let verdict = match self.view(&operation, fails_after) {
            Some(view) => judge(&operation, &view),
            None => Verdict::Agree,
        };
        match verdict {
            Verdict::Agree => self.agree(&operation, &operation, fails_after, tally),
            Verdict::ReferenceRuns(number, instead) => {
                tally.difference(number);
                self.agree(&instead, &operation, fails_after, tally)
            }
            Verdict::OnlyHere(number, expected) => {
                tally.difference(number);
                self.only_here(&operation, &expected, fails_after, tally)
            }
            Verdict::Last(number, ending) => {
                tally.difference(number);
                self.end(&operation, &ending, tally)
            }
            Verdict::Avoid(number) => {
                tally.difference(number);
                Ok(())
            }
        }
    }

    /// What the rules look at; `None` if the operation's handle is not open.
    fn view(&self, operation: &Value, fails_after: Option<usize>) -> Option<View> {
        let name = operation["handle"].as_str()?;
        let handle = self.handles.get(name)?;
        let pool = self.theirs.pool(name)?;
        Some(View {
            snapshot: pool.snapshot().expect("an open pool has a snapshot"),
            frames: self.logs.frames_on(&handle.bus),
            fails_after,
        })
    }

    /// Runs an operation on both sides, and compares the answers and everything that is recorded.
    fn agree(
        &mut self,
        for_them: &Value,
        for_us: &Value,
        fails_after: Option<usize>,
        tally: &mut Tally,
    ) -> Agreement {
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
        same("result", &theirs, &ours)?;
        self.compare_logs(tally)?;
        self.remember(for_us, &theirs);
        match failed {
            Some(record) => self.retry(for_us, &record, tally),
            None => Ok(()),
        }
    }

    /// Runs an operation on our side alone. Its answer is known, and it records nothing.
    fn only_here(
        &mut self,
        operation: &Value,
        expected: &Expected,
        fails_after: Option<usize>,
        tally: &mut Tally,
    ) -> Agreement {
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
            Expected::Value(value) => same("result", &json!({"ok": value}), &result)?,
            Expected::AnyError if result.get("err").is_some() => {}
            Expected::JournalFailure if result["err"]["kind"] == "JournalFailure" => {}
            _ => return Err(vec![format!("result: expected {expected:?}, got {result}")]),
        }
        self.compare_logs(tally)
    }

    /// D2: if an operation was cut off by a wake that could not be recorded, the same call finishes the rest. The
    /// reference never does that.
    fn retry(&mut self, operation: &Value, failed: &JournalRecord, tally: &mut Tally) -> Agreement {
        let cut_off = match &failed.payload {
            JournalRecordPayload::Wake(wake) => {
                wake.trigger_status != WakeTriggerStatus::Registered
            }
            _ => false,
        };
        let name = operation["op"].as_str().unwrap_or_default();
        if !cut_off || !["send", "record_message_status", "suspend_until"].contains(&name) {
            return Ok(());
        }
        tally.difference("D2");
        let view = self
            .view(operation, None)
            .expect("the operation's handle is open");
        let mut messages = view.snapshot.messages.iter();
        let stored = messages.find(|stored| {
            operation["message"]["message_id"] == stored.message.message_id.as_str()
        });
        let status = stored.map(|stored| &stored.receipt.status);
        self.alone(operation, tally, |alone| {
            alone.d2_finished_by_a_retry(failed, status)
        })
    }

    /// Runs the last operation of a case, on our side alone.
    fn end(&mut self, operation: &Value, ending: &Ending, tally: &mut Tally) -> Agreement {
        self.alone(operation, tally, |alone| match ending {
            Ending::JoinAfterCreated => alone.d1_join_after_created(),
            Ending::PassOver(wakes) => alone.d3_passed_over(wakes),
            Ending::Cancel => alone.d3_cancelled(),
        })
    }

    fn alone(
        &mut self,
        operation: &Value,
        tally: &mut Tally,
        ending: impl FnOnce(&mut Alone<'_>) -> Agreement,
    ) -> Agreement {
        self.over = true;
        self.note(operation, None, tally);
        let journal = self
            .journal_of(operation)
            .expect("the operation's handle is open");
        ending(&mut Alone {
            ours: &mut self.ours,
            operation,
            journal: &journal,
        })
    }

    fn compare_logs(&mut self, tally: &mut Tally) -> Agreement {
        self.logs
            .compare(&self.theirs, &self.ours, &self.correlations, tally)
    }

    fn note(&mut self, operation: &Value, fails_after: Option<usize>, tally: &mut Tally) {
        let mut noted = operation.clone();
        if let Some(successes) = fails_after {
            // No runner of scripts looks at this, but a reader of the script has to know it.
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
    fn remember(&mut self, operation: &Value, result: &Value) {
        self.cursors.keep(self.plan, operation, result);
        let text = |field: &str| operation[field].as_str().unwrap_or_default().to_owned();
        if operation["op"] == "open" && result.get("ok").is_some() {
            let handle = Handle {
                bus: text("bus"),
                journal: text("journal"),
            };
            self.handles.insert(text("handle"), handle);
        }
    }
}
