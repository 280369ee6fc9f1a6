import type { RunAddress, RunAddressInput } from "./address.js";
import type { EventCorrelation, EventCorrelationInput } from "./envelope.js";
import type { PolicyRef, PolicyRefInput } from "./policy.js";
import type { WideInteger } from "./wide-integer.js";

/** A message from one run to others. It carries a reference to its content, never the content. */
export interface RunMessage {
  /** The id of the message. */
  message_id: string;
  /** The run that sends it. */
  from: string;
  /** The address. */
  to: RunAddress;
  /** The reference to its content; the pool never looks at it. */
  content_ref: string;
  /** The correlation keys and values. */
  correlation: EventCorrelation;
  /** The message that it replies to. */
  reply_to?: string;
  /** The replies that it asks for; only stored (REFERENCE 16). */
  response_contract?: MessageResponseContract;
  /** The time from which it is too late to deliver the message, in Unix milliseconds. */
  expires_at_millis?: WideInteger;
  /** The key by which a repeated send is recognised. */
  idempotency_key: string;
  /** The policies that its receivers must hold. Left out when empty. */
  policy_refs?: PolicyRef[];
}

/**
 * A {@link RunMessage} as it may be given.
 *
 * If one of `message_id` and `idempotency_key` is left out, it takes the text of the other, so that a retry that names
 * either is recognised. With both left out, every call is a message of its own.
 */
export interface RunMessageInput {
  /** The id of the message. Default: the idempotency key, or else an id drawn from the pool's source of ids. */
  readonly message_id?: string | undefined;
  /** The run that sends it; it must be a member. */
  readonly from: string;
  /** The address. */
  readonly to: RunAddressInput;
  /** The reference to its content. */
  readonly content_ref: string;
  /** The correlation. Default: none. */
  readonly correlation?: EventCorrelationInput | undefined;
  /** The message that it replies to. */
  readonly reply_to?: string | undefined;
  /** The replies that it asks for. */
  readonly response_contract?: MessageResponseContractInput | undefined;
  /**
   * The time from which it is too late to deliver the message, in Unix milliseconds. It is checked when the message's
   * turn begins; with `appendBatch` that is before the message waits for others of its sender. Default: never.
   */
  readonly expires_at_millis?: WideInteger | undefined;
  /** The key by which a repeated send is recognised. Default: the message id. */
  readonly idempotency_key?: string | undefined;
  /** The policies that its receivers must hold. Default: none. */
  readonly policy_refs?: readonly PolicyRefInput[] | undefined;
}

/** The replies that a message asks for. */
export interface MessageResponseContract {
  /** The number of replies. */
  expected_responses: number;
  /** The time for the replies, in milliseconds. */
  timeout_millis?: WideInteger;
}

/** A {@link MessageResponseContract} as it may be given. */
export interface MessageResponseContractInput {
  /** The number of replies, up to 2^32-1. */
  readonly expected_responses: number | bigint;
  /** The time for the replies, in milliseconds. */
  readonly timeout_millis?: WideInteger | undefined;
}

/** What became of a message. */
export interface MessageReceipt {
  /** The message. */
  message_id: string;
  /** The status of the message. */
  status: MessageStatus;
  /**
   * The runs that got the message, or will get it if the status is `accepted`: for a send in byte order of their ids,
   * for a recorded status as the host gave them. Left out when empty.
   */
  delivered_to?: string[];
  /** The cursor of the status' record in the journal. */
  journal_cursor?: string;
}

/**
 * The status of a message. `accepted` may be followed by any other status, `delivered` by those listed after it; these
 * are final (DESIGN D8).
 */
export type MessageStatus =
  /** It will be delivered. */
  | "accepted"
  /** Its receivers have it. */
  | "delivered"
  /** It was answered. */
  | "responded"
  /** It reached nobody, or could not be processed. */
  | "failed"
  /** It was not answered in time. */
  | "timed_out"
  /** It was too late to deliver the message. */
  | "expired"
  /** It was cancelled. */
  | "cancelled";
