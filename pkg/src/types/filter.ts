import type { EventDeliverySemantics } from "./envelope.js";
import type { EventFamily, EventKind } from "./event-kind.js";
import type { DestinationKind, EntityKind, PrivacyClass, SourceKind } from "./refs.js";
import type { WideInteger } from "./wide-integer.js";

/** The events that a subscriber sees, or that a wake condition waits for. An event must satisfy every field. */
export interface EventFilter {
  /** The run that the event belongs to. For a message that is the *sender's* run (REFERENCE 17). */
  run_ids: EventFilterSet<string>;
  /** The agent that the event belongs to. */
  agent_ids: EventFilterSet<string>;
  /** The turn that the event belongs to; an event without a turn satisfies only `"any"`. */
  turn_ids: EventFilterSet<string>;
  /** What the event is about. */
  families: EventFilterSet<EventFamily>;
  /** The exact kind of the event. */
  kinds: EventFilterSet<EventKind>;
  /** The kind of the event's source. */
  source_kinds: EventFilterSet<SourceKind>;
  /** The kind of the event's destination; an event without one satisfies only `"any"`. */
  destination_kinds: EventFilterSet<DestinationKind>;
  /** The kind of the entity that the event is about. */
  subject_kinds: EventFilterSet<EntityKind>;
  /** The kinds of the entities that the event is related to; one of them suffices. */
  related_entity_kinds: EventFilterSet<EntityKind>;
  /** The correlation keys of the event; one of them suffices. */
  correlation_keys: EventFilterSet<string>;
  /** The tags of the event; one of them suffices. */
  tags: EventFilterSet<string>;
  /** How openly the event may be shown. */
  privacy_classes: EventFilterSet<PrivacyClass>;
  /** How the event was delivered. */
  delivery_semantics: EventFilterSet<EventDeliverySemantics>;
  /** Whether only events of a terminal kind match. */
  terminal_only: boolean;
  /** How much of the payload is asked for. It only affects the fingerprint (REFERENCE 33). */
  payload_access: PayloadAccessMode;
  /** How far a subscriber may fall behind. */
  queue: SubscriberQueueConfig;
}

/**
 * The values that a filter accepts for one field: any value, or one of a list. An empty list matches nothing. Order and
 * repetitions are part of the filter's fingerprint (REFERENCE 31).
 */
export type EventFilterSet<Entry> =
  | "any"
  | {
      /** The values that match. */
      include: Entry[];
    };

/** An {@link EventFilterSet} as it may be given: a plain array stands for `include`. At most 65,536 entries. */
export type EventFilterSetInput<Entry> =
  | "any"
  | readonly Entry[]
  | {
      /** The values that match. */
      readonly include: readonly Entry[];
    };

/** An {@link EventFilter} as it may be given. A filter without any field matches every event. */
export interface EventFilterInput {
  /** Not a field. TypeScript refuses a {@link CompiledEventFilter} because of it: give its `criteria` instead. */
  readonly criteria?: never;
  /** The run that the event belongs to. For a message that is the *sender's* run (REFERENCE 17). Default: any. */
  readonly run_ids?: EventFilterSetInput<string> | undefined;
  /** The agent that the event belongs to. Default: any. */
  readonly agent_ids?: EventFilterSetInput<string> | undefined;
  /** The turn that the event belongs to; an event without a turn satisfies only `"any"`. Default: any. */
  readonly turn_ids?: EventFilterSetInput<string> | undefined;
  /** What the event is about. Default: any. */
  readonly families?: EventFilterSetInput<EventFamily> | undefined;
  /** The exact kind of the event. Default: any. */
  readonly kinds?: EventFilterSetInput<EventKind> | undefined;
  /** The kind of the event's source. Default: any. */
  readonly source_kinds?: EventFilterSetInput<SourceKind> | undefined;
  /** The kind of the event's destination; an event without one satisfies only `"any"`. Default: any. */
  readonly destination_kinds?: EventFilterSetInput<DestinationKind> | undefined;
  /** The kind of the entity that the event is about. Default: any. */
  readonly subject_kinds?: EventFilterSetInput<EntityKind> | undefined;
  /** The kinds of the entities that the event is related to; one of them suffices. Default: any. */
  readonly related_entity_kinds?: EventFilterSetInput<EntityKind> | undefined;
  /** The correlation keys of the event; one of them suffices. Default: any. */
  readonly correlation_keys?: EventFilterSetInput<string> | undefined;
  /** The tags of the event; one of them suffices. Default: any. */
  readonly tags?: EventFilterSetInput<string> | undefined;
  /** How openly the event may be shown. Default: any. */
  readonly privacy_classes?: EventFilterSetInput<PrivacyClass> | undefined;
  /** How the event was delivered. Default: any. */
  readonly delivery_semantics?: EventFilterSetInput<EventDeliverySemantics> | undefined;
  /** Whether only events of a terminal kind match. Default: false. */
  readonly terminal_only?: boolean | undefined;
  /** How much of the payload is asked for. It only affects the fingerprint (REFERENCE 33). Default: `envelope_only`. */
  readonly payload_access?: PayloadAccessMode | undefined;
  /**
   * How far a subscriber may fall behind. Default: 64 frames, with 1 place reserved for terminal frames, under
   * `drop_non_terminal` (DESIGN D14).
   */
  readonly queue?: SubscriberQueueConfigInput | undefined;
}

