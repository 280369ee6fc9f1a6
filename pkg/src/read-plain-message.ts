import { encode } from "./encode.js";
import { PlainMessage, type TargetKind } from "./plain-message.js";
import { LONGEST_ID } from "./scratch.js";
import type { RunAddressInput } from "./types/address.js";
import type { RunMessageInput } from "./types/message.js";
import type { DestinationRef } from "./types/refs.js";

// The ids that are derived from a longer id hold a digest in its place (DESIGN D5).
const LONGEST_MESSAGE_ID = LONGEST_ID - "effect.run_message.".length;
/**
 * In UTF-16 code units, each of which is up to three bytes of UTF-8. The rest of an event's id takes up to 38 bytes:
 * `event.agent_pool.` and a number.
 */
const LONGEST_POOL_ID = 150;

const RUN: TargetKind = { number: 0, type: "run", idName: "run_id", destination: "agent", entity: "run" };
const AGENT: TargetKind = { number: 1, type: "agent", idName: "agent_id", destination: "agent", entity: "agent" };
const TOPIC: TargetKind = { number: 2, type: "topic", idName: "topic_id", destination: "topic", entity: "topic" };
const POOL: TargetKind = { number: 3, type: "pool", idName: "pool_id", destination: "agent_pool", entity: "agent_pool" };
const KINDS: ReadonlyMap<unknown, TargetKind> = /* @__PURE__ */ new Map(
  [RUN, AGENT, TOPIC, POOL].map((kind) => [kind.type, kind]),
);

/**
 * Reads a message to a simple address. Returns `undefined` for any other message, and for a malformed one: reporting that
 * is the core's task.
 *
 * A message that is plain here must be equally plain to `encode` and to the core. So the object is read as they read
 * it: all its own members count, and each is read once, since a getter may return something else the next time.
 */
export function readPlainMessage(poolId: string, given: RunMessageInput): PlainMessage | undefined {
  try {
    return poolId.length > LONGEST_POOL_ID ? undefined : read(poolId, given);
  } catch {
    // A getter threw, or a value is not an object.
    return undefined;
  }
}

function read(poolId: string, given: RunMessageInput): PlainMessage | undefined {
  let id: unknown;
  let key: unknown;
  let from: unknown;
  let to: unknown;
  let content: unknown;
  let optional: Record<string, unknown> | undefined;
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
        // To assign it would set the prototype, and `encode` would not see it.
        if (name === "__proto__") return undefined;
        // A member that is `undefined` counts as left out, and so do a correlation without entries and what somebody has
        // added to `Object.prototype`.
        const value = Object.hasOwn(given, name) ? given[name as keyof RunMessageInput] : undefined;
        if (value !== undefined && !(name === "correlation" && isEmpty(value))) {
          (optional ??= {})[name] = value;
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

/** Whether this is left out, or a text from which ids can be derived. */
function mayBeId(id: unknown): boolean {
  return id === undefined || (typeof id === "string" && id !== "" && id.length <= LONGEST_MESSAGE_ID);
}

/**
 * Returns the object if a `for … in` loop visits its own members and none of a class; throws for anything else, and for
 * a list. V8 runs such a loop over objects of few shapes without making a list of their members.
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

/**
 * The target of an address, if it is the only one and the address has nothing else but what the core derives from it.
 */
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

/** The kind and the id of a target in its full form. */
function inFull(target: RunAddressInput["target"]): [TargetKind | undefined, unknown] {
  const members = own(target as TargetMembers);
  let type: unknown;
  let idName: string | undefined;
  let id: unknown;
  // The names are written out, since V8 looks up a member with a variable name anew each time.
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

/** Whether these members are what the core would derive from the target. */
function isAsMade({ kind, id }: Target, destination: unknown, related: unknown): boolean {
  if (!Array.isArray(related) || related.length !== 1) return false;
  return isRef(destination, kind.destination, id, "host_policy") && isRef(related[0], kind.entity, id, undefined);
}

/** Whether a reference is exactly as the core makes it. A destination also has a retention. */
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
