import { frameWith, recordWith } from "./optional-members.js";
import { copyOf, type PlainMessage, type SendStatus } from "./plain-message.js";
import type { EventFrame } from "./types/frame.js";
import type { RunMessageJournalPayload, RunMessageJournalRecord } from "./types/journal.js";
import type { DestinationRef, EntityRef, SourceRef } from "./types/refs.js";
import type { RunAddressTarget } from "./types/address.js";

// The records and events of a message that this side holds, as objects. Their members are in the order of the core's
// text (src/record/transition); a test compares the two. All objects are new, so that a host may change them. What a
// record contains twice is one object in it, which saves 3 % of a send.
//
// The core would need 20 µs to write such an object as text, and `JSON.parse` as long to read it; here it takes 1 µs.

export const source = (): SourceRef => ({
  kind: "sdk",
  id: "source.sdk.agent_pool",
  trust: "host_provided",
  privacy: "content_refs_only",
});

export const destination = (kind: DestinationRef["kind"], id: string): DestinationRef => ({
  kind,
  id,
  privacy: "content_refs_only",
  retention: "host_policy",
});

export const entity = (kind: EntityRef["kind"], id: string): EntityRef => ({ kind, id, privacy: "content_refs_only" });

/** A receiver as one of the related refs. */
export const relatedRun = (runId: string): EntityRef => entity("run", runId);

export const tags = (): string[] => ["feature:agent_pool"];

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

function addressTarget({ targetKind, targetId }: PlainMessage): RunAddressTarget {
  switch (targetKind.entity) {
    case "run":
      return { type: "run", run_id: targetId };
    case "agent":
      return { type: "agent", agent_id: targetId };
    case "topic":
      return { type: "topic", topic_id: targetId };
    case "agent_pool":
      return { type: "pool", pool_id: targetId };
  }
}

function payloadOf(
  message: PlainMessage,
  status: SendStatus,
  subject_ref: EntityRef,
  recordSource: SourceRef,
): RunMessageJournalPayload {
  const { messageId, from, contentRef, idempotencyKey, receivers } = message;
  const effect_id = `effect.run_message.${messageId}`;
  const content_refs = [contentRef];
  const payload: RunMessageJournalPayload = {
    type: "run_message",
    message_id: messageId,
    source_run_id: from,
    address_target: addressTarget(message),
    content_ref: contentRef,
    correlation: {},
    delivery_status: status,
    delivered_to: copyOf(receivers),
    idempotency_key: idempotencyKey,
  };
  if (status === "accepted") {
    payload.effect_intent = {
      effect_id,
      kind: "run_message_delivery",
      subject_ref,
      source: recordSource,
      destination: destination(message.targetKind.destination, message.targetId),
      idempotency_key: idempotencyKey,
      content_refs,
      redacted_summary: "run message delivery intent",
    };
  } else {
    const terminal_status = status === "delivered" ? "completed" : "failed";
    payload.effect_result = { effect_id, terminal_status, content_refs, redacted_summary: summary(status) };
  }
  // It has no receivers. To leave the member out from the beginning would take longer, for all messages.
  if (status === "failed") delete payload.delivered_to;
  return payload;
}

// The kinds and the summaries of the events are chosen from constants. A text put together would be one more object,
// twice per record; a member accessed by a variable name would be looked up anew each time.

function eventKind(status: SendStatus): "run_message_accepted" | "run_message_delivered" | "run_message_failed" {
  if (status === "accepted") return "run_message_accepted";
  return status === "delivered" ? "run_message_delivered" : "run_message_failed";
}

function summary(status: SendStatus): string {
  if (status === "accepted") return "run message accepted";
  return status === "delivered" ? "run message delivered" : "run message failed";
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
  millis: number,
): RunMessageJournalRecord {
  const { messageId, from, agentId, contentRef, idempotencyKey } = message;
  const subject_ref = entity("message", messageId);
  const related_refs = relatedRefs(message);
  const recordSource = source();
  const recordTags = tags();
  const record: RunMessageJournalRecord = {
    journal_schema_version: 1,
    journal_seq: journalSeq,
    record_id: recordId(journalSeq),
    record_kind: "run_message",
    run_id: from,
    agent_id: agentId,
    subject_ref,
    related_refs,
    source: recordSource,
    destination: destination("journal", "destination.journal.agent_pool"),
    tags: recordTags,
    delivery_semantics: "journal_backed",
    event_index: {
      run_id: from,
      agent_id: agentId,
      event_family: "agent_pool",
      event_kind: eventKind(status),
      source: recordSource,
      destination: destination("event_stream", "destination.event_stream.agent_pool"),
      subject_ref,
      related_refs,
      tags: recordTags,
      privacy_class: "content_refs_only",
      delivery_semantics: "journal_backed",
    },
    timestamp_millis: millis,
    runtime_package_fingerprint: "runtime.package.fingerprint.agent_pool",
    privacy: "content_refs_only",
    content_refs: [contentRef],
    redaction_policy_id: "redaction.agent_pool.default",
    idempotency_key: idempotencyKey,
    payload: payloadOf(message, status, subject_ref, recordSource),
  };
  return message.optional === undefined ? record : recordWith(record, message.optional.copied());
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
  const { messageId, from, agentId } = message;
  const cursor = message.cursorOf(status);
  const ids = eventIds(message.poolId);
  const eventId = ids.event + eventNumber;
  const frame: EventFrame = {
    event: {
      envelope: {
        schema_version: 1,
        event_id: eventId,
        event_seq: eventSeq,
        event_family: "agent_pool",
        event_kind: eventKind(status),
        payload_schema_version: 1,
        timestamp: time,
        recorded_at: time,
        run_id: from,
        agent_id: agentId,
        message_id: messageId,
        trace_id: ids.trace,
        span_id: ids.span + eventNumber,
        subject_ref: entity("message", messageId),
        related_refs: relatedRefs(message),
        correlation: {},
        tags: tags(),
        source: source(),
        destination: destination(message.targetKind.destination, message.targetId),
        journal_cursor: cursor,
        delivery_semantics: "journal_backed",
        privacy: "content_refs_only",
        content_capture: "off",
        redaction_policy_id: "redaction.agent_pool.default",
        runtime_package_fingerprint: "runtime.package.fingerprint.agent_pool",
      },
      payload: { mode: "redacted_summary", redacted_summary: summary(status) },
    },
    cursor: { scope: "all", event_seq: eventSeq, event_id: eventId, journal_cursor: cursor },
  };
  return message.optional === undefined ? frame : frameWith(frame, message.optional.copied());
}
