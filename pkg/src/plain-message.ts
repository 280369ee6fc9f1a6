import type { RunAddressInput } from "./types/address.js";
import type { MessageReceipt, MessageStatus, RunMessageInput } from "./types/message.js";

/** Longer ids make derived ids that hold a digest in their place (DESIGN D5). */
const LONGEST_MESSAGE_ID = 493;
/** In characters, of up to three bytes each. */
const LONGEST_POOL_ID = 150;


/** A kind of target, and what is written of one. */
export interface TargetKind {
  /** Its number in the core. */
  readonly number: number;
  /** What it is called in an address, and the name that its id has there. */
  readonly type: "run" | "agent" | "topic" | "pool";
  readonly idName: string;
  /** A run is addressed as an agent. */
  readonly destination: "agent" | "topic" | "agent_pool";
  readonly entity: "run" | "agent" | "topic" | "agent_pool";
}

const RUN: TargetKind = { number: 0, type: "run", idName: "run_id", destination: "agent", entity: "run" };
const AGENT: TargetKind = { number: 1, type: "agent", idName: "agent_id", destination: "agent", entity: "agent" };
const TOPIC: TargetKind = { number: 2, type: "topic", idName: "topic_id", destination: "topic", entity: "topic" };
const POOL: TargetKind = { number: 3, type: "pool", idName: "pool_id", destination: "agent_pool", entity: "agent_pool" };
const KINDS: ReadonlyMap<unknown, TargetKind> = /* @__PURE__ */ new Map(
  [RUN, AGENT, TOPIC, POOL].map((kind) => [kind.type, kind]),
);

const NOBODY: readonly string[] = [];

/** What becomes of a message by being sent. */
export type SendStatus = "accepted" | "delivered" | "failed";

/**
 * A message with nothing optional, as most are, while it is being sent.
 *
 * Its texts cross to the core as they are, and what its records and events say is made here: the core tells the rest.
 */
export class PlainMessage {
  readonly poolId: string;
  /** Empty if it was left out, as is the key: it is then the other one's text. */
  readonly givenId: string;
  readonly givenKey: string;
  readonly messageId: string;
  readonly idempotencyKey: string;
  readonly from: string;
  readonly targetKind: TargetKind;
  readonly targetId: string;
  readonly contentRef: string;
  /** The sender's agent, and who is to have it: from the first record on. */
  agentId = "";
  receivers: readonly string[] = NOBODY;
  /** What its JSON texts are put together from (message-texts.ts), once there is one. */
  texts: string[] | undefined = undefined;
  /** The place of its record `accepted` in the journal, and that of the last one, whichever it is. */
  #acceptedCursor = "";
  #cursor = "";

  constructor(poolId: string, id: string, key: string, from: string, kind: TargetKind, target: string, content: string) {
    this.poolId = poolId;
    this.givenId = id;
    this.givenKey = key;
    this.messageId = id === "" ? key : id;
    this.idempotencyKey = key === "" ? id : key;
    this.from = from;
    this.targetKind = kind;
    this.targetId = target;
    this.contentRef = content;
  }

  /** The core tells whose it is and whom it is for. */
  addressed(agentId: string, receivers: readonly string[]): void {
    this.agentId = agentId;
    this.receivers = receivers;
  }

  /** The journal has a record of it. */
  recorded(status: SendStatus, cursor: string): void {
    if (status === "accepted") this.#acceptedCursor = cursor;
    this.#cursor = cursor;
  }

  /** The place of its record of that status, which it has. */
  cursorOf(status: SendStatus): string {
    return status === "accepted" ? this.#acceptedCursor : this.#cursor;
  }

  /** The receipt that it has that status; by its last record unless another is told. */
  receiptOf(status: MessageStatus, journal_cursor = this.#cursor): MessageReceipt {
    const { messageId: message_id, receivers } = this;
    if (receivers.length === 0) return { message_id, status, journal_cursor };
    return { message_id, status, delivered_to: receivers.slice(), journal_cursor };
  }
}

/**
 * A message as one with nothing optional; `undefined` if it is another, or none, which the core is to say.
 *
 * What is plain here has to be the same to `encode` and the core. So it is looked at as they look at it: of an object its
 * own members count, all of them, and each is read once, since a getter may say something else the next time.
 */
export function plainMessage(poolId: string, given: RunMessageInput): PlainMessage | undefined {
  try {
    return poolId.length > LONGEST_POOL_ID ? undefined : read(poolId, given);
  } catch {
    // A getter threw, or something is no object.
    return undefined;
  }
}

function read(poolId: string, given: RunMessageInput): PlainMessage | undefined {
  const message = { ...object(given) };
  const { message_id: id, idempotency_key: key, from, content_ref: content, correlation } = message;
  if (typeof from !== "string" || typeof content !== "string" || !mayBeId(id) || !mayBeId(key)) return undefined;
  // With neither, the core makes up both.
  if (id === undefined && key === undefined) return undefined;
  // Each of the optional ones, and three that are there or are missed below.
  const known = 3 + Number(id !== undefined) + Number(key !== undefined) + Number(correlation !== undefined);
  if (!has(message, known) || (correlation !== undefined && !has(object(correlation), 0))) return undefined;
  const to = { ...object(message.to) };
  const target = targetOf(to);
  return target && isAsMade(to, target)
    ? new PlainMessage(poolId, id ?? "", key ?? "", from, target.kind, target.id, content)
    : undefined;
}

/** Whether this is left out, or a text from which ids can be derived. */
function mayBeId(id: unknown): boolean {
  return id === undefined || (typeof id === "string" && id !== "" && id.length <= LONGEST_MESSAGE_ID);
}

/**
 * An object, of which the caller is to make a copy: V8 is quick at that where it meets objects of few shapes. What is no
 * object, or a list, fails.
 */
function object<Given>(given: Given): NonNullable<Given> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw TypeError();
  return given;
}

/** Whether an object has so many members. */
function has(object: unknown, members: number): boolean {
  return Object.keys(object as object).length === members;
}

interface Target {
  readonly kind: TargetKind;
  readonly id: string;
}

/** The target, if there is one; whether it is the only one is not looked at. */
function targetOf(to: RunAddressInput): Target | undefined {
  let kind: TargetKind | undefined;
  let id: unknown;
  if (to.target === undefined) {
    kind = to.run !== undefined ? RUN : to.agent !== undefined ? AGENT : to.topic !== undefined ? TOPIC : POOL;
    id = to[kind.type];
  } else {
    const target: Readonly<Record<string, unknown>> = { ...object(to.target) };
    kind = has(target, 2) ? KINDS.get(target["type"]) : undefined;
    id = kind && target[kind.idName];
  }
  return kind !== undefined && typeof id === "string" ? { kind, id } : undefined;
}

/** Whether an address has that target alone, and otherwise what the core makes of it, if anything. */
function isAsMade(to: RunAddressInput, { kind, id }: Target): boolean {
  if (has(to, 1)) return true;
  if (!has(to, 3) || !Array.isArray(to.related_refs) || to.related_refs.length !== 1) return false;
  const destination = { ...object(to.destination_ref) };
  const related = { ...object(to.related_refs[0]) };
  return (
    destination.kind === kind.destination &&
    destination.id === id &&
    destination.privacy === "content_refs_only" &&
    destination.retention === "host_policy" &&
    has(destination, 4) &&
    related.kind === kind.entity &&
    related.id === id &&
    related.privacy === "content_refs_only" &&
    has(related, 3)
  );
}
