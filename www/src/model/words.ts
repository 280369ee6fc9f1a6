import type {
  AgentPoolErrorIds,
  EventFilter,
  EventFrame,
  JournalRecord,
  MessageReceipt,
  RetryClassification,
  RunAddressTarget,
  WakeRegistration,
} from "agent-pool";

import type { AwaitedKind, Status } from "./model.js";

/** A row of a log, in words. */
export interface Row {
  /** What happened. */
  readonly what: string;
  /** Whom or what it happened to. */
  readonly detail: string;
  /** What the row is about, which gives it its colour. */
  readonly tone: "member" | "message" | "wake";
}

export function recordRow({ payload, run_id }: JournalRecord): Row {
  switch (payload.type) {
    case "agent_pool":
      return { what: payload.lifecycle_status, detail: run_id, tone: "member" };
    case "run_message": {
      const { message_id, delivery_status, source_run_id, address_target, delivered_to } = payload;
      const reached = delivered_to === undefined ? "nobody" : list(delivered_to);
      const detail = `${message_id}: ${source_run_id} to ${address(address_target)}, reaching ${reached}`;
      return { what: delivery_status, detail, tone: "message" };
    }
    case "wake": {
      const { condition_id, trigger_status, matched_event_id } = payload;
      const because = matched_event_id === undefined ? "" : ` by ${matched_event_id}`;
      return { what: trigger_status, detail: `${condition_id} of ${run_id}${because}`, tone: "wake" };
    }
  }
}

export function frameRow(frame: EventFrame): Row {
  const { event_kind, subject_ref, run_id, destination } = frame.event.envelope;
  const to = destination === undefined || destination.id === run_id ? "" : ` to ${destination.id}`;
  const tone = subject_ref.kind === "message" ? "message" : subject_ref.kind === "wake_condition" ? "wake" : "member";
  return { what: event_kind, detail: `${subject(frame)}${to}`, tone };
}

/** Whom or what an event is about. */
function subject({ event: { envelope } }: EventFrame): string {
  const { subject_ref, run_id } = envelope;
  return subject_ref.id === run_id ? run_id : `${subject_ref.id} of ${run_id}`;
}

export function receiptSummary({ message_id, delivered_to }: MessageReceipt): string {
  return delivered_to === undefined ? `${message_id} reached nobody` : `${message_id} reached ${list(delivered_to)}`;
}

export function registrationSummary({ condition_id, run_id, status }: WakeRegistration, wokenBy?: string): string {
  const because = wokenBy === undefined ? "" : `: woken by ${wokenBy}`;
  const state: Record<WakeRegistration["status"], string> = {
    registered: `${run_id} waits for ${condition_id}`,
    triggered: `${run_id} goes on after ${condition_id}${because}`,
    timed_out: `${run_id} waited for ${condition_id} until its timeout`,
    cancelled: `${run_id} no longer waits for ${condition_id}`,
    failed: `${run_id} cannot wait for ${condition_id}`,
  };
  return state[status];
}

const AWAITED: Readonly<Record<AwaitedKind, string>> = {
  run_message_delivered: "to deliver a message",
  run_message_failed: "to fail to reach anyone",
  agent_pool_run_joined: "to join again",
  agent_pool_run_left: "to leave",
};

/** What a wake waits for, in words, for wakes that this page makes. */
export function awaited({ run_ids, kinds }: EventFilter): string {
  const who = run_ids === "any" ? "any member" : list(run_ids.include);
  const what = kinds === "any" ? "to do anything" : kinds.include.map((kind) => AWAITED[kind as AwaitedKind] ?? kind);
  return `${who} ${String(what)}`;
}

const WAKES: Readonly<Record<AwaitedKind, string>> = {
  run_message_delivered: "",
  run_message_failed: ", which reached nobody",
  agent_pool_run_joined: ", which joined again",
  agent_pool_run_left: ", which left",
};

/** What woke a run, in words: whom or what the event is about that it was woken by. */
export function waking(frame: EventFrame): string {
  return `${subject(frame)}${WAKES[frame.event.envelope.event_kind as AwaitedKind] ?? ""}`;
}

/** A status as it is written in a sentence. */
export function statusText(status: Status): string {
  return status.replace("_", " ");
}

const CONCERNED: Readonly<Record<keyof AgentPoolErrorIds, string>> = {
  run_id: "the run",
  pool_id: "the pool",
  message_id: "the message",
  condition_id: "the wake",
  record_id: "the record",
  event_id: "the event",
  idempotency_key: "the key",
};

/** What an error is about, in words. A key that is the id of a message or a wake, as if none is given, is left out. */
export function concernedText(ids: AgentPoolErrorIds): string {
  const isGiven = ![ids.message_id, ids.condition_id].includes(ids.idempotency_key);
  const named = Object.entries(CONCERNED).flatMap(([field, name]) => {
    const id = ids[field as keyof AgentPoolErrorIds];
    return id === undefined || (field === "idempotency_key" && !isGiven) ? [] : [`${name} ${id}`];
  });
  return list(named);
}

/** Whether calling again can help, in words. */
export function retryText(retry: RetryClassification): string {
  const texts: Record<RetryClassification, string> = {
    Retryable: "Yes, with the same arguments.",
    NotRetryable: "No, not with these arguments.",
    RepairNeeded: "Once something has been put right.",
    UserActionNeeded: "Once a user has done something.",
    HostConfigurationNeeded: "Once the host has been set up properly.",
  };
  return texts[retry];
}

/** Ids as a sentence lists them. */
export function list(ids: readonly string[]): string {
  return ids.length < 2 ? ids.join("") : `${ids.slice(0, -1).join(", ")} and ${ids.at(-1)}`;
}

function address(target: RunAddressTarget): string {
  switch (target.type) {
    case "run":
      return target.run_id;
    case "agent":
      return target.agent_id;
    case "topic":
      return target.topic_id;
    case "pool":
      return target.pool_id;
  }
}
