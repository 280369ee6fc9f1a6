import type { EventFamily, EventKind } from "./event-kind.js";
import type { Given } from "./given.js";
import type { PolicyRef, PolicyRefInput } from "./policy.js";
import type { CorrelationEntry, DestinationRef, EntityRef, PrivacyClass, SourceRef } from "./refs.js";
import type { WideInteger } from "./wide-integer.js";

/** Everything about an event but its payload: what filters match on. */
export interface EventEnvelope {
  /** The version of the envelope: 1. */
  schema_version: number;
  /** The id of the event. */
  event_id: string;
  /** The event's place on its bus, from 1; the bus assigns it (REFERENCE 35). */
  event_seq: WideInteger;
  /** What the event is about. */
  event_family: EventFamily;
  /** The exact kind of the event. */
  event_kind: EventKind;
  /** The version of the payload: 1. */
  payload_schema_version: number;
  /** When it happened, in RFC 3339 (DESIGN D11). */
  timestamp: string;
  /** When it was recorded, in RFC 3339; the same as `timestamp` in the pool's own events. */
  recorded_at: string;
  /** The run that the event belongs to; for a message, the sender's run (REFERENCE 17). */
  run_id: string;
  /** The agent that the event belongs to. */
  agent_id: string;
  /** The turn that the event belongs to. */
  turn_id?: string;
  /** The attempt that the event belongs to. */
  attempt_id?: string;
  /** The message that the event is about. */
  message_id?: string;
  /** The context item that the event is about. */
  context_item_id?: string;
  /** The trace it belongs to. */
  trace_id: string;
  /** The span it belongs to. */
  span_id: string;
  /** The event that this event is part of. */
  parent_event_id?: string;
  /** What caused the event. */
  caused_by?: CausalRef;
  /** What it is about. */
  subject_ref: EntityRef;
  /** The entities that it is related to. Left out when empty. */
  related_refs?: EntityRef[];
  /** Everything that led to the event. Left out when empty. */
  causal_refs?: CausalRef[];
  /** The correlation keys and values. */
  correlation: EventCorrelation;
  /** Tags to find it by. Left out when empty. */
  tags?: string[];
  /** Where it comes from. */
  source: SourceRef;
  /** Where it goes. For a message to a run it has the kind `agent` and the run's id. */
  destination?: DestinationRef;
  /** The policies that apply. Left out when empty. */
  policy_refs?: PolicyRef[];
  /** The cursor of its record in the journal. */
  journal_cursor?: string;
  /** The state before, in words. */
  state_before?: string;
  /** The state after, in words. */
  state_after?: string;
  /** How it was delivered. */
  delivery_semantics: EventDeliverySemantics;
  /** How openly it may be shown. */
  privacy: PrivacyClass;
  /** How much content was captured with it. */
  content_capture: ContentCaptureMode;
  /** The policy by which it was redacted; free text, not checked. */
  redaction_policy_id: string;
  /** The fingerprint of what the run was built from; free text, not checked. */
  runtime_package_fingerprint: string;
}

/** An {@link EventEnvelope} as it may be given. */
export interface EventEnvelopeInput extends Omit<Given<EventEnvelope>, "correlation" | "policy_refs"> {
  /** The correlation. Default: none. */
  readonly correlation?: EventCorrelationInput | undefined;
  /** The policies that apply. Default: none. */
  readonly policy_refs?: readonly PolicyRefInput[] | undefined;
}

/** A reference to something that led to an event. */
export interface CausalRef {
  /** The event that led to this one. */
  event_id?: string;
  /** The entity that the event was about. */
  subject_ref: EntityRef;
  /** How that event led to this one, in words. */
  reason?: string;
}

/** The correlation of messages and events. */
export interface EventCorrelation {
  /** Keys and values, in the order given. Left out when empty. */
  entries?: CorrelationEntry[];
}

/** An {@link EventCorrelation} as it may be given. */
export interface EventCorrelationInput {
  /** Keys and values. Default: none. */
  readonly entries?: readonly Readonly<CorrelationEntry>[] | undefined;
}

/** How an event was delivered. */
export type EventDeliverySemantics =
  /** While it happened, to whoever listened. */
  | "best_effort_live"
  /** After its record was in the journal. All of the pool's events are. */
  | "journal_backed"
  /** Derived again from the journal. */
  | "derived_replay"
  /** For diagnosis only. */
  | "diagnostic_only";

/** How much content was captured with an event. Of the pool's events: `off`. */
export type ContentCaptureMode = "off" | "metadata_only" | "redacted_summary" | "payload_refs" | "raw_content";
