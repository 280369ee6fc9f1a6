import type { EventEnvelope, EventEnvelopeInput } from "./envelope.js";
import type { SubscriberOverflowPolicy } from "./filter.js";
import type { Given } from "./given.js";
import type { EntityRef } from "./refs.js";
import type { WideInteger } from "./wide-integer.js";

/** An event on a bus or in a stream. */
export interface EventFrame {
  /** The event. */
  event: AgentEvent;
  /** Where the frame is in its stream. */
  cursor: EventCursor;
  /** Where the event is in an archive. */
  archive_cursor?: ArchiveCursor;
  /** What was left out of the stream before this frame, or in it. */
  overflow?: EventOverflowNotice;
}

/** Something that happened. */
export interface AgentEvent {
  /** Everything about it but its payload. */
  envelope: EventEnvelope;
  /** What may be said of it. */
  payload: EventPayload;
}

/** What may be said of an event. Never content itself. */
export type EventPayload =
  | {
      /** Nothing. */
      mode: "envelope_only";
    }
  | {
      /** What may be said of it in public. */
      mode: "redacted_summary";
      /** A sentence. */
      redacted_summary: string;
      /** References to what it is about. Left out when empty. */
      payload_refs?: EntityRef[];
    };

/** Where a reader is in a stream: it has seen everything up to and including the event named here. */
export interface EventCursor {
  /** Which stream the cursor is of. */
  scope: EventStreamScope;
  /** The place of the event on its bus. */
  event_seq: WideInteger;
  /** The event; not compared (REFERENCE 31). */
  event_id: string;
  /** The place of the event's record in the journal. */
  journal_cursor?: string;
}

/** Which stream a cursor is of: everything on the bus, everything of one run or agent, or what satisfies a filter. */
export type EventStreamScope =
  | "all"
  | {
      /** The run. */
      run: string;
    }
  | {
      /** The agent. */
      agent: string;
    }
  | {
      /** What satisfies a filter. */
      filter: {
        /** Names the filter; not compared (REFERENCE 31). */
        filter_id: string;
        /** What the filter says, digested. */
        filter_fingerprint: string;
      };
    };

/** Where an event is in an archive. */
export interface ArchiveCursor {
  /** Which archive. */
  archive_id: string;
  /** Where in it, in the archive's own notation. */
  position: string;
  /** The event. */
  event_id?: string;
  /** Up to where the archive is complete, in its own notation. */
  watermark?: string;
}

/** Tells a reader that frames were left out of its stream (REFERENCE 36). */
export interface EventOverflowNotice {
  /** The policy by which they were left out. */
  policy: SubscriberOverflowPolicy;
  /** How many. Where the frame sums up progress, it counts itself. */
  dropped_count: number;
  /** The frame that was left out first. It may come after `gap_end`. */
  gap_start?: EventCursor;
  /** The frame that was left out last. */
  gap_end: EventCursor;
  /** From where in the journal the gap can be filled. */
  repair_from?: string;
  /** Whether none of them was terminal. */
  terminal_preserved: boolean;
  /** Why they were left out. */
  reason: EventOverflowReason;
}

/** Why frames were left out of a stream. */
export type EventOverflowReason =
  /** The queue was full. */
  | "subscriber_queue_full"
  /** The subscriber was too slow. */
  | "subscriber_lagged"
  /** The bus no longer had them. */
  | "live_buffer_expired"
  /** They only told progress. */
  | "policy_dropped_progress"
  /** They were not terminal. */
  | "policy_dropped_non_terminal";

/** An {@link EventFrame} as it may be given. */
export interface EventFrameInput extends Omit<Given<EventFrame>, "event"> {
  /** The event. */
  readonly event: AgentEventInput;
}

/** An {@link AgentEvent} as it may be given. */
export interface AgentEventInput {
  /** Everything about it but its payload. */
  readonly envelope: EventEnvelopeInput;
  /** What may be said of it. */
  readonly payload: Given<EventPayload>;
}
