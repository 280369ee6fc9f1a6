import { AgentPool, type AgentPoolOptions, type RunLauncher } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, anything, joinTeam, refusal, settle, team } from "../support.js";
import { THROWN, oddlyBroken, oddlyKept, spoil, untouchable } from "./hostile.js";

const { message_id: _, ...UNNAMED } = OUTLINE;
const REQUEST = { run_id: "run.started", agent_id: "agent.started" };

const fall = (reason: unknown): never => {
  throw reason;
};

/** Checks that operations fail because of a broken port, and succeed once it is mended. */
async function expectFailure(
  options: (isBroken: () => boolean) => Partial<AgentPoolOptions>,
  fields: { readonly cause?: unknown } = {},
): Promise<void> {
  let isBroken = false;
  const pool = await team(options(() => isBroken));
  isBroken = true;
  const error = await refusal(pool.send(UNNAMED));
  expect(error).toMatchObject({ code: "invalid_port_answer", kind: "HostConfigurationNeeded" });
  if ("cause" in fields) expect(Object.is(error.cause, fields.cause)).toBe(true);
  isBroken = false;
  expect((await pool.snapshot()).messages).toBeUndefined();
  expect(await pool.send(UNNAMED)).toMatchObject({ status: "delivered" });
}

describe("a clock", () => {
  it.each(THROWN)("that throws %s keeps an operation from beginning", (_, cause) =>
    expectFailure((isBroken) => ({ clock: () => (isBroken() ? fall(cause) : 0) }), { cause }),
  );

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "1"],
    ["a bigint", 1n],
    ["a date", new Date(0)],
    ["a promise", Promise.resolve(1)],
    ["NaN", NaN],
    ["Infinity", Infinity],
    ["a time before 1970", -1],
    ["an object that cannot be touched", untouchable()],
  ])("that answers %s keeps an operation from beginning", (_, answer) =>
    expectFailure((isBroken) => ({ clock: () => (isBroken() ? (answer as number) : 0) })),
  );

  it.each([0, 0.9, 2 ** 53, 8_640_000_000_000_000, Number.MAX_VALUE])(
    "that shows %d gives events a time that can be read",
    async (now) => {
      const pool = await team({ clock: () => now });
      const [frame] = await pool.subscribe().drain();
      expect(frame?.event.envelope.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    },
  );

  it("that goes back and forth expires what is over when it is looked at", async () => {
    let now = 10_000;
    const pool = await team({ clock: () => now });
    now = 0;
    expect(await pool.send({ ...OUTLINE, expires_at_millis: 5_000 })).toMatchObject({ status: "delivered" });
    now = 10_000;
    const late = { ...OUTLINE, message_id: "message.late", expires_at_millis: 5_000 };
    expect(await pool.send(late)).toMatchObject({ status: "expired" });
  });

  it("that calls the pool, or closes it, is served after the operation", async () => {
    const calls: Promise<unknown>[] = [];
    let hasCalled = true;
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      clock: () => {
        if (!hasCalled) {
          hasCalled = true;
          calls.push(pool.members(), pool.close({ timeoutMillis: 60_000 }));
        }
        return 0;
      },
    });
    await joinTeam(pool);
    hasCalled = false;
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered" });
    expect((await Promise.all(calls))[0]).toHaveLength(2);
    expect(await refusal(pool.members())).toMatchObject({ code: "closed" });
  });
});

