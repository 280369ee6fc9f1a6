import { AgentPool, type RunMessageInput } from "agent-pool";
import { beforeAll, describe, expect, it } from "vitest";

import { OUTLINE, anything, expectRefused, refusal, refusalWithoutTrace, team, toolCompleted } from "./support.js";

let pool: AgentPool;
beforeAll(async () => {
  pool = await team();
  await pool.send(OUTLINE);
});

describe("an id is refused by its place", () => {
  const ids: [string, unknown][] = [
    ["an empty text", ""],
    ["513 bytes", "x".repeat(513)],
    ["513 bytes of two each", `${"é".repeat(256)}x`],
    ["a line break", "a\nb"],
    ["a zero", "\0"],
    ["DEL", "\x7f"],
    ["a C1 control character", "a\x85"],
    ["a lone high surrogate", "a\ud800"],
    ["a lone low surrogate", "\udc00a"],
    ["a number", 5],
    ["null", null],
    ["an object", {}],
  ];
  it.each(ids)("that is %s", async (_, id) => {
    const bad = anything(id);
    await expectRefused(pool, () => pool.leaveRun(bad), "runId");
    await expectRefused(pool, () => pool.pollWake(bad), "conditionId");
    await expectRefused(pool, () => pool.cancelWake(bad), "conditionId");
    await expectRefused(pool, () => pool.joinRun({ run_id: bad, agent_id: "agent.x" }), "member.run_id");
    await expectRefused(
      pool,
      () => pool.joinRun({ run_id: "run.x", agent_id: "agent.x", topics: ["t", bad] }),
      "member.topics[1]",
    );
    await expectRefused(pool, () => pool.suspendUntil(bad, {}), "runId");
    await expectRefused(pool, () => pool.recordMessageStatus(OUTLINE, "responded", ["run.x", bad]), "deliveredTo[1]");
    await expectRefused(pool, () => pool.subscribe({ run_ids: ["run.x", bad] }).drain(), "filter.run_ids[1]");
    await expectRefused(pool, () => pool.send({ ...OUTLINE, to: { run: bad } }), "message.to.run");
    await expectRefused(
      pool,
      () => pool.send({ ...OUTLINE, to: { target: { type: "run", run_id: bad } } }),
      "message.to.target.run_id",
    );
    await expectRefused(pool, () => AgentPool.build({ poolId: bad }), "options.poolId");
  });

  it("but not for being long, or in any script", async () => {
    for (const id of ["x".repeat(512), "é".repeat(256), "🦀 crab", " ", 'a "quote"', "a \\ backslash"]) {
      await pool.joinRun({ run_id: id, agent_id: id, topics: [id] });
      expect(await pool.leaveRun(id)).toEqual({ run_id: id, agent_id: id, topics: [id] });
    }
  });
});

describe("a number is refused by its place", () => {
  it.each<[string, unknown]>([
    ["negative", -1],
    ["fractional", 1.5],
    ["above 2^53-1, and so perhaps not the one that was meant", 2 ** 53],
    ["not a number", NaN],
    ["infinite", Infinity],
    ["negative, as a bigint", -1n],
    ["above 2^64-1", 2n ** 64n],
    ["a text", "5"],
    ["true", true],
  ])("that is %s", async (_, number) => {
    const bad = anything(number);
    const fresh = { ...OUTLINE, message_id: "message.fresh" };
    await expectRefused(pool, () => pool.send({ ...fresh, expires_at_millis: bad }), "message.expires_at_millis");
    await expectRefused(
      pool,
      () => pool.send({ ...fresh, response_contract: { expected_responses: 1, timeout_millis: bad } }),
      "message.response_contract.timeout_millis",
    );
    await expectRefused(
      pool,
      () => pool.suspendUntil("run.writer", { timeout_millis: bad }),
      "condition.timeout_millis",
    );
    await expectRefused(pool, () => pool.subscribe({ queue: { capacity: bad } }).drain(), "filter.queue.capacity");
    await expectRefused(pool, () => pool.watchPool({ sequence: bad }).drain(), "cursor.sequence");
    await expectRefused(
      pool,
      () => AgentPool.build({ poolId: "pool.x", outboxCapacity: bad }),
      "options.outboxCapacity",
    );
  });
});

