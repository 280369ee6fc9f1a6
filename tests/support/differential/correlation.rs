//! D12: here a message's correlation is also in its events and journal records; in the reference it is only in the
//! payload.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Agreement, same};

/// The correlation of every message of a plan, by message id.
pub struct Correlations(BTreeMap<String, Value>);

impl Correlations {
    /// The correlations of these messages. Messages without any show no difference, and are left out.
    pub fn of(messages: &[Value]) -> Self {
        let correlated = messages.iter().filter_map(|message| {
            let entries = message["correlation"].get("entries")?;
            let some = !entries.as_array()?.is_empty();
            some.then(|| {
                (
                    message["message_id"]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned(),
                    entries.clone(),
                )
            })
        });
        Self(correlated.collect())
    }

    /// D12: "it is also in … the journal record's correlation keys". Checks this, and takes it out.
    ///
    /// # Errors
    ///
    /// Where the correlation is missing.
    pub fn d12_take_out_of_record(&self, record: &mut Value) -> Agreement {
        if record["payload"]["type"] != "run_message" {
            return Ok(());
        }
        let Some(entries) = self.entries_of(&record["payload"]["message_id"]) else {
            return Ok(());
        };
        for (path, holder) in [("", "/"), (".event_index", "/event_index")] {
            let holder = match holder {
                "/" => Some(&mut *record),
                pointer => record.pointer_mut(pointer),
            };
            let fields = holder.and_then(Value::as_object_mut);
            let found = fields.and_then(|fields| fields.remove("correlation_keys"));
            same(
                &format!("record{path}.correlation_keys"),
                &entries,
                &or_none(found),
            )?;
        }
        Ok(())
    }

    /// D12: "it is also in the event's correlation". Checks this, and takes it out.
    ///
    /// # Errors
    ///
    /// Where the correlation is missing.
    pub fn d12_take_out_of_frame(&self, frame: &mut Value) -> Agreement {
        let envelope = &mut frame["event"]["envelope"];
        // Events of hosts name messages too, but come from other sources.
        if envelope["source"]["id"] != "source.sdk.agent_pool" {
            return Ok(());
        }
        let Some(entries) = self.entries_of(&envelope["message_id"]) else {
            return Ok(());
        };
        let correlation = envelope
            .get_mut("correlation")
            .and_then(Value::as_object_mut);
        let found = correlation.and_then(|correlation| correlation.remove("entries"));
        same(
            "frame.event.envelope.correlation.entries",
            &entries,
            &or_none(found),
        )
    }

    /// D12, for the frames that a subscription returned, if `result` is of one.
    ///
    /// # Errors
    ///
    /// As for one frame.
    pub fn d12_take_out_of_result(&self, result: &mut Value) -> Agreement {
        let Some(frames) = result.get_mut("ok").and_then(Value::as_array_mut) else {
            return Ok(());
        };
        let mut frames = frames
            .iter_mut()
            .filter(|frame| frame.get("event").is_some());
        frames.try_for_each(|frame| self.d12_take_out_of_frame(frame))
    }

    /// D12, for all journals and buses of a trace.
    ///
    /// # Errors
    ///
    /// As for one record or frame.
    pub fn d12_take_out_of_state(&self, state: &mut Value) -> Agreement {
        for record in entries_of_all(&mut state["journals"]) {
            self.d12_take_out_of_record(record)?;
        }
        for frame in entries_of_all(&mut state["buses"]) {
            self.d12_take_out_of_frame(frame)?;
        }
        Ok(())
    }

    fn entries_of(&self, message_id: &Value) -> Option<Value> {
        self.0.get(message_id.as_str()?).cloned()
    }
}

fn or_none(entries: Option<Value>) -> Value {
    entries.unwrap_or_else(|| json!([]))
}

fn entries_of_all(logs: &mut Value) -> impl Iterator<Item = &mut Value> {
    let logs = logs
        .as_object_mut()
        .into_iter()
        .flat_map(serde_json::Map::values_mut);
    logs.filter_map(Value::as_array_mut).flatten()
}
