import { destination, entity, relatedRun, source, tags } from "./made-refs.js";
import { messagePayload, summary } from "./message-payload.js";
import type { PlainMessage, SendStatus } from "./plain-message.js";
import type { EventEnvelope } from "./types/envelope.js";
import type { EventFrame } from "./types/frame.js";
import type { EventIndexProjection, RunMessageJournalRecord } from "./types/journal.js";
import type { EntityRef } from "./types/refs.js";

// The records and events of a message that this side holds, as objects. Their members are in the order of the core's
// text (src/record/transition); a test compares the two. All objects are new, so that a host may change them. What a
// record contains twice is one object in it, which saves 3 % of a send.
//
// Members that a message need not have stand in the middle, so there is a literal with and one without them. To put a
// member into an object that is made takes 1 µs, and a send with a policy 1.6 times as long. To spread it into a
// literal would be as quick, but once that has happened V8 takes half as long again for all messages without the
// member.
//
// The core would need 20 µs to write such an object as text, and `JSON.parse` as long to read it; here it takes 1 µs.

/**
 * The receivers and the target, each once, with the runs first. If the target is a run, it is the only possible
 * receiver.
 */
function relatedRefs({ receivers, targetKind, targetId }: PlainMessage): EntityRef[] {
  const target = entity(targetKind.entity, targetId);
  // An array of known length takes no more memory than that; one that grows by `push` has room for seventeen.
  if (targetKind.entity === "run") return [target];
  const { length } = receivers;
  const related = new Array<EntityRef>(length + 1);
  for (let index = 0; index < length; index += 1) related[index] = relatedRun(receivers[index]!);
  related[length] = target;
  return related;
}

/** The kind of a status's event, chosen from constants: a member with a variable name would be looked up each time. */
function eventKind(status: SendStatus): "run_message_accepted" | "run_message_delivered" | "run_message_failed" {
  if (status === "accepted") return "run_message_accepted";
  return status === "delivered" ? "run_message_delivered" : "run_message_failed";
}

/** The trace id of a pool's events, and the beginnings of their other ids. */
interface EventIds {
  readonly poolId: string;
  readonly trace: string;
  readonly event: string;
  readonly span: string;
}

/** Those of the pool that was asked for last. */
let known: EventIds | undefined;

/** The trace id of a pool's events, and the beginnings of their other ids. */
export function eventIds(poolId: string): EventIds {
  if (known?.poolId === poolId) return known;
  return (known = {
    poolId,
    trace: `trace.agent_pool.${poolId}`,
    event: `event.agent_pool.${poolId}.`,
    span: `span.agent_pool.${poolId}.`,
  });
}

/** The id of the record with that number. It is also the cursor of the record if the journal returns none. */
export function recordId(journalSeq: number): string {
  return `journal.record.agent_pool.${journalSeq}`;
}

/** The journal record of a message that took on a status. */
export function messageRecord(
  message: PlainMessage,
  status: SendStatus,
  journalSeq: number,
  timestamp_millis: number,
): RunMessageJournalRecord {
  const { from: run_id, agentId: agent_id, idempotencyKey: idempotency_key } = message;
  const optional = message.optional?.copied();
  const correlation_keys = optional?.entries;
  const subject_ref = entity("message", message.messageId);
  const related_refs = relatedRefs(message);
  const recordSource = source();
  const recordTags = tags();
  const content_refs = [message.contentRef];
  const journal = destination("journal", "destination.journal.agent_pool");
  const stream = destination("event_stream", "destination.event_stream.agent_pool");
  const payload = messagePayload(message, status, subject_ref, recordSource, content_refs, optional);
  if (correlation_keys === undefined) {
    const event_index: EventIndexProjection = {
      run_id,
      agent_id,
      event_family: "agent_pool",
      event_kind: eventKind(status),
      source: recordSource,
      destination: stream,
      subject_ref,
      related_refs,
      tags: recordTags,
      privacy_class: "content_refs_only",
      delivery_semantics: "journal_backed",
    };
    return {
      journal_schema_version: 1,
      journal_seq: journalSeq,
      record_id: recordId(journalSeq),
      record_kind: "run_message",
      run_id,
      agent_id,
      subject_ref,
      related_refs,
      source: recordSource,
      destination: journal,
      tags: recordTags,
      delivery_semantics: "journal_backed",
      event_index,
      timestamp_millis,
      runtime_package_fingerprint: "runtime.package.fingerprint.agent_pool",
      privacy: "content_refs_only",
      content_refs,
      redaction_policy_id: "redaction.agent_pool.default",
      idempotency_key,
      payload,
    };
  }
  const event_index: EventIndexProjection = {
    run_id,
    agent_id,
    event_family: "agent_pool",
    event_kind: eventKind(status),
    source: recordSource,
    destination: stream,
    subject_ref,
    related_refs,
    correlation_keys,
    tags: recordTags,
    privacy_class: "content_refs_only",
    delivery_semantics: "journal_backed",
  };
  return {
    journal_schema_version: 1,
    journal_seq: journalSeq,
    record_id: recordId(journalSeq),
    record_kind: "run_message",
    run_id,
    agent_id,
    subject_ref,
    related_refs,
    source: recordSource,
    destination: journal,
    correlation_keys,
    tags: recordTags,
    delivery_semantics: "journal_backed",
    event_index,
    timestamp_millis,
    runtime_package_fingerprint: "runtime.package.fingerprint.agent_pool",
    privacy: "content_refs_only",
    content_refs,
    redaction_policy_id: "redaction.agent_pool.default",
    idempotency_key,
    payload,
  };
}