it.each<[number | bigint, string]>([
  [-1, "is negative"],
  [1.5, "is not a whole number"],
  [2 ** 53, "is above 2^53-1; pass such a number as a bigint"],
  [NaN, "is NaN"],
  [-Infinity, "is -Infinity"],
  [-1n, "is negative"],
  [2n ** 64n, "is above 2^64-1"],
])("of the number %s it is said what is wrong with it: it %s", async (capacity, reason) => {
  const error = await refusal(pool.scopeFilter({ queue: { capacity } }));
  expect(error.message).toBe(`filter.queue.capacity: ${reason}`);
});

it("a bigint may be 0", async () => {
  expect(await pool.watchPool({ sequence: 0n }).drain()).toEqual(await pool.watchPool({ sequence: 0 }).drain());
});

it.each<[string, object, string]>([
  ["after a list", { run_ids: ["run.x"], queue: { capacity: -1 } }, "filter.queue.capacity"],
  ["after an object", { tags: { include: ["t"] }, queue: { capacity: -1 } }, "filter.queue.capacity"],
  ["in a list of lists", { more: [[0], [0, [-1]]] }, "filter.more[1][1][0]"],
  ["by a name that is no identifier", { "1st": { "a b": -1 } }, 'filter["1st"]["a b"]'],
  ["by a name in any script", { größe: { $_1: -1 } }, "filter.größe.$_1"],
])("a place is named %s", async (_, filter, place) => {
  expect((await refusal(pool.scopeFilter(filter))).message).toBe(`${place}: is negative`);
});

it("what cannot be passed in a list is called what it is", async () => {
  for (const [bad, reason] of [
    [undefined, "is missing"],
    [() => 1, "cannot be a function"],
    [Symbol("s"), "cannot be a symbol"],
  ] as const) {
    const error = await refusal(pool.scopeFilter({ run_ids: [anything(bad)] }));
    expect(error.message).toBe(`filter.run_ids[0]: ${reason}`);
  }
});

it("a function that nobody called is refused wherever it stands, so that nothing fails open", async () => {
  const uncalled = (): string[] => ["policy.secret"];
  const filter = anything({ kinds: uncalled });
  const options = { poolId: "pool.x", messagePolicy: { required_policy_refs: anything(uncalled) } };
  const { message_id: _, ...outline } = OUTLINE;
  for (const [call, place] of [
    [() => pool.send({ ...OUTLINE, policy_refs: anything(uncalled) }), "message.policy_refs"],
    [() => pool.send({ ...outline, message_id: anything(uncalled) }), "message.message_id"],
    [() => pool.joinRun({ run_id: "run.a", agent_id: "a", policy_refs: anything(uncalled) }), "member.policy_refs"],
    [() => pool.subscribe(filter).drain(), "filter.kinds"],
    [() => pool.suspendUntil("run.writer", { filter }), "condition.filter.kinds"],
    [() => AgentPool.build(options), "options.messagePolicy.required_policy_refs"],
  ] as const) {
    const error = await refusalWithoutTrace(pool, call);
    expect(error).toMatchObject({ code: "invalid_input", message: `${place}: cannot be a function` });
  }
  const symbol = await refusal(pool.send({ ...OUTLINE, reply_to: anything(Symbol("s")) }));
  expect(symbol.message).toBe("message.reply_to: cannot be a symbol");
});

it("a name in an object is refused if it is no Unicode", async () => {
  const error = await refusal(pool.scopeFilter({ "a\ud800": 0 } as object));
  expect(error.message).toBe('filter["a\\ud800"]: is not well-formed Unicode');
});

describe("an argument may be as large as the manual says, and no larger:", () => {
  const nested = (depth: number): object => (depth === 1 ? {} : { inner: nested(depth - 1) });
  const list = (length: number): number[] => Array<number>(length).fill(0);
  const object = (entries: number): object => Object.fromEntries(list(entries).map((zero, index) => [index, zero]));

  it.each<[string, () => unknown, () => unknown, RegExp]>([
    ["nested 64 deep", () => nested(63), () => nested(64), /^filter\.more(\.inner){63}: is nested too deeply, or c/],
    ["65,536 entries in a list", () => list(65_536), () => list(65_537), /^filter\.more: has more than 65536 entries$/],
    ["65,536 entries in an object", () => object(65_536), () => object(65_537), /^filter\.more: has more than 65536 e/],
    [
      "a million values",
      () => list(20).map(() => list(49_990)),
      () => list(20).map(() => list(50_000)),
      /^filter\.more\[19\]: makes the argument too large$/,
    ],
    [
      "a million texts",
      () => list(20).map(() => Array(49_990).fill("")),
      () => list(20).map(() => Array(50_000).fill("")),
      /^filter\.more\[19\]: makes the argument too large$/,
    ],
    [
      "64 Mi characters",
      () => "x".repeat(2 ** 23),
      () => list(9).map(() => "x".repeat(2 ** 23)),
      /^filter\.more\[8\]: makes the argument too large$/,
    ],
  ])("%s", async (_, largest, larger, refused) => {
    await pool.scopeFilter(anything({ more: largest() }));
    expect((await refusal(pool.scopeFilter(anything({ more: larger() })))).message).toMatch(refused);
  });

  it("65,536 entries in a list, but a million in one of a frame", async () => {
    const frame = toolCompleted("run.planner");
    await pool.observe(anything({ ...frame, more: list(65_537) }));
    const error = await refusal(pool.observe(anything({ ...frame, more: list(1_000_001) })));
    expect(error.message).toBe("frame.more: has more than 1000000 entries");
  });
});

