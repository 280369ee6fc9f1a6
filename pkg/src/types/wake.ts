import type { EventFilter, EventFilterInput } from "./filter.js";
import type { PolicyRef, PolicyRefInput } from "./policy.js";
import type { WideInteger } from "./wide-integer.js";

/** What a suspended run waits for. */
export interface WakeCondition {
  /** Names the condition. */
  condition_id: string;
  /** The run that waits. */
  run_id: string;
  /** The events it waits for, before the filter is cut down to what the run may see. */
  filter: EventFilter;
  /** After how many milliseconds it waits no longer. */
  timeout_millis?: WideInteger;
  /** What the run wants to be told when it resumes; only stored (REFERENCE 27). */
  resume_with: ResumeInputPolicy;
  /** Recognises a repeated call. */
  idempotency_key: string;
  /** The policies that apply. Left out when empty. */
  policy_refs?: PolicyRef[];
}

/**
 * A {@link WakeCondition} as it may be given.
 *
 * Of `condition_id` and `idempotency_key`, one that is left out is the other one's text. With both left out every call
 * is a condition of its own.
 */
export interface WakeConditionInput {
  /** Names the condition. Default: the idempotency key, or drawn from the pool's ids. */
  readonly condition_id?: string | undefined;
  /** The run that waits. Default: the run that is suspended; another one is an error. */
  readonly run_id?: string | undefined;
  /**
   * The events it waits for, of the runs that are members when it is registered (REFERENCE 22). Default: any. For its mail a
   * run filters on the senders (REFERENCE 17).
   */
  readonly filter?: EventFilterInput | undefined;
  /** After how many milliseconds it waits no longer. Default: never. */
  readonly timeout_millis?: WideInteger | undefined;
  /** What the run wants to be told when it resumes. Default: `matching_event_refs`. */
  readonly resume_with?: ResumeInputPolicy | undefined;
  /** Recognises a repeated call. Default: the condition id. */
  readonly idempotency_key?: string | undefined;
  /** The policies that apply. Default: none. */
  readonly policy_refs?: readonly PolicyRefInput[] | undefined;
}

/** What a run wants to be told when it resumes. */
export type ResumeInputPolicy =
  /** References to the events that woke it. */
  | "matching_event_refs"
  /** What may be said of them in public. */
  | "redacted_summary"
  /** Nothing. */
  | "none";

/** How a wake condition stands. */
export interface WakeRegistration {
  /** The condition. */
  condition_id: string;
  /** The run that waits. */
  run_id: string;
  /** How it stands. */
  status: WakeRegistrationStatus;
  /** The place of the status' record in the journal. */
  journal_cursor?: string;
}

/** How a wake condition stands. */
export type WakeRegistrationStatus =
  /** The run waits. */
  | "registered"
  /** What it waited for happened. */
  | "triggered"
  /** It waited long enough. */
  | "timed_out"
  /** It waits no longer. */
  | "cancelled"
  /** It cannot be waited for. The pool never says so (REFERENCE, "Errors"). */
  | "failed";
