import { AgentPool, type EventFrame, type JournalRecord } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, Deferred, joinTeam, refusal, settle, team, told, toolCompleted } from "./support.js";

const CALLS: [string, (pool: AgentPool) => Promise<unknown>][] = [
  ["startRun", (pool) => pool.startRun({ run_id: "run.x", agent_id: "agent.x" })],
  ["joinRun", (pool) => pool.joinRun({ run_id: "run.x", agent_id: "agent.x" })],
  ["leaveRun", (pool) => pool.leaveRun("run.writer")],
  ["members", (pool) => pool.members()],
  ["snapshot", (pool) => pool.snapshot()],
  ["send", (pool) => pool.send(OUTLINE)],
  ["recordMessageStatus", (pool) => pool.recordMessageStatus(OUTLINE, "failed")],
  ["subscribe", (pool) => pool.subscribe().drain()],
  ["watchPool", (pool) => pool.watchPool().drain()],
  ["scopeFilter", (pool) => pool.scopeFilter()],
  ["compileScopedFilter", (pool) => pool.compileScopedFilter()],
  ["suspendUntil", (pool) => pool.suspendUntil("run.writer", {})],
  ["pollWake", (pool) => pool.pollWake("wake.x")],
  ["cancelWake", (pool) => pool.cancelWake("wake.x")],
  ["observe", (pool) => pool.observe(toolCompleted("run.planner"))],
  ["flush", (pool) => pool.flush()],
];

describe("after close", () => {
  it.each(CALLS)("%s fails as closed", async (_, call) => {
    const pool = await team();
    await pool.close();
    const error = await refusal(call(pool));
    expect(error).toMatchObject({
      code: "closed",
      kind: "Cancellation",
      retry: "NotRetryable",
      ids: { pool_id: "pool.team" },
    });
  });

  it("the pool still has its id, and closing again is no error", async () => {
    const pool = await team();
    await Promise.all([pool.close(), pool.close()]);
    await pool.close();
    expect(pool.poolId).toBe("pool.team");
  });

  it("a stream that was had before tells of it when it is read", async () => {
    const pool = await team();
    const stream = pool.subscribe();
    expect(await stream.drain()).toHaveLength(3);
    await pool.close();
    expect(await refusal(stream.drain())).toMatchObject({ code: "closed" });
  });
});

describe("close in the midst of things", () => {
  it.each(CALLS.filter(([name]) => name !== "startRun"))(
    "lets a %s under way finish, and later ones fail",
    async (_, call) => {
      const records: JournalRecord[] = [];
      const slow = new Deferred();
      const pool = await team({
        journal: async (record) => {
          if (records.push(record) > 3) await slow.promise;
        },
      });
      const send = pool.send({ ...OUTLINE, message_id: "message.slow" });
      const called = call(pool).catch((error: unknown) => error);
      const closing = pool.close();
      const late = refusal(pool.members());
      await settle();
      expect(told(records)).toEqual(["created", "run_joined", "run_joined", "accepted"]);
      slow.resolve();
      expect((await send).status).toBe("delivered");
      expect(await called).not.toMatchObject({ code: "closed" });
      await closing;
      expect(await late).toMatchObject({ code: "closed" });
    },
  );

  it("waits for what waits for the event bus", async () => {
    const frames: EventFrame[] = [];
    const pool = await team({
      eventBus: async (frame) => {
        await settle();
        frames.push(frame);
      },
    });
    await pool.close();
    expect(frames).toHaveLength(3);
  });

  it("tells of a bus that fails, is closed all the same, and loses nothing when it is closed again", async () => {
    const cause = new Error("the bus is down");
    let isDown = false;
    const frames: EventFrame[] = [];
    const pool = await team({
      eventBus: (frame) => {
        if (isDown) throw cause;
        frames.push(frame);
      },
    });
    isDown = true;
    await pool.send(OUTLINE);
    expect(await refusal(pool.close())).toMatchObject({ code: "event_bus_rejected", cause });
    expect(await refusal(pool.members())).toMatchObject({ code: "closed" });
    expect(await refusal(pool.close())).toMatchObject({ code: "event_bus_rejected", cause });
    isDown = false;
    await pool.close();
    expect(frames).toHaveLength(5);
    await pool.close();
  });

  it.each(["journal", "eventBus"] as const)("from within a port (%s) is refused, and it stays open", async (port) => {
    const refused: Promise<unknown>[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      [port]: () => void refused.push(refusal(pool.close())),
    });
    await joinTeam(pool);
    expect(await Promise.all(refused)).toMatchObject(Array(3).fill({ code: "reentrant_call" }));
    expect(await pool.members()).toHaveLength(2);
    await pool.close();
    expect(await refusal(pool.members())).toMatchObject({ code: "closed" });
  });
});

it("a pool can be disposed of", async () => {
  const pool = await team();
  await pool[Symbol.asyncDispose]();
  expect(await refusal(pool.members())).toMatchObject({ code: "closed" });
});

it("a pool that was closed is opened again with what its store holds", async () => {
  const { MemoryStore } = await import("agent-pool");
  const store = new MemoryStore();
  const pool = await team({ store });
  await pool.send(OUTLINE);
  await pool.close();
  const again = await AgentPool.build({ poolId: "pool.team", store });
  expect(await again.members()).toHaveLength(2);
  expect(await again.send(OUTLINE)).toMatchObject({ status: "delivered" });
});
