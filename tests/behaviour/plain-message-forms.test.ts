// Which messages may be sent as plain ones: only those that mean the same to the core.

import type { RunMessageInput } from "agent-pool";
import { describe, expect, it } from "vitest";

import { readPlainMessage } from "../../pkg/src/read-plain-message.js";
import { OUTLINE, anything, refusal, team } from "./support.js";

const POOL = "pool.team";
const TO = { target: { type: "run", run_id: "run.writer" } } as const;
const DESTINATION = { kind: "agent", id: "run.writer", privacy: "content_refs_only", retention: "host_policy" } as const;
const RELATED = { kind: "run", id: "run.writer", privacy: "content_refs_only" } as const;
const MADE = { ...TO, destination_ref: DESTINATION, related_refs: [RELATED] };

/** Optional members that are `undefined`, as from a program that passes on its own optional arguments. */
const UNDEFINED = {
  message_id: undefined,
  idempotency_key: undefined,
  correlation: undefined,
  reply_to: undefined,
  response_contract: undefined,
  expires_at_millis: undefined,
  policy_refs: undefined,
  unknown: undefined,
};

const isPlain = (message: unknown): boolean => readPlainMessage(POOL, anything(message)) !== undefined;

describe("a message is plain", () => {
  it.each<[string, RunMessageInput]>([
    ["with an id", OUTLINE],
    ["with a key in its place", { from: "run.planner", to: TO, content_ref: "content.a", idempotency_key: "key.a" }],
    ["with both", { ...OUTLINE, idempotency_key: "key.a" }],
    ["with neither", { from: "run.planner", to: TO, content_ref: "content.a" }],
    ["with an empty correlation", { ...OUTLINE, correlation: {} }],
    ["with its target in full", { ...OUTLINE, to: TO }],
    ["with the address that the core makes of the target", { ...OUTLINE, to: MADE }],
    ["with the members in another order", Object.fromEntries(Object.entries({ ...OUTLINE, to: MADE }).reverse()) as never],
    ["to an agent", { ...OUTLINE, to: { agent: "agent.writer" } }],
    ["to a topic", { ...OUTLINE, to: { target: { type: "topic", topic_id: "topic.drafts" } } }],
    ["to a pool", { ...OUTLINE, to: { pool: POOL } }],
    ["with the longest id from which others can be derived", { ...OUTLINE, message_id: "m".repeat(493) }],
    ["without a prototype", Object.assign(Object.create(null), OUTLINE)],
    ["frozen", Object.freeze({ ...OUTLINE, to: Object.freeze({ run: "run.writer" }) })],
    ["with members that are as good as left out", { ...OUTLINE, ...UNDEFINED }],
    ["that replies to another", { ...OUTLINE, reply_to: "message.a" }],
    ["that asks for responses", { ...OUTLINE, response_contract: { expected_responses: 1 } }],
    ["that expires", { ...OUTLINE, expires_at_millis: 5 }],
    ["that demands policies", { ...OUTLINE, policy_refs: ["policy.a"] }],
    ["that demands none", { ...OUTLINE, policy_refs: [] }],
    ["with a correlation", { ...OUTLINE, correlation: { entries: [{ key: "k", value: "v" }] } }],
    ["with a member that nobody knows", { ...OUTLINE, unknown: 1 } as never],
    ["with a symbol, which is no member", { ...OUTLINE, [Symbol("s")]: 1 } as never],
  ])("%s", (_, message) => {
    expect(isPlain(message)).toBe(true);
  });

  it("with id and key as they are to be recorded", () => {
    const both = readPlainMessage(POOL, { ...OUTLINE, message_id: "message.a", idempotency_key: "key.a" });
    expect(both).toMatchObject({ messageId: "message.a", idempotencyKey: "key.a" });
    const named = readPlainMessage(POOL, { ...OUTLINE, message_id: "message.a" });
    expect(named).toMatchObject({ messageId: "message.a", idempotencyKey: "message.a", givenKey: "" });
  });
});

