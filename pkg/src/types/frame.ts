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
  /**
   * A notice of the frames that were left out of the stream before this frame, or that this frame stands for. On the
   * last frame of a stream, it may be about frames that would have come after it.
   */
  overflow?: EventOverflowNotice;
}

/** An event. */
export interface AgentEvent {
  /** The envelope: everything about the event but its payload. */
  envelope: EventEnvelope;
  /** The payload. */
  payload: EventPayload;
}

/** The payload of an event, which is never content itself. */
export type EventPayload =
  | {
      /** No payload. */
      mode: "envelope_only";
    }
  | {
      /** A summary that may be shown in public. */
      mode: "redacted_summary";
      /** A summary of one sentence. */
      redacted_summary: string;
      /** References to what it is about. Left out when empty. */
      payload_refs?: EntityRef[];
    };

/** The place of a reader in a stream: it has seen everything up to and including the event named here. */
export interface EventCursor {
  /** The stream that the cursor belongs to. */
  scope: EventStreamScope;
  /** The place of the event on its bus. */
  event_seq: WideInteger;
  /** The event; not compared (REFERENCE 31). */
  event_id: string;
  /** The cursor of the event's record in the journal. */
  journal_cursor?: string;
}

/** The stream of a cursor: everything on the bus, everything of one run or agent, or what matches a filter. */
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
      /** What matches a filter. */
      filter: {
        /** The id of the filter; not compared (REFERENCE 31). */
        filter_id: string;
        /** The filter's fingerprint. */
        filter_fingerprint: string;
      };
    };

/** The place of an event in an archive. */
export interface ArchiveCursor {
  /** The id of the archive. */
  archive_id: string;
  /** The place in the archive, in the archive's own notation. */
  position: string;
  /** The event. */
  event_id?: string;
  /** The place up to which the archive is complete, in its own notation. */
  watermark?: string;
}

/** A notice that frames were left out of a reader's stream (REFERENCE 36). */
export interface EventOverflowNotice {
  /** The policy by which the frames were left out. */
  policy: SubscriberOverflowPolicy;
  /**
   * The number of frames left out. A frame that sums up progress counts itself. Of the frames that `fail_subscriber` cuts
   * off, only the first is counted (REFERENCE 37).
   */
  dropped_count: number;
  /** The frame that was left out first. It may come after `gap_end`. */
  gap_start?: EventCursor;
  /** The frame that was left out last. */
  gap_end: EventCursor;
  /** The cursor in the journal from which the gap can be filled. */
  repair_from?: string;
  /** Whether none of the frames counted was terminal. */
  terminal_preserved: boolean;
  /** Why the frames were left out. */
  reason: EventOverflowReason;
}

/** Why frames were left out of a stream. */
export type EventOverflowReason =
  /** The queue was full. */
  | "subscriber_queue_full"
  /** The subscriber was too slow. */
  | "subscriber_lagged"
  /** The bus no longer had the frames. */
  | "live_buffer_expired"
  /** The frames only reported progress. */
  | "policy_dropped_progress"
  /** The frames were not terminal. */
  | "policy_dropped_non_terminal";

/** An {@link EventFrame} as it may be given. */
export interface EventFrameInput extends Omit<Given<EventFrame>, "event"> {
  /** The event. */
  readonly event: AgentEventInput;
}

/** An {@link AgentEvent} as it may be given. */
export interface AgentEventInput {
  /** The envelope: everything about the event but its payload. */
  readonly envelope: EventEnvelopeInput;
  /** The payload. */
  readonly payload: Given<EventPayload>;
}
