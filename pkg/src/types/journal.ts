import type { RunAddressTarget } from "./address.js";
import type { EffectIntent, EffectResult } from "./effect.js";
import type { EventCorrelation, EventDeliverySemantics } from "./envelope.js";
import type { EventFamily, EventKind } from "./event-kind.js";
import type { MessageStatus } from "./message.js";
import type { PolicyRef } from "./policy.js";
import type { CorrelationEntry, DestinationRef, EntityRef, PrivacyClass, SourceRef } from "./refs.js";
import type { ResumeInputPolicy, WakeRegistrationStatus } from "./wake.js";
import type { WideInteger } from "./wide-integer.js";

/** One transition, as the journal keeps it. `record_kind` says which payload the record has. */
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

/** A wake condition has a new status. */
export interface WakeJournalRecord extends JournalRecordFields {
  /** The record is about a wake condition. */
  record_kind: "wake";
  /** The condition and its status. */
  payload: WakeJournalPayload;
}

/** The payload of a record; `type` is the record's kind. */
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

/** A wake condition has a new status: the payload of a {@link WakeJournalRecord}. */
export interface WakeJournalPayload extends WakeRecord {
  /** The kind of the record. */
  type: "wake";
}

/** The kind of a record. The format has 21 more kinds, which a pool never writes. */
export type JournalRecordKind = JournalRecord["record_kind"];

/** The fields that every journal record has. */
export interface JournalRecordFields {
  /** The version of the record: 1. */
  journal_schema_version: number;
  /**
   * The record's number among the records of its handle, from 1 (DESIGN D6). If the journal does not take a record, its
   * number is used again, unless a later record was already under way: then the number stays unused.
   */
  journal_seq: number;
  /** The id of the record. Handles that share a journal repeat record ids (REFERENCE 40). */
  record_id: string;
  /** The run whose journal it belongs to. */
  run_id: string;
  /** The agent of that run. */
  agent_id: string;
  /** The turn it belongs to. */
  turn_id?: string;
  /** The attempt it belongs to. */
  attempt_id?: string;
  /** The entity that it is about. */
  subject_ref: EntityRef;
  /** The entities that it is related to. Left out when empty. */
  related_refs?: EntityRef[];
  /** References to what led to it. Left out when empty. */
  causal_refs?: string[];
  /** Where it comes from. */
  source: SourceRef;
  /** Where it goes: the journal. */
  destination?: DestinationRef;
  /** The correlation keys and values (DESIGN D12). Left out when empty. */
  correlation_keys?: CorrelationEntry[];
  /** Tags to find it by. Left out when empty. */
  tags?: string[];
  /** How its event is delivered. */
  delivery_semantics: EventDeliverySemantics;
  /** The fields of its event that filters select on. */
  event_index: EventIndexProjection;
  /** The time of the operation, in Unix milliseconds; with a logical clock, the record's number (REFERENCE 39). */
  timestamp_millis: number;
  /** The fingerprint of what the run was built from; free text, not checked. */
  runtime_package_fingerprint: string;
  /** How openly it may be shown. */
  privacy: PrivacyClass;
  /** The content concerned. Left out when empty. */
  content_refs?: string[];
  /** The policy by which it was redacted; free text, not checked. */
  redaction_policy_id: string;
  /** The key by which a repeated call is recognised. */
  idempotency_key?: string;
  /** The key by which a repeated effect is recognised. */
  dedupe_key?: string;
  /** The checkpoint it belongs to. */
  checkpoint_ref?: string;
}

/** The fields of a record's event that filters select on. */
export interface EventIndexProjection {
  /** The run that the event belongs to. */
  run_id: string;
  /** The agent that the event belongs to. */
  agent_id: string;
  /** The turn that the event belongs to. */
  turn_id?: string;
  /** What it is about. */
  event_family: EventFamily;
  /** The exact kind of the event. */
  event_kind: EventKind;
  /** Where it comes from. */
  source: SourceRef;
  /** Where it goes. */
  destination?: DestinationRef;
  /** The entity that it is about. */
  subject_ref: EntityRef;
  /** The entities that it is related to. Left out when empty. */
  related_refs?: EntityRef[];
  /** The correlation keys and values (DESIGN D12). Left out when empty. */
  correlation_keys?: CorrelationEntry[];
  /** Tags to find it by. Left out when empty. */
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
  /** The topics that the members listen to (DESIGN D9). Left out when empty. */
  topics?: string[];
  /** The policies that a member must hold to be observable. Left out when empty. */
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
  /** The reference to its content. */
  content_ref: string;
  /** The correlation keys and values. */
  correlation: EventCorrelation;
  /** The message that it replies to. */
  reply_to?: string;
  /** The status of the message. */
  delivery_status: MessageStatus;
  /** The runs that got it. Left out when empty. */
  delivered_to?: string[];
  /** The policies that its receivers must hold. Left out when empty. */
  policy_refs?: PolicyRef[];
  /** The key by which a repeated send is recognised. */
  idempotency_key: string;
  /** The announcement of the delivery; only with `accepted`. */
  effect_intent?: EffectIntent;
  /** The result of the delivery; with every other status. */
  effect_result?: EffectResult;
}

/** A wake condition has a new status. */
export interface WakeRecord {
  /** The condition. */
  condition_id: string;
  /** The run that waits. */
  run_id: string;
  /** The fingerprint of its compiled filter. */
  event_filter_fingerprint: string;
  /** The timeout: after how many milliseconds the run waits no longer. */
  timeout_millis?: WideInteger;
  /** What the run wants to receive when it resumes. */
  resume_policy: ResumeInputPolicy;
  /** The status. */
  trigger_status: WakeRegistrationStatus;
  /** The policies that apply. Left out when empty. */
  policy_refs?: PolicyRef[];
  /** The key by which a repeated call is recognised. */
  idempotency_key: string;
  /** The event that woke the run; no other place names it (REFERENCE 27). */
  matched_event_id?: string;
}