describe("a message is left to the core", () => {
  const { message_id, from, to, content_ref } = OUTLINE;
  const inherited = { from: "run.planner" };
  /** Adds members that exist but that `encode` ignores. */
  const hidden = (object: object, members: object): object => {
    for (const [name, value] of Object.entries(members)) Object.defineProperty(object, name, { value });
    return object;
  };
  class Getters {
    get message_id(): string {
      return "message.of.the.class";
    }
  }
  const asFunction = (members: object): unknown => Object.assign(() => undefined, members);
  const asList = (members: object): unknown => Object.assign([], members);

  it.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a text", "message"],
    ["a list", asList(OUTLINE)],
    ["a function", asFunction(OUTLINE)],
    ["empty", {}],
  ])("that is %s", (_, message) => {
    expect(isPlain(message)).toBe(false);
  });

  it.each<[string, object]>([
    ["an empty id", { ...OUTLINE, message_id: "" }],
    ["an empty key", { ...OUTLINE, idempotency_key: "" }],
    ["an id of which derived ids hold a digest", { ...OUTLINE, message_id: "m".repeat(494) }],
    ["such a key", { ...OUTLINE, idempotency_key: "k".repeat(494) }],
    ["no sender", { message_id, to, content_ref }],
    ["no target", { message_id, from, content_ref }],
    ["no content", { message_id, from, to }],
    ["something else in the sender's place", { message_id, to, content_ref, unknown: 1 }],
    ["something that JSON cannot say", { ...OUTLINE, policy_refs: [Number.NaN] }],
    ["a number for an id", { ...OUTLINE, message_id: 5 }],
    ["null for a key", { ...OUTLINE, idempotency_key: null }],
    ["an object for a sender", { ...OUTLINE, from: new String("run.planner") }],
    ["null for a content", { ...OUTLINE, content_ref: null }],
    ["null for a correlation", { ...OUTLINE, correlation: null }],
    ["a list for a correlation", { ...OUTLINE, correlation: [] }],
    ["a function for a correlation", { ...OUTLINE, correlation: () => undefined }],
    ["an inherited sender", Object.assign(Object.create(inherited), { message_id, to, content_ref })],
    ["a hidden sender", hidden({ message_id, to, content_ref }, { from })],
    ["a class's id beside something else", Object.assign(new Getters(), { from, to, content_ref, reply_to: "message.a" })],
    ["a member that an assignment would make its prototype", { ...OUTLINE, ["__proto__"]: { reply_to: "message.a" } }],
    ["a hidden content", hidden({ message_id, from, to }, { content_ref })],
  ])("that has %s", (_, message) => {
    expect(isPlain(message)).toBe(false);
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["a text", "run.writer"],
    ["a list", asList({ run: "run.writer" })],
    ["a function", asFunction({ run: "run.writer" })],
    ["empty", {}],
    ["of two targets", { run: "run.writer", agent: "agent.writer" }],
    ["of a target twice", { ...TO, run: "run.writer" }],
    ["of a number", { run: 5 }],
    ["of a target that is missing", { target: undefined, run: "run.writer" }],
    ["of an inherited target", Object.create({ run: "run.writer" })],
    ["of a hidden target beside something else", hidden({ unknown: 1 }, { run: "run.writer" })],
    ["of something unknown", { ...TO, unknown: 1 }],
    ["of a target that is null", { target: null }],
    ["of a target that is a list", { target: asList(TO.target) }],
    ["of a target that is a list in disguise", { target: Object.setPrototypeOf(asList(TO.target), Object.prototype) }],
    ["of a target that is a function", { target: asFunction(TO.target) }],
    ["of an unknown kind", { target: { type: "team", team_id: "team.a" } }],
    ["of a kind that objects have", { target: { type: "constructor", constructor_id: "a" } }],
    ["of another kind's id", { target: { type: "run", agent_id: "agent.writer" } }],
    ["of a kind with two ids", { target: { ...TO.target, agent_id: "agent.writer" } }],
    ["of a kind with two ids, its own last", { target: { type: "run", agent_id: "agent.a", run_id: "run.writer" } }],
    ["of an inherited kind", { target: Object.assign(Object.create({ type: "run" }), { run_id: "a", unknown: 1 }) }],
  ])("whose address is %s", (_, to) => {
    expect(isPlain({ ...OUTLINE, to })).toBe(false);
  });

  it.each<[string, object]>([
    ["no related refs beside the destination", { related_refs: undefined }],
    ["no destination beside the related refs", { destination_ref: undefined }],
    ["no list of related refs", { related_refs: { 0: RELATED, length: 1 } }],
    ["an empty list of them", { related_refs: [] }],
    ["a list with a hole", { related_refs: Array(1) }],
    ["two of them", { related_refs: [RELATED, RELATED] }],
    ["another related id", { related_refs: [{ ...RELATED, id: "run.planner" }] }],
    ["another related kind", { related_refs: [{ ...RELATED, kind: "agent" }] }],
    ["another privacy of it", { related_refs: [{ ...RELATED, privacy: "secret" }] }],
    ["a related ref with more to it", { related_refs: [{ ...RELATED, version: "1" }] }],
    ["a related ref with less to it", { related_refs: [{ kind: "run", id: "run.writer" }] }],
    ["another destination", { destination_ref: { ...DESTINATION, id: "run.planner" } }],
    ["another kind of it", { destination_ref: { ...DESTINATION, kind: "host" } }],
    ["another privacy of that", { destination_ref: { ...DESTINATION, privacy: "secret" } }],
    ["another retention", { destination_ref: { ...DESTINATION, retention: "durable" } }],
    ["a destination with more to it", { destination_ref: { ...DESTINATION, version: "1" } }],
    ["an inherited destination", { destination_ref: Object.assign(Object.create(DESTINATION), { a: 1, b: 2, c: 3, d: 4 }) }],
  ])("whose address has %s", (_, members) => {
    expect(isPlain({ ...OUTLINE, to: { ...MADE, ...members } })).toBe(false);
  });

  it("where a getter throws, wherever that is, and it is the core's side that says so", async () => {
    const thrown = new Error("no");
    const throwing = {
      get type(): never {
        throw thrown;
      },
    };
    const message = anything({ ...OUTLINE, to: { target: throwing } });
    expect(isPlain(message)).toBe(false);
    const error = await refusal((await team()).send(message));
    expect(error).toMatchObject({ code: "invalid_input", message: "message.to.target.type: cannot be read", cause: thrown });
  });

  it("of a pool from whose id others may not be derived", () => {
    expect(readPlainMessage("\u65e5".repeat(150), OUTLINE)).toBeDefined();
    expect(readPlainMessage("p".repeat(151), OUTLINE)).toBeUndefined();
  });
});

