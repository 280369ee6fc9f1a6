import type { EventFilter, EventFilterInput } from "./filter.js";
import type { PolicyRef, PolicyRefInput } from "./policy.js";
import type { WideInteger } from "./wide-integer.js";

/** The condition that a suspended run waits for. */
export interface WakeCondition {
  /** The id of the condition. */
  condition_id: string;
  /** The run that waits. */
  run_id: string;
  /** The events that the run waits for, before the filter is cut down to what the run may see. */
  filter: EventFilter;
  /** The timeout: after how many milliseconds the run waits no longer. */
  timeout_millis?: WideInteger;
  /** What the run wants to receive when it resumes; only stored (REFERENCE 27). */
  resume_with: ResumeInputPolicy;
  /** The key by which a repeated call is recognised. */
  idempotency_key: string;
  /** Policies that the wake's events and records show. The pool checks none of them. Left out when empty. */
  policy_refs?: PolicyRef[];
}

/**
 * A {@link WakeCondition} as it may be given.
 *
 * If one of `condition_id` and `idempotency_key` is left out, it takes the text of the other. With both left out, every
 * call is a condition of its own.
 */
export interface WakeConditionInput {
  /** The id of the condition. Default: the idempotency key, or else an id drawn from the pool's source of ids. */
  readonly condition_id?: string | undefined;
  /** The run that waits. Default: the run that is suspended; naming another run is an error. */
  readonly run_id?: string | undefined;
  /**
   * The events that the run waits for, of the runs that are members when the wake is registered (REFERENCE 22).
   * Default: any. Events that the bus already has count as well, and a filter cannot name a message's receivers
   * (REFERENCE 17): to wait for one answer, have it carry a correlation key of its own, and wait for that.
   */
  readonly filter?: EventFilterInput | undefined;
  /** The timeout: after how many milliseconds the run waits no longer. Default: never. */
  readonly timeout_millis?: WideInteger | undefined;
  /** What the run wants to receive when it resumes. Default: `matching_event_refs`. */
  readonly resume_with?: ResumeInputPolicy | undefined;
  /** The key by which a repeated call is recognised. Default: the condition id. */
  readonly idempotency_key?: string | undefined;
  /** Policies that the wake's events and records show. The pool checks none of them. Default: none. */
  readonly policy_refs?: readonly PolicyRefInput[] | undefined;
}

/** What a run wants to receive when it resumes. */
export type ResumeInputPolicy =
  /** References to the events that woke it. */
  | "matching_event_refs"
  /** Summaries of those events that may be shown in public. */
  | "redacted_summary"
  /** Nothing. */
  | "none";

/** The status of a wake condition. */
export interface WakeRegistration {
  /** The condition. */
  condition_id: string;
  /** The run that waits. */
  run_id: string;
  /** The status. */
  status: WakeRegistrationStatus;
  /** The cursor of the status' record in the journal. */
  journal_cursor?: string;
}

/** The status of a wake condition. */
export type WakeRegistrationStatus =
  /** The run waits. */
  | "registered"
  /** The event that it waited for happened. */
  | "triggered"
  /** Its timeout fell due. */
  | "timed_out"
  /** The wake was cancelled. */
  | "cancelled"
  /** The condition cannot be waited for. The pool never uses this status (REFERENCE, "Errors"). */
  | "failed";
