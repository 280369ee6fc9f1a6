import type {
  AgentPoolErrorIds,
  EventFrame,
  JournalRecord,
  MessageStatus,
  RetryClassification,
  WakeRegistrationStatus,
} from "agent-pool";

/** Everything the page shows. The session makes a new model after every change; each view renders a part of it. */
export interface Model {
  readonly members: readonly Member[];
  readonly wakes: readonly Wake[];
  readonly journal: readonly JournalLine[];
  readonly events: readonly EventFrame[];
  readonly outcome: Outcome | undefined;
  /** The id of the latest message, which can be sent again. */
  readonly sent: string | undefined;
}

/** A run in the pool. */
export interface Member {
  readonly runId: string;
  readonly agentId: string;
  readonly topics: readonly string[];
  /** The ids of the policies it holds. */
  readonly policies: readonly string[];
  /** Whether one of its wakes is registered. */
  readonly isWaiting: boolean;
  /** Whether the time of one of its wakes is over, though the status of the wake does not say so yet. */
  readonly isOverdue: boolean;
  /** Whether the latest message reached it. */
  readonly isReached: boolean;
}

/** A wake condition and its status. */
export interface Wake {
  readonly conditionId: string;
  readonly runId: string;
  readonly waitsFor: string;
  readonly status: WakeRegistrationStatus;
  /** Whether its time is over. The pool has no timers, so the status may not say so yet. */
  readonly isOverdue: boolean;
  /** What ended the wait, in words. */
  readonly wokenBy: string | undefined;
}

/** A record in the journal, with its event once that has been published. */
export interface JournalLine {
  readonly cursor: string;
  readonly record: JournalRecord;
  readonly frame: EventFrame | undefined;
}

/** The outcome of the latest operation, and the reasons for it. */
export interface Outcome {
  /** The method that was called. */
  readonly call: string;
  /** The arguments of the call. */
  readonly given: readonly unknown[];
  readonly verdict: Verdict;
  /** For a message: whom it reached, whom it did not reach, and why. */
  readonly reach: readonly Reach[];
  /** The records that it made. */
  readonly lines: readonly JournalLine[];
}

/** How an operation ended: with an answer or with an error. */
export type Verdict =
  | { readonly kind: "answer"; readonly status: Status; readonly summary: string }
  | { readonly kind: "error"; readonly error: Failure };

/** A word for a status. */
export type Status = MessageStatus | WakeRegistrationStatus | "overdue" | "joined" | "left";

/** An error of the pool, or a fault of the page. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** The ids that it is about. */
  readonly ids: AgentPoolErrorIds;
  readonly retry: RetryClassification;
  /** What a port threw. */
  readonly cause: string | undefined;
}

/** Whether a message reached a member, and why. */
export interface Reach {
  readonly runId: string;
  readonly isReached: boolean;
  readonly reason: string;
}

/** Which kind of address a message goes to. */
export type AddressKind = "run" | "agent" | "topic" | "pool";

/** A message as the form gives it. */
export interface MessageDraft {
  readonly from: string;
  readonly kind: AddressKind;
  readonly to: string;
  readonly contentRef: string;
  /** The ids of the policies that its receivers must hold. */
  readonly policies: readonly string[];
}

/** A member as the form gives it. */
export interface MemberDraft {
  readonly runId: string;
  readonly agentId: string;
  readonly topics: readonly string[];
  readonly policies: readonly string[];
}

/** The events that the form lets a run wait for. */
export type AwaitedKind =
  "run_message_delivered" | "run_message_failed" | "agent_pool_run_joined" | "agent_pool_run_left";

/** A wake as the form gives it. */
export interface WakeDraft {
  readonly runId: string;
  readonly kind: AwaitedKind;
  /** The run whose event is awaited; any run if left out. */
  readonly of: string | undefined;
  /** The timeout; none if left out. */
  readonly timeoutSeconds: number | undefined;
}

/** Which events the page subscribes to. */
export type EventChoice = "all" | "messages" | "members" | "wakes";
