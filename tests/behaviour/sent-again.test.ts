// Sending a message again returns its receipt as it is when all earlier operations are done, whatever the ports are.
// (What counts as the same message, and what is finished by sending it again: retries.test.ts.)

import { AgentPool, MemoryStore, type AgentPoolOptions, type MessageReceipt } from "agent-pool";
import { describe, expect, it } from "vitest";

import { Deferred, OUTLINE, refusal, settle, team } from "./support.js";

/** An equal message, but not the same object, as a retry is often made elsewhere. */
const again = { ...OUTLINE };
const inOtherWords = { ...OUTLINE, correlation: {} };

const PORTS: [string, () => Partial<AgentPoolOptions>][] = [
  ["in memory", () => ({})],
  ["that answer at once", () => ({ journal: () => undefined, eventBus: () => undefined })],
  ["that answer later", () => ({ journal: async () => undefined, eventBus: async () => undefined })],
  ["that take text", () => ({ journal: { appendJson: () => undefined }, eventBus: { publishJson: () => undefined } })],
];

it("is recognised by its id alone while another call with that id waits to be refused", async () => {
  const pool = await team({ journal: async () => settle() });
  const wrong = { ...OUTLINE, idempotency_key: "key.wrong", content_ref: "content.wrong" };
  const condition = { condition_id: "wake.1", filter: { kinds: ["tool_completed"] } } as const;
  for (const _ of ["in flight", "recorded"]) {
    const calls = [
      pool.send({ ...OUTLINE, message_id: undefined }),
      pool.send(OUTLINE),
      refusal(pool.send(wrong)),
      pool.send(again),
      pool.suspendUntil("run.writer", condition),
      refusal(pool.suspendUntil("run.writer", { ...condition, idempotency_key: "key.wrong", filter: {} })),
      pool.suspendUntil("run.writer", condition),
    ];
    const outcomes = (await Promise.all(calls)).map((one) => ("code" in one ? one.code : one.status));
    expect(outcomes).toEqual([
      "delivered",
      "delivered",
      "idempotency_conflict",
      "delivered",
      "registered",
      "idempotency_conflict",
      "registered",
    ]);
  }
});

describe.each(PORTS)("with ports %s, a message that is sent again", (_, ports) => {
  it("answers an equal receipt, which is its own, and is not recorded again", async () => {
    const pool = await team(ports());
    const first = await pool.send(OUTLINE);
    const records = await pool.watchPool().drain();
    for (const message of [again, inOtherWords, again]) {
      const receipt = await pool.send(message);
      expect(receipt).toEqual(first);
      expect(receipt.delivered_to).not.toBe(first.delivered_to);
      receipt.delivered_to!.push("run.other");
    }
    expect(await pool.watchPool().drain()).toEqual(records);
  });

  it("answers what a host has recorded of it since, on whatever handle", async () => {
    const store = new MemoryStore();
    const [pool, other] = [await team({ ...ports(), store }), await AgentPool.build({ ...ports(), poolId: "pool.team", store })];
    const first = await pool.send(OUTLINE);
    const timedOut = await other.recordMessageStatus(OUTLINE, "timed_out", ["run.writer"]);
    expect(timedOut).not.toEqual(first);
    expect(await pool.send(again)).toEqual(timedOut);
  });

  it("answers what is being recorded of it, once it is", async () => {
    const pool = await team(ports());
    await pool.send(OUTLINE);
    const recording = pool.recordMessageStatus(OUTLINE, "responded", ["run.writer"]);
    expect((await pool.send(again)).status).toBe("responded");
    expect((await recording).status).toBe("responded");
  });

  it("is answered when its sender has left, and not when the pool is closed", async () => {
    const pool = await team(ports());
    const first = await pool.send(OUTLINE);
    await pool.leaveRun("run.planner");
    expect(await pool.send(again)).toEqual(first);
    const closing = pool.close();
    expect((await refusal(pool.send(again))).code).toBe("closed");
    await closing;
    expect((await refusal(pool.send(again))).code).toBe("closed");
  });
});

describe("a message that is sent again", () => {
  it("from inside a journal is refused, and from inside a bus is answered", async () => {
    const inside: Promise<unknown>[] = [];
    let isTried = false;
    const retry = (): void => void (isTried && inside.push(pool.send(again).catch((error: unknown) => error)));
    const pool: AgentPool = await team({ journal: retry, eventBus: retry });
    const first = await pool.send(OUTLINE);
    isTried = true;
    const other = pool.send({ ...OUTLINE, message_id: "message.other" });
    isTried = false;
    await other;
    const refused = expect.objectContaining({ code: "reentrant_call" }) as unknown;
    expect(await Promise.all(inside)).toEqual([refused, first, refused, first]);
  });

  it("waits for what is under way, as any call does", async () => {
    const appended = new Deferred();
    let isSlow = false;
    const pool = await team({ journal: () => (isSlow ? appended.promise : undefined) });
    const first = await pool.send(OUTLINE);
    isSlow = true;
    const joining = pool.joinRun({ run_id: "run.editor", agent_id: "agent.editor" });
    let receipt: MessageReceipt | undefined;
    const retry = pool.send(again).then((answer) => (receipt = answer));
    await settle();
    expect(receipt).toBeUndefined();
    appended.resolve();
    await Promise.all([joining, retry]);
    expect(receipt).toEqual(first);
  });

  it.each([false, true])("fails while the bus does, and has it tried again (later: %s)", async (later) => {
    let isDown = false;
    const published: unknown[] = [];
    const publish = (frame: unknown): void | Promise<void> => {
      if (isDown) {
        if (later) return Promise.reject(new Error("down"));
        throw new Error("down");
      }
      published.push(frame);
    };
    const pool = await team({ journal: () => undefined, eventBus: publish });
    const first = await pool.send(OUTLINE);
    isDown = true;
    await pool.send({ ...OUTLINE, message_id: "message.other" });
    await settle();
    expect((await refusal(pool.send(again))).code).toBe("event_bus_rejected");
    isDown = false;
    const before = published.length;
    expect(await pool.send(again)).toEqual(first);
    await pool.flush();
    expect(published).toHaveLength(before + 2);
  });

  it("to nobody stays failed, whoever comes", async () => {
    const pool = await team({ journal: () => undefined });
    const message = { ...OUTLINE, to: { run: "run.editor" } };
    const first = await pool.send(message);
    expect(first.status).toBe("failed");
    await pool.joinRun({ run_id: "run.editor", agent_id: "agent.editor" });
    expect(await pool.send({ ...message })).toEqual(first);
  });

  it("fails with the host's clock, which is read", async () => {
    let isBroken = false;
    const clock = (): number => {
      if (isBroken) throw new Error("stopped");
      return 0;
    };
    const pool = await team({ journal: () => undefined, clock });
    await pool.send(OUTLINE);
    isBroken = true;
    await refusal(pool.send(again));
  });
});