/**
 * The event of a message that took on a status at a time. `eventSeq` is its place on the bus; 0 if the bus sets that.
 */
export function messageFrame(
  message: PlainMessage,
  status: SendStatus,
  eventNumber: number,
  time: string,
  eventSeq: number,
): EventFrame {
  const envelope = messageEnvelope(message, status, eventNumber, time, eventSeq);
  const { event_id } = envelope;
  return {
    event: { envelope, payload: { mode: "redacted_summary", redacted_summary: summary(status) } },
    cursor: { scope: "all", event_seq: eventSeq, event_id, journal_cursor: message.cursorOf(status) },
  };
}

function messageEnvelope(
  message: PlainMessage,
  status: SendStatus,
  eventNumber: number,
  time: string,
  eventSeq: number,
): EventEnvelope {
  const { messageId: message_id, from: run_id, agentId: agent_id } = message;
  const optional = message.optional?.copied();
  const policy_refs = optional?.policyRefs;
  const entries = optional?.entries;
  const journal_cursor = message.cursorOf(status);
  const ids = eventIds(message.poolId);
  const subject_ref = entity("message", message_id);
  const related_refs = relatedRefs(message);
  const correlation = entries ? { entries } : {};
  const target = destination(message.targetKind.destination, message.targetId);
  if (policy_refs === undefined) {
    return {
      schema_version: 1,
      event_id: ids.event + eventNumber,
      event_seq: eventSeq,
      event_family: "agent_pool",
      event_kind: eventKind(status),
      payload_schema_version: 1,
      timestamp: time,
      recorded_at: time,
      run_id,
      agent_id,
      message_id,
      trace_id: ids.trace,
      span_id: ids.span + eventNumber,
      subject_ref,
      related_refs,
      correlation,
      tags: tags(),
      source: source(),
      destination: target,
      journal_cursor,
      delivery_semantics: "journal_backed",
      privacy: "content_refs_only",
      content_capture: "off",
      redaction_policy_id: "redaction.agent_pool.default",
      runtime_package_fingerprint: "runtime.package.fingerprint.agent_pool",
    };
  }
  return {
    schema_version: 1,
    event_id: ids.event + eventNumber,
    event_seq: eventSeq,
    event_family: "agent_pool",
    event_kind: eventKind(status),
    payload_schema_version: 1,
    timestamp: time,
    recorded_at: time,
    run_id,
    agent_id,
    message_id,
    trace_id: ids.trace,
    span_id: ids.span + eventNumber,
    subject_ref,
    related_refs,
    correlation,
    tags: tags(),
    source: source(),
    destination: target,
    policy_refs,
    journal_cursor,
    delivery_semantics: "journal_backed",
    privacy: "content_refs_only",
    content_capture: "off",
    redaction_policy_id: "redaction.agent_pool.default",
    runtime_package_fingerprint: "runtime.package.fingerprint.agent_pool",
  };
}
