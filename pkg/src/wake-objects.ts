import { destination, entity, eventIds, recordId, source, tags } from "./message-objects.js";
import type { EventFrame } from "./types/frame.js";
import type { WakeJournalPayload, WakeJournalRecord } from "./types/journal.js";
import type { WakeRegistrationStatus } from "./types/wake.js";

// What is recorded and published of a wake, made of the list of what varies in it (src/js/in_short.rs) as
// message-objects.ts makes it of messages.

type RecordFacts = [
  runId: string,
  agentId: string,
  conditionId: string,
  status: WakeRegistrationStatus,
  idempotencyKey: string,
  journalSeq: number,
  millis: number,
  payload: WakeJournalPayload,
];

type FrameFacts = [
  poolId: string,
  eventNumber: number,
  time: string,
  eventSeq: number,
  journalCursor: string,
  runId: string,
  agentId: string,
  conditionId: string,
  status: WakeRegistrationStatus,
  summary: string,
];

/** The journal record that a wake took on a status. */
export function wakeRecord([
  run_id,
  agent_id,
  conditionId,
  status,
  idempotency_key,
  journalSeq,
  millis,
  payload,
]: RecordFacts): WakeJournalRecord {
  return {
    journal_schema_version: 1,
    journal_seq: journalSeq,
    record_id: recordId(journalSeq),
    record_kind: "wake",
    run_id,
    agent_id,
    subject_ref: entity("wake_condition", conditionId),
    related_refs: [entity("run", run_id)],
    source: source(),
    destination: destination("journal", "destination.journal.agent_pool"),
    tags: tags(),
    delivery_semantics: "journal_backed",
    event_index: {
      run_id,
      agent_id,
      event_family: "agent_pool",
      event_kind: `wake_condition_${status}`,
      source: source(),
      destination: destination("event_stream", "destination.event_stream.agent_pool"),
      subject_ref: entity("wake_condition", conditionId),
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
  };
}

/** The event that a wake took on a status. */
export function wakeFrame([
  poolId,
  eventNumber,
  time,
  eventSeq,
  journalCursor,
  run_id,
  agent_id,
  conditionId,
  status,
  summary,
]: FrameFacts): EventFrame {
  const ids = eventIds(poolId);
  const eventId = ids.event + eventNumber;
  return {
    event: {
      envelope: {
        schema_version: 1,
        event_id: eventId,
        event_seq: eventSeq,
        event_family: "agent_pool",
        event_kind: `wake_condition_${status}`,
        payload_schema_version: 1,
        timestamp: time,
        recorded_at: time,
        run_id,
        agent_id,
        trace_id: ids.trace,
        span_id: ids.span + eventNumber,
        subject_ref: entity("wake_condition", conditionId),
        related_refs: [entity("run", run_id), entity("wake_condition", conditionId)],
        correlation: {},
        tags: tags(),
        source: source(),
        destination: destination("agent", run_id),
        journal_cursor: journalCursor,
        delivery_semantics: "journal_backed",
        privacy: "content_refs_only",
        content_capture: "off",
        redaction_policy_id: "redaction.agent_pool.default",
        runtime_package_fingerprint: "runtime.package.fingerprint.agent_pool",
      },
      payload: { mode: "redacted_summary", redacted_summary: summary },
    },
    cursor: { scope: "all", event_seq: eventSeq, event_id: eventId, journal_cursor: journalCursor },
  };
}