/** How much of an event's payload a subscriber asks for. */
export type PayloadAccessMode =
  /** Only the envelope. */
  | "envelope_only"
  /** A summary that may be shown in public. */
  | "redacted_summary"
  /** References to the payload. */
  | "payload_refs"
  /** The full payload, where policies allow it. */
  | "full_payload_if_policy_allows";

/** How many frames a subscriber may fall behind, and which frames are dropped beyond that. */
export interface SubscriberQueueConfig {
  /** How many frames the queue holds; at least 1. */
  capacity: WideInteger;
  /**
   * How many of these places only terminal frames may take; at least 1. If it is not less than `capacity`, other frames
   * do not get through at all.
   */
  terminal_reserve: WideInteger;
  /** The frames that are dropped when the queue is full. */
  overflow: SubscriberOverflowPolicy;
}

/** A {@link SubscriberQueueConfig} as it may be given. */
export interface SubscriberQueueConfigInput {
  /** How many frames the queue holds; at least 1. With the default reserve, 1 is for a terminal frame. Default: 64. */
  readonly capacity?: WideInteger | undefined;
  /**
   * How many of these places only terminal frames may take; at least 1. If it is not less than `capacity`, other frames
   * do not get through at all. Default: 1.
   */
  readonly terminal_reserve?: WideInteger | undefined;
  /** The frames that are dropped when the queue is full. Default: `drop_non_terminal`. */
  readonly overflow?: SubscriberOverflowPolicy | undefined;
}

/** The frames that a full bounded stream drops. Terminal frames push out older frames all the same (REFERENCE 37). */
export type SubscriberOverflowPolicy =
  /** The newest frames that are not terminal. */
  | "drop_non_terminal"
  /** Progress frames first, oldest first. */
  | "drop_progress"
  /**
   * Progress frames are summed up, even with room to spare (REFERENCE 38). The notice of a summary counts all frames
   * that the summary stands for, itself included.
   */
  | "summarize_and_continue"
  /** Nothing: the publisher waits. Event streams refuse it. */
  | "backpressure_caller"
  /** All further frames: the stream is cut. */
  | "fail_subscriber";

/** A filter with its fingerprint, cut down to what its pool may see. */
export interface CompiledEventFilter {
  /** The id of the filter: `filter.` and the SHA-256 of its fingerprint's text, in hexadecimal. */
  filter_id: string;
  /** The filter's fingerprint: `sha256:` and the SHA-256 of its criteria. Equal criteria have equal fingerprints. */
  filter_fingerprint: string;
  /** The fields that the filter selects on: those that are not `"any"`. */
  indexed_fields: EventIndexField[];
  /** How much of the payload is asked for. */
  payload_access: PayloadAccessMode;
  /** How far a subscriber may fall behind. */
  queue: SubscriberQueueConfig;
  /** The filter as it was compiled. */
  criteria: EventFilter;
}

/** A field that a filter selects on. */
export type EventIndexField =
  | "run_id"
  | "agent_id"
  | "turn_id"
  | "event_family"
  | "event_kind"
  | "source"
  | "destination"
  | "subject_kind"
  | "related_entity_kind"
  | "correlation_key"
  | "tag"
  | "privacy"
  | "delivery_semantics";
