import type { RunAddress, RunAddressInput } from "./address.js";
import type { EventCorrelation, EventCorrelationInput } from "./envelope.js";
import type { PolicyRef, PolicyRefInput } from "./policy.js";
import type { WideInteger } from "./wide-integer.js";

/** A message from one run to others. It carries a reference to its content, never the content. */
export interface RunMessage {
  /** Names the message. */
  message_id: string;
  /** The run that sends it. */
  from: string;
  /** To whom it goes. */
  to: RunAddress;
  /** Where its content is; the pool never looks at it. */
  content_ref: string;
  /** What it belongs together with. */
  correlation: EventCorrelation;
  /** The message it answers. */
  reply_to?: string;
  /** What answers it asks for; only stored (REFERENCE 16). */
  response_contract?: MessageResponseContract;
  /** When it is too late to deliver it, in Unix milliseconds. */
  expires_at_millis?: WideInteger;
  /** Recognises a repeated send. */
  idempotency_key: string;
  /** What it asks of its receivers. Left out when empty. */
  policy_refs?: PolicyRef[];
}

/**
 * A {@link RunMessage} as it may be given.
 *
 * Of `message_id` and `idempotency_key`, one that is left out is the other one's text, so that a retry that names
 * either is recognised. With both left out every call is a message of its own.
 */
export interface RunMessageInput {
  /** Names the message. Default: the idempotency key, or drawn from the pool's ids. */
  readonly message_id?: string | undefined;
  /** The run that sends it; it must be a member. */
  readonly from: string;
  /** To whom it goes. */
  readonly to: RunAddressInput;
  /** Where its content is. */
  readonly content_ref: string;
  /** What it belongs together with. Default: nothing. */
  readonly correlation?: EventCorrelationInput | undefined;
  /** The message it answers. */
  readonly reply_to?: string | undefined;
  /** What answers it asks for. */
  readonly response_contract?: MessageResponseContractInput | undefined;
  /**
   * When it is too late to deliver it, in Unix milliseconds: looked at when its turn begins, which with `appendBatch` is
   * before it waits for those of its sender. Default: never.
   */
  readonly expires_at_millis?: WideInteger | undefined;
  /** Recognises a repeated send. Default: the message id. */
  readonly idempotency_key?: string | undefined;
  /** What it asks of its receivers. Default: nothing. */
  readonly policy_refs?: readonly PolicyRefInput[] | undefined;
}

/** What answers a message asks for. */
export interface MessageResponseContract {
  /** How many. */
  expected_responses: number;
  /** Within how many milliseconds. */
  timeout_millis?: WideInteger;
}

/** A {@link MessageResponseContract} as it may be given. */
export interface MessageResponseContractInput {
  /** How many, up to 2^32-1. */
  readonly expected_responses: number | bigint;
  /** Within how many milliseconds. */
  readonly timeout_millis?: WideInteger | undefined;
}

/** What became of a message. */
export interface MessageReceipt {
  /** The message. */
  message_id: string;
  /** What became of it. */
  status: MessageStatus;
  /**
   * The runs that got it: of a send in byte order of their ids, of a recorded status as the host gave them. Left out when
   * empty.
   */
  delivered_to?: string[];
  /** The place of the status' record in the journal. */
  journal_cursor?: string;
}

/**
 * What became of a message. `accepted` may be followed by any other, `delivered` by those after it; these end it
 * (DESIGN D8).
 */
export type MessageStatus =
  /** It will be delivered. */
  | "accepted"
  /** Its receivers have it. */
  | "delivered"
  /** It was answered. */
  | "responded"
  /** It reached nobody, or could not be dealt with. */
  | "failed"
  /** It was not answered in time. */
  | "timed_out"
  /** It was too late to deliver it. */
  | "expired"
  /** It was called off. */
  | "cancelled";
