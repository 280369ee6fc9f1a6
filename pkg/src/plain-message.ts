import type { OptionalMembers } from "./optional-members.js";
import type { MessageReceipt, MessageStatus } from "./types/message.js";

/** A kind of target, and how a target of this kind is written. */
export interface TargetKind {
  /** The number of the kind in the core. */
  readonly number: number;
  /** The name of the kind in an address, and the name of the id's member there. */
  readonly type: "run" | "agent" | "topic" | "pool";
  readonly idName: string;
  /** The kinds of reference. A run's destination is of the kind `agent`. */
  readonly destination: "agent" | "topic" | "agent_pool";
  readonly entity: "run" | "agent" | "topic" | "agent_pool";
}

const NOBODY: readonly string[] = [];

/** A copy of the list, for the host to change. Most lists have one entry; for these V8 need not call `slice`. */
export function copyOf(receivers: readonly string[]): string[] {
  return receivers.length === 1 ? [receivers[0]!] : receivers.slice();
}

/** The statuses that a message takes on by being sent. */
export type SendStatus = "accepted" | "delivered" | "failed";

/**
 * A message to a simple address, as most are, while it is being sent.
 *
 * Its texts cross to the core as they are. Its records and events are made on this side; the core provides what varies
 * in them.
 */
export class PlainMessage {
  readonly poolId: string;
  /**
   * The id that was given; empty if it was left out, and so with the key. An id or key that was left out has the text
   * of the other; if both were, the core makes one up.
   */
  readonly givenId: string;
  readonly givenKey: string;
  messageId: string;
  idempotencyKey: string;
  readonly from: string;
  readonly targetKind: TargetKind;
  readonly targetId: string;
  readonly contentRef: string;
  /** Its optional members, as JSON for the core. */
  readonly optionalText: string | undefined;
  /** Those of them that its records and events show, once the core has read them. */
  optional: OptionalMembers | undefined = undefined;
  /** A number for the kind of its target and for which of these members it has: messages of one form share templates. */
  form: number;
  /** The sender's agent and the receivers: known from the first record on. */
  agentId = "";
  receivers: readonly string[] = NOBODY;
  /** The texts that its JSON is put together from (message-texts.ts), once JSON was needed. */
  texts: string[] | undefined = undefined;
  /** The cursor of its record `accepted`, and the cursor of its latest record, whatever its status. */
  #acceptedCursor = "";
  #cursor = "";

  constructor(
    poolId: string,
    id: string,
    key: string,
    from: string,
    kind: TargetKind,
    target: string,
    content: string,
    optionalText?: string,
  ) {
    this.poolId = poolId;
    this.givenId = id;
    this.givenKey = key;
    this.messageId = id === "" ? key : id;
    this.idempotencyKey = key === "" ? id : key;
    this.from = from;
    this.targetKind = kind;
    this.targetId = target;
    this.contentRef = content;
    this.optionalText = optionalText;
    this.form = kind.number;
  }

  /** Sets the id that the core made up. It is the key too. */
  named(id: string): void {
    this.messageId = this.idempotencyKey = id;
  }

  /** Sets the optional members that its records and events show. */
  described(optional: OptionalMembers): void {
    this.optional = optional;
    optional.texts.forEach((text, index) => {
      if (text !== "") this.form += 4 << index;
    });
  }

  /** Sets the sender's agent and the receivers, as the core names them. */
  addressed(agentId: string, receivers: readonly string[]): void {
    this.agentId = agentId;
    this.receivers = receivers;
  }

  /** The journal has taken a record of the message. */
  recorded(status: SendStatus, cursor: string): void {
    if (status === "accepted") this.#acceptedCursor = cursor;
    this.#cursor = cursor;
  }

  /** The cursor of the message's record of that status, which must exist. */
  cursorOf(status: SendStatus): string {
    return status === "accepted" ? this.#acceptedCursor : this.#cursor;
  }

  /** The receipt for that status. Its cursor is that of the latest record unless another one is given. */
  receiptOf(status: MessageStatus, journal_cursor = this.#cursor): MessageReceipt {
    const { messageId: message_id, receivers } = this;
    if (receivers.length === 0) return { message_id, status, journal_cursor };
    return { message_id, status, delivered_to: copyOf(receivers), journal_cursor };
  }
}
