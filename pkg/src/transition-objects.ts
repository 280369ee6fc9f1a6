import type { Make } from "./in-short.js";
import { destination, entity, source, tags } from "./made-refs.js";
import { eventIds, recordId } from "./message-objects.js";
import type { EventEnvelope } from "./types/envelope.js";
import type { EventKind } from "./types/event-kind.js";
import type { EventFrame } from "./types/frame.js";
import type { AgentPoolJournalPayload, JournalRecord, WakeJournalPayload } from "./types/journal.js";

// The records and events of members and of wakes, made from the list of what varies in them (src/js/in_short.rs), as
// message-objects.ts makes those of messages. Those of members and those of wakes have literals of their own: one for
// both, into which the members that differ are spread, takes several times as long.

type RecordFacts<Key, Payload> = readonly [
  kind: number,
  runId: string,
  agentId: string,
  subjectId: string,
  eventKind: EventKind,
  idempotencyKey: Key,
  journalSeq: number,
  millis: number,
  payload: Payload,
];

type FrameFacts = readonly [
  kind: number,
  poolId: string,
  eventNumber: number,
  time: string,
  eventSeq: number,
  journalCursor: string,
  runId: string,
  agentId: string,
  subjectId: string,
  eventKind: EventKind,
  summary: string,
];

/** The journal record of a change of the members. */
const memberRecord: Make<RecordFacts<null, AgentPoolJournalPayload>, JournalRecord> = (
  [, run_id, agent_id, subjectId, event_kind, , journalSeq, millis, payload],
) => ({
  journal_schema_version: 1,
  journal_seq: journalSeq,
  record_id: recordId(journalSeq),
  record_kind: "agent_pool",
  run_id,
  agent_id,
  subject_ref: entity("run", subjectId),
  source: source(),
  destination: destination("journal", "destination.journal.agent_pool"),
  tags: tags(),
  delivery_semantics: "journal_backed",
  event_index: {
    run_id,
    agent_id,
    event_family: "agent_pool",
    event_kind,
    source: source(),
    destination: destination("event_stream", "destination.event_stream.agent_pool"),
    subject_ref: entity("run", subjectId),
    tags: tags(),
    privacy_class: "content_refs_only",
    delivery_semantics: "journal_backed",
  },
  timestamp_millis: millis,
  runtime_package_fingerprint: "runtime.package.fingerprint.agent_pool",
  privacy: "content_refs_only",
  redaction_policy_id: "redaction.agent_pool.default",
  payload,
});

/** The journal record of a wake that took on a status. */
const wakeRecord: Make<RecordFacts<string, WakeJournalPayload>, JournalRecord> = (
  [, run_id, agent_id, subjectId, event_kind, idempotency_key, journalSeq, millis, payload],
) => ({
  journal_schema_version: 1,
  journal_seq: journalSeq,
  record_id: recordId(journalSeq),
  record_kind: "wake",
  run_id,
  agent_id,
  subject_ref: entity("wake_condition", subjectId),
  related_refs: [entity("run", run_id)],
  source: source(),
  destination: destination("journal", "destination.journal.agent_pool"),
  tags: tags(),
  delivery_semantics: "journal_backed",
  event_index: {
    run_id,
    agent_id,
    event_family: "agent_pool",
    event_kind,
    source: source(),
    destination: destination("event_stream", "destination.event_stream.agent_pool"),
    subject_ref: entity("wake_condition", subjectId),
    related_refs: [entity("run", run_id)],
    tags: tags(),
    privacy_class: "content_refs_only",
    delivery_semantics: "journal_backed",
  },
  timestamp_millis: millis,
  runtime_package_fingerprint: "runtime.package.fingerprint.agent_pool",
  privacy: "content_refs_only",
  redaction_policy_id: "redaction.agent_pool.default",
  idempotency_key,
  payload,
});

type MakeEnvelope = (facts: FrameFacts) => EventEnvelope & { journal_cursor: string };

const memberEnvelope: MakeEnvelope = (
  [, poolId, eventNumber, time, eventSeq, journal_cursor, run_id, agent_id, subjectId, event_kind],
) => {
  const ids = eventIds(poolId);
  return {
    schema_version: 1,
    event_id: ids.event + eventNumber,
    event_seq: eventSeq,
    event_family: "agent_pool",
    event_kind,
    payload_schema_version: 1,
    timestamp: time,
    recorded_at: time,
    run_id,
    agent_id,
    trace_id: ids.trace,
    span_id: ids.span + eventNumber,
    subject_ref: entity("run", subjectId),
    correlation: {},
    tags: tags(),
    source: source(),
    destination: destination("agent", run_id),
    journal_cursor,
    delivery_semantics: "journal_backed",
    privacy: "content_refs_only",
    content_capture: "off",
    redaction_policy_id: "redaction.agent_pool.default",
    runtime_package_fingerprint: "runtime.package.fingerprint.agent_pool",
  };
};

const wakeEnvelope: MakeEnvelope = (
  [, poolId, eventNumber, time, eventSeq, journal_cursor, run_id, agent_id, subjectId, event_kind],
) => {
  const ids = eventIds(poolId);
  return {
    schema_version: 1,
    event_id: ids.event + eventNumber,
    event_seq: eventSeq,
    event_family: "agent_pool",
    event_kind,
    payload_schema_version: 1,
    timestamp: time,
    recorded_at: time,
    run_id,
    agent_id,
    trace_id: ids.trace,
    span_id: ids.span + eventNumber,
    subject_ref: entity("wake_condition", subjectId),
    related_refs: [entity("run", run_id), entity("wake_condition", subjectId)],
    correlation: {},
    tags: tags(),
    source: source(),
    destination: destination("agent", run_id),
    journal_cursor,
    delivery_semantics: "journal_backed",
    privacy: "content_refs_only",
    content_capture: "off",
    redaction_policy_id: "redaction.agent_pool.default",
    runtime_package_fingerprint: "runtime.package.fingerprint.agent_pool",
  };
};

/** The event with that envelope. */
const frameWith =
  (envelopeOf: MakeEnvelope): Make<FrameFacts, EventFrame> =>
  (facts) => {
    const envelope = envelopeOf(facts);
    const { event_id, event_seq, journal_cursor } = envelope;
    const redacted_summary = facts[10];
    return {
      event: { envelope, payload: { mode: "redacted_summary", redacted_summary } },
      cursor: { scope: "all", event_seq, event_id, journal_cursor },
    };
  };

/** The makers of the records, by the numbers of their kinds in the core. */
export const RECORDS = [memberRecord, wakeRecord] as readonly Make<RecordFacts<never, never>, JournalRecord>[];
/** The makers of the events, likewise. */
export const FRAMES = /* @__PURE__ */ [memberEnvelope, wakeEnvelope].map(frameWith);
