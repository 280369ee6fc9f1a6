import { encode } from "./encode.js";
import type { OptionalTexts } from "./optional-members.js";
import { LONGEST_ID } from "./scratch.js";
import type { RunAddressInput } from "./types/address.js";
import type { MessageReceipt, MessageStatus, RunMessageInput } from "./types/message.js";
import type { DestinationRef } from "./types/refs.js";

// Longer ids make derived ids that hold a digest in their place (DESIGN D5).
const LONGEST_MESSAGE_ID = LONGEST_ID - "effect.run_message.".length;
/**
 * In characters, of up to three bytes each. What ids of events have besides is 38 bytes: `event.agent_pool.` and a number.
 */
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

/** A list for a host to change. Most are of one, which V8 need not be called for. */
export function copyOf(receivers: readonly string[]): string[] {
  return receivers.length === 1 ? [receivers[0]!] : receivers.slice();
}

/** What becomes of a message by being sent. */
export type SendStatus = "accepted" | "delivered" | "failed";

/**
 * A message to a simple address, as most are, while it is being sent.
 *
 * Its texts cross to the core as they are, and what its records and events say is made here: the core tells the rest.
 */
export class PlainMessage {
  readonly poolId: string;
  /** Empty if it was left out, as is the key: it is then the other one's text, or the core makes it up. */
  readonly givenId: string;
  readonly givenKey: string;
  messageId: string;
  idempotencyKey: string;
  readonly from: string;
  readonly targetKind: TargetKind;
  readonly targetId: string;
  readonly contentRef: string;
  /** What it has besides, as JSON for the core. */
  readonly optionalText: string | undefined;
  /** What its records and events say of that, once the core has read it. */
  optional: OptionalTexts | undefined = undefined;
  /** Which of these there are, and the kind of its target: the texts of all such messages are alike. */
  form: number;
  /** The sender's agent, and who is to have it: from the first record on. */
  agentId = "";
  receivers: readonly string[] = NOBODY;
  /** What its JSON texts are put together from (message-texts.ts), once there is one. */
  texts: string[] | undefined = undefined;
  /** The place of its record `accepted` in the journal, and that of the last one, whichever it is. */
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

  /** The core has made up its id, which is its key too. */
  named(id: string): void {
    this.messageId = this.idempotencyKey = id;
  }

  /** The core has read what it has besides. */
  described(optional: OptionalTexts): void {
    this.optional = optional;
    optional.forEach((text, index) => {
      if (text !== "") this.form += 4 << index;
    });
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
    return { message_id, status, delivered_to: copyOf(receivers), journal_cursor };
  }
}

/**
 * A message that is to be held here while it is sent; `undefined` if it is another, or none, which the core is to say.
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
  let id: unknown;
  let key: unknown;
  let from: unknown;
  let to: unknown;
  let content: unknown;
  let optional: object | undefined;
  for (const name in own(given)) {
    switch (name) {
      case "message_id":
        if (!mayBeId((id = given.message_id))) return undefined;
        break;
      case "idempotency_key":
        if (!mayBeId((key = given.idempotency_key))) return undefined;
        break;
      case "from":
        from = given.from;
        break;
      case "to":
        to = given.to;
        break;
      case "content_ref":
        content = given.content_ref;
        break;
      default: {
        const value = given[name as keyof RunMessageInput];
        if (value !== undefined && !(name === "correlation" && isEmpty(value))) {
          optional = { ...optional, [name]: value };
        }
      }
    }
  }
  if (typeof from !== "string" || typeof content !== "string") return undefined;
  const target = targetOf(to as RunAddressInput);
  if (target === undefined) return undefined;
  const optionalText = optional && encode(optional, "message");
  return new PlainMessage(
    poolId,
    (id ?? "") as string,
    (key ?? "") as string,
    from,
    target.kind,
    target.id,
    content,
    optionalText,
  );
}

/** Whether this is a text from which ids can be derived, or left out. */
function mayBeId(id: unknown): boolean {
  return id === undefined || (typeof id === "string" && id !== "" && id.length <= LONGEST_MESSAGE_ID);
}

/**
 * An object whose members are its own, for `for` to go through; what is none, or a list, fails. V8 goes through the members
 * of objects of few shapes without making a list of them.
 */
function own<Given>(given: Given): NonNullable<Given> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw TypeError();
  const prototype: unknown = Object.getPrototypeOf(given);
  if (prototype !== Object.prototype && prototype !== null) throw TypeError();
  return given;
}

function isEmpty(given: unknown): boolean {
  for (const _ in own(given)) return false;
  return true;
}

interface Target {
  readonly kind: TargetKind;
  readonly id: string;
}

/** The target of an address, if it has no other and beside it nothing but what the core makes of it. */
function targetOf(to: RunAddressInput): Target | undefined {
  let kind: TargetKind | undefined;
  let id: unknown;
  let destination: unknown;
  let related: unknown;
  for (const name in own(to)) {
    switch (name) {
      case "destination_ref":
        destination = to.destination_ref;
        break;
      case "related_refs":
        related = to.related_refs;
        break;
      case "target":
      case "run":
      case "agent":
      case "topic":
      case "pool":
        if (kind !== undefined) return undefined;
        if (name !== "target") [kind, id] = [KINDS.get(name), to[name]];
        else [kind, id] = inFull(to.target);
        if (kind === undefined || typeof id !== "string") return undefined;
        break;
      default:
        return undefined;
    }
  }
  if (kind === undefined) return undefined;
  const target = { kind, id: id as string };
  const isMade = destination === undefined ? related === undefined : isAsMade(target, destination, related);
  return isMade ? target : undefined;
}

type TargetMembers = Readonly<Partial<Record<"type" | "run_id" | "agent_id" | "topic_id" | "pool_id", unknown>>>;

/** The kind of a target in full, and its id. */
function inFull(target: RunAddressInput["target"]): [TargetKind | undefined, unknown] {
  const members = own(target as TargetMembers);
  let type: unknown;
  let idName: string | undefined;
  let id: unknown;
  // Read by names that are written out, for V8 looks up any others anew.
  for (const name in members) {
    if (name === "type") {
      type = members.type;
      continue;
    }
    if (idName !== undefined) return [undefined, undefined];
    idName = name;
    if (name === "run_id") id = members.run_id;
    else if (name === "agent_id") id = members.agent_id;
    else if (name === "topic_id") id = members.topic_id;
    else id = members.pool_id;
  }
  const kind = KINDS.get(type);
  return [kind?.idName === idName ? kind : undefined, id];
}

/** Whether these are what the core makes of a target. */
function isAsMade({ kind, id }: Target, destination: unknown, related: unknown): boolean {
  if (!Array.isArray(related) || related.length !== 1) return false;
  return isRef(destination, kind.destination, id, "host_policy") && isRef(related[0], kind.entity, id, undefined);
}

/** Whether a reference is as the core makes it: with a retention if it is a destination, and nothing more. */
function isRef(ref: unknown, kind: string, id: string, retention: string | undefined): boolean {
  let missing = retention === undefined ? 3 : 4;
  const given = own(ref as Partial<DestinationRef>);
  for (const name in given) {
    missing -= 1;
    if (name === "kind" && given.kind === kind) continue;
    if (name === "id" && given.id === id) continue;
    if (name === "privacy" && given.privacy === "content_refs_only") continue;
    if (name === "retention" && retention !== undefined && given.retention === retention) continue;
    return false;
  }
  return missing === 0;
}