describe("an object is refused by the place", () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  const secret = new Error("secret");
  const throws = (): never => {
    throw secret;
  };

  it("where it goes round in a circle", async () => {
    const error = await refusalWithoutTrace(pool, () => pool.send(anything({ ...OUTLINE, to: cyclic })));
    expect(error.code).toBe("invalid_input");
    expect(error.message).toMatch(/^message\.to\.self\.self.*: is nested too deeply, or cyclic$/);
  });

  it("where it goes round in a circle that branches", async () => {
    const branching: unknown[] = [];
    branching.push(branching, branching);
    await refusalWithoutTrace(pool, () => pool.send(anything({ ...OUTLINE, to: branching })));
  });

  it("where one thing holds another many times over, which it would take for ever to write", async () => {
    let layer: unknown = {};
    for (let depth = 0; depth < 60; depth += 1) layer = { left: layer, right: layer };
    const error = await refusalWithoutTrace(pool, () => pool.send(anything({ ...OUTLINE, to: layer })));
    expect(error.message).toMatch(/^message\.to\.left.*: makes the argument too large$/);
  });

  it.each<[string, object, string]>([
    ["a getter throws", Object.defineProperty({ ...OUTLINE }, "to", { enumerable: true, get: throws }), "message.to"],
    ["a proxy gives nothing away", new Proxy({}, { ownKeys: throws }), "message"],
    ["a proxy gives keys away and no values", new Proxy({ from: 1 }, { get: throws }), "message.from"],
    ["a list cannot be counted", { ...OUTLINE, policy_refs: new Proxy([], { get: throws }) }, "message.policy_refs"],
  ])("where %s", async (_, message, place) => {
    const error = await refusalWithoutTrace(pool, () => pool.send(anything(message)));
    expect(error).toMatchObject({ code: "invalid_input", message: `${place}: cannot be read`, cause: secret });
    expect(error.message).not.toContain("secret");
  });

  class Confidential {
    readonly content_ref = "content.outline";
    get policy_refs(): string[] {
      return ["policy.confidential"];
    }
  }

  it.each<[string, object]>([
    ["a promise that nobody awaited", Promise.resolve({})],
    ["a map", new Map([["kinds", ["run_message_failed"]]])],
    ["a date", new Date()],
    ["an object whose class has accessors", Object.assign(new Confidential(), { from: "run.planner", to: OUTLINE.to })],
    ["an object that inherits", Object.create(OUTLINE)],
  ])("where %s would lose what it holds", async (_, given) => {
    const bad = anything(given);
    const calls: [string, () => Promise<unknown>][] = [
      ["message", () => pool.send(bad)],
      ["message.correlation", () => pool.send({ ...OUTLINE, correlation: bad })],
      ["member", () => pool.joinRun(bad)],
      ["filter", () => pool.subscribe(bad).drain()],
      ["condition", () => pool.suspendUntil("run.writer", bad)],
      ["condition.filter", () => pool.suspendUntil("run.writer", { filter: bad })],
    ];
    for (const [place, call] of calls) {
      const error = await refusalWithoutTrace(pool, call);
      expect(error).toMatchObject({ code: "invalid_input", message: `${place}: is not a plain object` });
    }
  });

  it.each<[string, object]>([
    ["a promise that nobody awaited", Promise.resolve({ timeoutMillis: 1 })],
    ["a map", new Map([["timeoutMillis", 1]])],
  ])("where %s would be options without any", async (_, given) => {
    const bad = anything(given);
    await expectRefused(pool, () => pool.close(bad), "options");
    await expectRefused(pool, () => AgentPool.build({ poolId: "pool.x", messagePolicy: bad }), "options.messagePolicy");
  });

  it("where something is missing", async () => {
    const error = await refusalWithoutTrace(pool, () => pool.send(anything(undefined)));
    expect(error.message).toBe("message: is missing");
  });

  it("where a proxy was revoked", async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    await expectRefused(pool, () => pool.send(anything({ ...OUTLINE, to: proxy })), "message.to");
  });

  it("where the options are a proxy that was revoked", async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const failed = { code: "invalid_input", message: "options: cannot be read" };
    expect(await refusal(AgentPool.build(anything(proxy)))).toMatchObject(failed);
  });

  it.each<[string, object, string]>([
    ["do not tell their fields", new Proxy({}, { ownKeys: throws }), "options"],
    ["have a field that throws", Object.defineProperty({}, "poolId", { get: throws }), "options.poolId"],
    ["have a port that throws", { poolId: "pool.x", clock: new Proxy({}, { get: throws }) }, "options.clock.now"],
  ])("where the options %s", async (_, options, place) => {
    const failed = { code: "invalid_input", message: `${place}: cannot be read`, cause: secret };
    expect(await refusal(AgentPool.build(anything(options)))).toMatchObject(failed);
  });

  it.each<[string, unknown]>([
    ["undefined", undefined],
    ["a function", () => undefined],
    ["a symbol", Symbol("s")],
    ["null", null],
    ["a text", "text"],
    ["a list", []],
  ])("where it is %s", async (_, value) => {
    const bad = anything(value);
    await expectRefused(pool, () => pool.send(bad), "message");
    await expectRefused(pool, () => pool.joinRun(bad), "member");
    await expectRefused(pool, () => pool.suspendUntil("run.writer", bad), "condition");
    await expectRefused(pool, () => pool.observe(bad), "frame");
    await expectRefused(pool, () => pool.startRun(bad), "request");
    await expectRefused(pool, () => AgentPool.build(bad), "options");
  });
});

