import { decode } from "./decode.js";
import type { EventFrame } from "./types/frame.js";
import type { RunMessageJournalRecord } from "./types/journal.js";

// The optional members of a message in its records and events. They are put into objects that were made without them,
// each where it stands in the core's text, since a test compares both.

/**
 * The entries of a message's correlation, the id of the message that it replies to, and the policies that it demands, as
 * JSON that the core wrote; each is empty if the message has no such member.
 */
export type OptionalTexts = readonly string[];

/** The record of a message with these members. */
export function recordWith(record: RunMessageJournalRecord, optional: OptionalTexts): RunMessageJournalRecord {
  const [entries, replyTo, policyRefs] = optional.map(read);
  const { payload } = record;
  if (entries !== undefined) payload.correlation = { entries } as never;
  if (payload.effect_intent !== undefined) {
    payload.effect_intent = inserted(payload.effect_intent, "idempotency_key", "policy_refs", policyRefs);
  }
  const replying = inserted(payload, "delivery_status", "reply_to", replyTo);
  record.payload = inserted(replying, "idempotency_key", "policy_refs", policyRefs);
  record.event_index = inserted(record.event_index, "tags", "correlation_keys", entries);
  return inserted(record, "tags", "correlation_keys", entries);
}

/** The frame of an event of a message with these members. */
export function frameWith(frame: EventFrame, optional: OptionalTexts): EventFrame {
  const [entries, , policyRefs] = optional.map(read);
  const { event } = frame;
  if (entries !== undefined) event.envelope.correlation = { entries } as never;
  event.envelope = inserted(event.envelope, "journal_cursor", "policy_refs", policyRefs);
  return frame;
}

function read(text: string): unknown {
  return text === "" ? undefined : decode(text);
}

/** The object with one more member, which stands before another one; the object itself if there is no value. */
function inserted<Made extends object>(object: Made, before: keyof Made, name: keyof Made, value: unknown): Made {
  if (value === undefined) return object;
  const made: Partial<Record<keyof Made, unknown>> = {};
  for (const member in object) {
    if (member === before) made[name] = value;
    made[member] = object[member];
  }
  return made as Made;
}
