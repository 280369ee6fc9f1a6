import type { RunAddressTarget } from "./address.js";
import type { EffectIntent, EffectResult } from "./effect.js";
import type { EventCorrelation, EventDeliverySemantics } from "./envelope.js";
import type { EventFamily, EventKind } from "./event-kind.js";
import type { MessageStatus } from "./message.js";
import type { PolicyRef } from "./policy.js";
import type { CorrelationEntry, DestinationRef, EntityRef, PrivacyClass, SourceRef } from "./refs.js";
import type { ResumeInputPolicy, WakeRegistrationStatus } from "./wake.js";
import type { WideInteger } from "./wide-integer.js";

/** One transition, as the journal keeps it. `record_kind` tells which payload it has. */
export type JournalRecord = AgentPoolJournalRecord | RunMessageJournalRecord | WakeJournalRecord;

/** The members of the pool changed. */
export interface AgentPoolJournalRecord extends JournalRecordFields {
  /** The record is about the members of the pool. */
  record_kind: "agent_pool";
  /** What changed. */
  payload: AgentPoolJournalPayload;
}

/** A message has a new status. */
export interface RunMessageJournalRecord extends JournalRecordFields {
  /** The record is about a message. */
  record_kind: "run_message";
  /** The message and its status. */
  payload: RunMessageJournalPayload;
}

/** A wake condition stands otherwise. */
export interface WakeJournalRecord extends JournalRecordFields {
  /** The record is about a wake condition. */
  record_kind: "wake";
  /** The condition and how it stands. */
  payload: WakeJournalPayload;
}

/** What a record says; `type` is the record's kind. */
export type JournalRecordPayload = AgentPoolJournalPayload | RunMessageJournalPayload | WakeJournalPayload;

/** The members of the pool changed: the payload of an {@link AgentPoolJournalRecord}. */
export interface AgentPoolJournalPayload extends AgentPoolRecord {
  /** The kind of the record. */
  type: "agent_pool";
}

/** A message has a new status: the payload of a {@link RunMessageJournalRecord}. */
export interface RunMessageJournalPayload extends RunMessageRecord {
  /** The kind of the record. */
  type: "run_message";
}

/** A wake condition stands otherwise: the payload of a {@link WakeJournalRecord}. */
export interface WakeJournalPayload extends WakeRecord {
  /** The kind of the record. */
  type: "wake";
}

/** What a record is about. The reference knows 21 more kinds, which a pool never writes. */
export type JournalRecordKind = JournalRecord["record_kind"];

/** What every journal record holds. */
export interface JournalRecordFields {
  /** The version of the record: 1. */
  journal_schema_version: number;
  /**
   * The record's number among those of its handle, from 1 (DESIGN D6). The number of one that the journal did not take is
   * used again, unless a later one was on its way already: then it stays unused.
   */
  journal_seq: number;
  /** Names the record; handles that share a journal repeat record ids (REFERENCE 40). */
  record_id: string;
  /** The run whose journal it belongs to. */
  run_id: string;
  /** The agent of that run. */
  agent_id: string;
  /** The turn it belongs to. */
  turn_id?: string;
  /** The attempt it belongs to. */
  attempt_id?: string;
  /** The thing it is about. */
  subject_ref: EntityRef;
  /** What it is related to. Left out when empty. */
  related_refs?: EntityRef[];
  /** What led to it. Left out when empty. */
  causal_refs?: string[];
  /** Where it comes from. */
  source: SourceRef;
  /** Where it goes: the journal. */
  destination?: DestinationRef;
  /** What it belongs together with (DESIGN D12). Left out when empty. */
  correlation_keys?: CorrelationEntry[];
  /** Words to find it by. Left out when empty. */
  tags?: string[];
  /** How its event is delivered. */
  delivery_semantics: EventDeliverySemantics;
  /** Its event, as far as filters select on it. */
  event_index: EventIndexProjection;
  /** When it was written, in Unix milliseconds. */
  timestamp_millis: number;
  /** What its run was built from; free text, not checked. */
  runtime_package_fingerprint: string;
  /** How openly it may be shown. */
  privacy: PrivacyClass;
  /** The content concerned. Left out when empty. */
  content_refs?: string[];
  /** The policy by which it was redacted; free text, not checked. */
  redaction_policy_id: string;
  /** Recognises a repeated call. */
  idempotency_key?: string;
  /** Recognises a repeated effect. */
  dedupe_key?: string;
  /** The checkpoint it belongs to. */
  checkpoint_ref?: string;
}