describe("a list is refused by its place", () => {
  it("when it has a million entries", async () => {
    const million = Array<string>(1_000_000).fill("run.x");
    await expectRefused(pool, () => pool.subscribe({ run_ids: million }).drain(), "filter.run_ids");
    await expectRefused(pool, () => pool.scopeFilter({ tags: { include: million } }), "filter.tags.include");
    await expectRefused(
      pool,
      () => pool.suspendUntil("run.writer", { filter: { run_ids: million } }),
      "condition.filter.run_ids",
    );
  });

  it("when it claims to have more than it could", async () => {
    const endless = new Proxy<string[]>([], {
      get: (list, key) => (key === "length" ? 2 ** 40 : Reflect.get(list, key)),
    });
    await expectRefused(pool, () => pool.subscribe({ run_ids: endless }).drain(), "filter.run_ids");
  });

  it("when it has holes", async () => {
    await expectRefused(pool, () => pool.subscribe({ run_ids: Array<string>(2) }).drain(), "filter.run_ids[0]");
  });

  it("but not when it has 65,536", async () => {
    const { run_ids } = await pool.scopeFilter({ run_ids: Array<string>(65_536).fill("run.writer") });
    expect(run_ids).toMatchObject({ include: { length: 65_536 } });
  });
});

it("a message is read once: what a getter says later does not count", async () => {
  let reads = 0;
  const message: RunMessageInput = {
    ...OUTLINE,
    message_id: "message.read.once",
    get content_ref() {
      reads += 1;
      return `content.${reads}`;
    },
  };
  await pool.send(message);
  expect(reads).toBe(1);
});

it("options are read once: a policy that says later what it holds does not count", async () => {
  const reads: string[] = [];
  const messagePolicy = {
    get required_policy_refs() {
      reads.push("required_policy_refs");
      return reads.length > 1 ? ["policy.late"] : [];
    },
  };
  const built = await AgentPool.build({ poolId: "pool.read-once", messagePolicy });
  expect(reads).toEqual(["required_policy_refs"]);
  expect((await built.snapshot()).message_policy).not.toHaveProperty("required_policy_refs");
});

it("options may be what a module exports", async () => {
  const module = "data:text/javascript,export const poolId = 'pool.module'; export const messagePolicy = undefined;";
  const options = (await import(/* @vite-ignore */ module)) as { poolId: string };
  expect((await AgentPool.build(options)).poolId).toBe("pool.module");
});