it("a message with as many members as there may be is read in no more time than they take", () => {
  const unknown = Array.from({ length: 65_000 }, (_, number) => [`unknown_${number}`, number]);
  // If each were copied with all before it, the test would run out of time.
  expect(isPlain({ ...OUTLINE, ...Object.fromEntries(unknown) })).toBe(true);
});

it("what somebody has added to all objects is no member of a message", () => {
  const to: object = Object.assign(Object.create(null), { run: "run.writer" });
  const all = Object.prototype as { policy_refs?: unknown };
  all.policy_refs = ["policy.a"];
  try {
    const message = readPlainMessage(POOL, anything({ ...OUTLINE, to }));
    expect(message?.messageId).toBe(OUTLINE.message_id);
    expect(message?.optionalText).toBeUndefined();
  } finally {
    delete all.policy_refs;
  }
});

it("a plain message is read once, all through, whatever its getters say later", () => {
  const reads = new Map<string, number>();
  const counted = <Given extends object>(name: string, given: Given): Given =>
    new Proxy(given, {
      get: (target, member) => {
        const read = `${name}.${String(member)}`;
        reads.set(read, (reads.get(read) ?? 0) + 1);
        return Reflect.get(target, member);
      },
    });
  const message = counted("message", {
    ...OUTLINE,
    correlation: counted("correlation", {}),
    to: counted("to", {
      target: counted("target", TO.target),
      destination_ref: counted("destination", DESTINATION),
      related_refs: [counted("related", RELATED)],
    }),
  });
  expect(isPlain(message)).toBe(true);
  expect(new Set(reads.values())).toEqual(new Set([1]));
  expect(reads.size).toBe(5 + 3 + 2 + 4 + 3);
});