/** The event of a record, as far as filters select on it. */
export interface EventIndexProjection {
  /** The run it is of. */
  run_id: string;
  /** The agent it is of. */
  agent_id: string;
  /** The turn it is of. */
  turn_id?: string;
  /** What it is about. */
  event_family: EventFamily;
  /** What exactly happened. */
  event_kind: EventKind;
  /** Where it comes from. */
  source: SourceRef;
  /** Where it goes. */
  destination?: DestinationRef;
  /** The thing it is about. */
  subject_ref: EntityRef;
  /** What it is related to. Left out when empty. */
  related_refs?: EntityRef[];
  /** What it belongs together with (DESIGN D12). Left out when empty. */
  correlation_keys?: CorrelationEntry[];
  /** Words to find it by. Left out when empty. */
  tags?: string[];
  /** How openly it may be shown. */
  privacy_class: PrivacyClass;
  /** How it is delivered. */
  delivery_semantics: EventDeliverySemantics;
}

/** The members of a pool changed. */
export interface AgentPoolRecord {
  /** The pool. */
  pool_id: string;
  /** The members after the change; before it, for `created` (REFERENCE 1). Left out when empty. */
  member_run_ids?: string[];
  /** The topics they listen to (DESIGN D9). Left out when empty. */
  topics?: string[];
  /** What a member must hold to be observable. Left out when empty. */
  policy_refs?: PolicyRef[];
  /** What changed. */
  lifecycle_status: AgentPoolLifecycleStatus;
}

/** How the members of a pool changed. */
export type AgentPoolLifecycleStatus =
  /** The first member is about to join. */
  | "created"
  /** A run joined. */
  | "run_joined"
  /** A run left. */
  | "run_left";

/** A message has a new status. */
export interface RunMessageRecord {
  /** The message. */
  message_id: string;
  /** The run that sends it. */
  source_run_id: string;
  /** Who it is for. */
  address_target: RunAddressTarget;
  /** Where its content is. */
  content_ref: string;
  /** What it belongs together with. */
  correlation: EventCorrelation;
  /** The message it answers. */
  reply_to?: string;
  /** What became of it. */
  delivery_status: MessageStatus;
  /** The runs that got it. Left out when empty. */
  delivered_to?: string[];
  /** What it asks of its receivers. Left out when empty. */
  policy_refs?: PolicyRef[];
  /** Recognises a repeated send. */
  idempotency_key: string;
  /** Announces the delivery; only with `accepted`. */
  effect_intent?: EffectIntent;
  /** Tells what came of the delivery; with every other status. */
  effect_result?: EffectResult;
}

/** A wake condition stands otherwise. */
export interface WakeRecord {
  /** The condition. */
  condition_id: string;
  /** The run that waits. */
  run_id: string;
  /** What its compiled filter says, digested. */
  event_filter_fingerprint: string;
  /** After how many milliseconds it waits no longer. */
  timeout_millis?: WideInteger;
  /** What the run wants to be told when it resumes. */
  resume_policy: ResumeInputPolicy;
  /** How it stands. */
  trigger_status: WakeRegistrationStatus;
  /** The policies that apply. Left out when empty. */
  policy_refs?: PolicyRef[];
  /** Recognises a repeated call. */
  idempotency_key: string;
  /** The event that woke the run; told nowhere else (REFERENCE 27). */
  matched_event_id?: string;
}
