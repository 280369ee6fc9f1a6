import type { EventFrame } from "./types/frame.js";
import type { RunMessageJournalRecord } from "./types/journal.js";
import type { PolicyRef } from "./types/policy.js";
import type { CorrelationEntry } from "./types/refs.js";

/**
 * Those of a message's optional members that its records and events show: the entries of its correlation, the id of the
 * message that it replies to, and the policies that it demands. Each is an empty text if the message has no such member.
 */
export type OptionalValues = readonly [entries: CorrelationEntry[] | "", replyTo: string, policyRefs: PolicyRef[] | ""];

/** The optional members of a message. */
export interface OptionalMembers {
  /** Those that its records and events show, as JSON that the core wrote, or empty. */
  readonly texts: readonly string[];

  /** The members themselves. The lists are new, so that a host may change them. */
  copied(): OptionalValues;
}

/** The optional members of a message, as the core has read them. */
export interface ReadMembers extends OptionalMembers {
  /** All of them, as JSON for the core. */
  readonly given: string;
}

/** The optional members that the core has read from JSON. */
export function readMembers(given: string, texts: readonly string[]): ReadMembers {
  // Read once they are needed: ports that take text never need them.
  let values: readonly (string | object[])[] | undefined;
  const copied = (): unknown => {
    values ??= texts.map((text) => text && (JSON.parse(text) as string | object[]));
    return values.map((value) => (typeof value === "string" ? value : value.map((entry) => ({ ...entry }))));
  };
  return { given, texts, copied: copied as () => OptionalValues };
}

// They are put into records and events that were made without them, each where it stands in the core's text, since a
// test compares both. Literals into which they are spread would be made sooner, but once a member has been spread into
// one, V8 also takes half as long again for all messages without it.

/** The record of a message with these members. */
export function recordWith(
  record: RunMessageJournalRecord,
  [entries, replyTo, policyRefs]: OptionalValues,
): RunMessageJournalRecord {
  const { payload } = record;
  if (entries) payload.correlation = { entries };
  payload.effect_intent &&= inserted(payload.effect_intent, "idempotency_key", "policy_refs", policyRefs);
  const replying = inserted(payload, "delivery_status", "reply_to", replyTo);
  record.payload = inserted(replying, "idempotency_key", "policy_refs", policyRefs);
  record.event_index = inserted(record.event_index, "tags", "correlation_keys", entries);
  return inserted(record, "tags", "correlation_keys", entries);
}

/** The frame of an event of a message with these members. */
export function frameWith(frame: EventFrame, [entries, , policyRefs]: OptionalValues): EventFrame {
  const { event } = frame;
  if (entries) event.envelope.correlation = { entries };
  event.envelope = inserted(event.envelope, "journal_cursor", "policy_refs", policyRefs);
  return frame;
}

/** The object with one more member, which stands before another one; the object itself if that is empty. */
function inserted<Made extends object>(object: Made, before: keyof Made, name: keyof Made, value: unknown): Made {
  if (!value) return object;
  const made: Partial<Record<keyof Made, unknown>> = {};
  for (const member in object) {
    if (member === before) made[name] = value;
    made[member] = object[member];
  }
  return made as Made;
}
