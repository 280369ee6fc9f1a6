import type { Make } from "./in-short.js";
import { destination, entity, source, tags } from "./made-refs.js";
import { eventIds, recordId } from "./message-objects.js";
import type { EventKind } from "./types/event-kind.js";
import type { EventFrame } from "./types/frame.js";
import type { AgentPoolJournalPayload, JournalRecord, WakeJournalPayload } from "./types/journal.js";

// The records and events of members and of wakes, made from the list of what varies in them (src/js/in_short.rs), as
// message-objects.ts makes those of messages.

type RecordFacts = readonly [
  runId: string,
  agentId: string,
  subjectId: string,
  eventKind: EventKind,
  idempotencyKey: string | null,
  journalSeq: number,
  millis: number,
];

type FrameFacts = readonly [
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

const subjectOf = (isWake: boolean, id: string) => entity(isWake ? "wake_condition" : "run", id);

/** The journal record of a change of the members, or of a wake that took on a status. */
const recordOf =
  (isWake: boolean): Make<RecordFacts, JournalRecord> =>
  (
    [run_id, agent_id, subjectId, event_kind, idempotency_key, journalSeq, millis],
    payload: AgentPoolJournalPayload | WakeJournalPayload,
  ) =>
    ({
      journal_schema_version: 1,
      journal_seq: journalSeq,
      record_id: recordId(journalSeq),
      record_kind: isWake ? "wake" : "agent_pool",
      run_id,
      agent_id,
      subject_ref: subjectOf(isWake, subjectId),
      ...(isWake && { related_refs: [entity("run", run_id)] }),
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
        subject_ref: subjectOf(isWake, subjectId),
        ...(isWake && { related_refs: [entity("run", run_id)] }),
        tags: tags(),
        privacy_class: "content_refs_only",
        delivery_semantics: "journal_backed",
      },
      timestamp_millis: millis,
      runtime_package_fingerprint: "runtime.package.fingerprint.agent_pool",
      privacy: "content_refs_only",
      redaction_policy_id: "redaction.agent_pool.default",
      ...(isWake && { idempotency_key }),
      payload,
    }) as JournalRecord;

/** The event of such a record. */
const frameOf =
  (isWake: boolean): Make<FrameFacts, EventFrame> =>
  ([
    poolId,
    eventNumber,
    time,
    eventSeq,
    journalCursor,
    run_id,
    agent_id,
    subjectId,
    event_kind,
    summary,
  ]) => {
    const ids = eventIds(poolId);
    const eventId = ids.event + eventNumber;
    return {
      event: {
        envelope: {
          schema_version: 1,
          event_id: eventId,
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
          subject_ref: subjectOf(isWake, subjectId),
          ...(isWake && { related_refs: [entity("run", run_id), subjectOf(isWake, subjectId)] }),
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
  };

/** The makers of the records, by the numbers of their kinds in the core. */
export const RECORDS = /* @__PURE__ */ [false, true].map(recordOf);
/** The makers of the events, likewise. */
export const FRAMES = /* @__PURE__ */ [false, true].map(frameOf);