describe("a source of ids", () => {
  it.each(THROWN)("that throws %s keeps an operation from beginning", (_, cause) =>
    expectFailure((isBroken) => ({ ids: () => (isBroken() ? fall(cause) : "id") }), { cause }),
  );

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["a number", 5],
    ["an empty text", ""],
    ["a text of 513 bytes", "x".repeat(513)],
    ["a text with a line break", "a\nb"],
    ["half a surrogate pair", "\ud800"],
    ["a text object", new String("id")],
    ["a promise", Promise.resolve("id")],
    ["an object that cannot be touched", untouchable()],
  ])("that answers %s keeps an operation from beginning", (_, answer) =>
    expectFailure((isBroken) => ({ ids: () => (isBroken() ? (answer as string) : "id") })),
  );

  it("that answers the same twice does not have two messages taken for one", async () => {
    const pool = await team({ ids: () => "id" });
    expect(await pool.send(UNNAMED)).toMatchObject({ status: "delivered" });
    expect(await refusal(pool.send({ ...UNNAMED, content_ref: "content.other" }))).toMatchObject({
      code: "idempotency_conflict",
    });
  });

  it("that calls the pool is served", async () => {
    const calls: Promise<unknown>[] = [];
    const pool: AgentPool = await team({
      ids: () => {
        calls.push(pool.members());
        return `id.${calls.length}`;
      },
    });
    expect(await pool.send(UNNAMED)).toMatchObject({ status: "delivered" });
    expect((await Promise.all(calls))[0]).toHaveLength(2);
  });
});

describe("a run launcher", () => {
  it.each(oddlyKept<unknown>("handle", "another"))("whose answer %s is taken at its first word", async (_, start) => {
    const pool = await team({ runLauncher: start });
    expect(await pool.startRun(REQUEST)).toBe("handle");
    await settle();
    expect(await pool.members()).toHaveLength(3);
  });

  it.each(THROWN)("that throws or rejects with %s started nothing", async (_, thrown) => {
    for (const runLauncher of [() => fall(thrown), () => Promise.reject(thrown)]) {
      const pool = await team({ runLauncher });
      const error = await refusal(pool.startRun(REQUEST));
      expect(error.code).toBe("run_launcher_rejected");
      expect(Object.hasOwn(error, "cause")).toBe(true);
      expect(Object.is(error.cause, thrown)).toBe(true);
      expect(await pool.members()).toHaveLength(2);
    }
  });

  const reason = new Error("no capacity");
  it.each(oddlyBroken(reason))("whose answer %s started nothing", async (_, start) => {
    const pool = await team({ runLauncher: start });
    expect(await refusal(pool.startRun(REQUEST))).toMatchObject({ code: "run_launcher_rejected", cause: reason });
  });

  it("that answers what cannot be touched has it handed on untouched", async () => {
    // Reading `then` of an untouchable object would throw, so it is wrapped in a list.
    const handle = Object.freeze([untouchable()]);
    const pool = await team({ runLauncher: () => handle });
    expect(Object.is(await pool.startRun(REQUEST), handle)).toBe(true);
  });

  it("that makes nonsense of the request starts what was asked for", async () => {
    const pool = await team({ runLauncher: (request) => spoil(request) });
    await pool.startRun(REQUEST);
    expect(await pool.members()).toContainEqual(REQUEST);
  });

  it("that calls the pool and waits for it does not wait for itself", async () => {
    const pool: AgentPool = await team({
      runLauncher: async ({ run_id, agent_id }) => {
        await pool.joinRun({ run_id, agent_id, topics: ["topic.drafts"] });
        return pool.members();
      },
    });
    expect(await pool.startRun(REQUEST)).toHaveLength(3);
  });

  it("that closes the pool has the run that it started handed back", async () => {
    const pool: AgentPool<string> = await team({
      runLauncher: async () => {
        await pool.close();
        return "handle";
      },
    });
    expect(await refusal(pool.startRun(REQUEST))).toMatchObject({ code: "closed", runHandle: "handle" });
  });

  it("that is replaced later is called as it is then", async () => {
    const runLauncher: RunLauncher<string> = { start: () => "first" };
    const pool = await team({ runLauncher });
    runLauncher.start = () => "second";
    expect(await pool.startRun(REQUEST)).toBe("second");
    runLauncher.start = anything(undefined);
    expect(await refusal(pool.startRun({ ...REQUEST, run_id: "run.other" }))).toMatchObject({
      code: "run_launcher_rejected",
      cause: expect.any(TypeError),
    });
  });
});
