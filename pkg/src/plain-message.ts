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
  /** A run is addressed as an agent. */
  readonly destination: "agent" | "topic" | "agent_pool";
  readonly entity: "run" | "agent" | "topic" | "agent_pool";
}

const RUN: TargetKind = { number: 0, destination: "agent", entity: "run" };
const AGENT: TargetKind = { number: 1, destination: "agent", entity: "agent" };
const TOPIC: TargetKind = { number: 2, destination: "topic", entity: "topic" };
const POOL: TargetKind = { number: 3, destination: "agent_pool", entity: "agent_pool" };

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
  /** The sender's agent: from the first record on, as the receivers. */
  agentId = "";
  receivers: string[] = [];
  /** The place of its record `accepted` in the journal, and that of the last one, whichever it is. */
  acceptedCursor = "";
  cursor = "";

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

  /** The journal has a record of it. */
  recorded(status: SendStatus, cursor: string): void {
    if (status === "accepted") this.acceptedCursor = cursor;
    this.cursor = cursor;
  }

  /** The receipt that it has that status, by its last record. */
  receiptOf(status: MessageStatus): MessageReceipt {
    const { messageId: message_id, receivers, cursor: journal_cursor } = this;
    if (receivers.length === 0) return { message_id, status, journal_cursor };
    return { message_id, status, delivered_to: receivers.slice(), journal_cursor };
  }
}

/** A message as one with nothing optional; `undefined` if it is another, or none, which the core is to say. */
export function plainMessage(poolId: string, given: RunMessageInput): PlainMessage | undefined {
  try {
    return read(poolId, given);
  } catch {
    // A getter threw, or it is no object.
    return undefined;
  }
}

function read(poolId: string, given: RunMessageInput): PlainMessage | undefined {
  const { message_id: id = "", idempotency_key: key = "", from, to, content_ref: content, correlation } = given;
  if (typeof id !== "string" || typeof key !== "string" || typeof from !== "string" || typeof content !== "string") {
    return undefined;
  }
  if (id.length > LONGEST_MESSAGE_ID || key.length > LONGEST_MESSAGE_ID) return undefined;
  if (poolId.length > LONGEST_POOL_ID) return undefined;
  // With neither, the core makes up both.
  let fields = 3;
  if (id !== "") fields += 1;
  if (key !== "") fields += 1;
  if (fields === 3) return undefined;
  if (correlation !== undefined) {
    if (typeof correlation !== "object" || correlation === null || hasOtherThan(correlation, 0)) return undefined;
    fields += 1;
  }
  if (hasOtherThan(given, fields)) return undefined;
  const kind = kindOf(to);
  if (kind === undefined) return undefined;
  const target = idOf(to, kind);
  if (typeof target !== "string" || !isAsMade(to, kind, target)) return undefined;
  return new PlainMessage(poolId, id, key, from, kind, target, content);
}

/** Whether an object has more or fewer members than that. */
function hasOtherThan(object: object, members: number): boolean {
  let counted = 0;
  for (const _ in object) counted += 1;
  return counted !== members;
}

function kindOf(to: RunAddressInput): TargetKind | undefined {
  switch (to.target?.type) {
    case "run":
      return RUN;
    case "agent":
      return AGENT;
    case "topic":
      return TOPIC;
    case "pool":
      return POOL;
    case undefined:
      if (to.run !== undefined) return RUN;
      if (to.agent !== undefined) return AGENT;
      return to.topic === undefined ? POOL : TOPIC;
    default:
      return undefined;
  }
}

function idOf({ target, run, agent, topic, pool }: RunAddressInput, kind: TargetKind): string | undefined {
  const { run_id, agent_id, topic_id, pool_id } = (target ?? {}) as { [Name in `${string}_id`]?: string };
  switch (kind) {
    case RUN:
      return target === undefined ? run : run_id;
    case AGENT:
      return target === undefined ? agent : agent_id;
    case TOPIC:
      return target === undefined ? topic : topic_id;
    default:
      return target === undefined ? pool : pool_id;
  }
}

/** Whether an address is what the core makes of its target. */
function isAsMade(to: RunAddressInput, { destination, entity }: TargetKind, id: string): boolean {
  const { target, destination_ref, related_refs } = to;
  if (target !== undefined && hasOtherThan(target, 2)) return false;
  if (destination_ref === undefined && related_refs === undefined) return !hasOtherThan(to, 1);
  const related = related_refs?.[0];
  return (
    destination_ref !== undefined &&
    related_refs?.length === 1 &&
    related !== undefined &&
    destination_ref.kind === destination &&
    destination_ref.id === id &&
    destination_ref.privacy === "content_refs_only" &&
    destination_ref.retention === "host_policy" &&
    related.kind === entity &&
    related.id === id &&
    related.privacy === "content_refs_only" &&
    !hasOtherThan(to, 3) &&
    !hasOtherThan(destination_ref, 4) &&
    !hasOtherThan(related, 3)
  );
}
