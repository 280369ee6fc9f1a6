import { AgentPool, MemoryEventBus, MemoryJournal, MemoryStore, type EventFrame } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, joinTeam, refusal, team, told } from "./support.js";

describe("two pools of one id and one store", () => {
  it("are handles on one pool: members, messages and keys are shared", async () => {
    const store = new MemoryStore();
    const pool = await team({ store });
    const other = await AgentPool.build({ poolId: "pool.team", store });
    expect(await other.members()).toEqual(await pool.members());
    const [here, there] = await Promise.all([pool.send(OUTLINE), other.send(OUTLINE)]);
    expect(here).toEqual(there);
    expect(await other.snapshot()).toEqual(await pool.snapshot());
    const kinds = (await store.records("pool.team")).map((record) => record.payload.type);
    expect(kinds).toEqual([
      "pool_opened",
      "pool_created",
      "member_joined",
      "member_joined",
      "run_message",
      "run_message",
    ]);
  });

  it("stay open for each other when one is closed", async () => {
    const store = new MemoryStore();
    const pool = await team({ store });
    const other = await AgentPool.build({ poolId: "pool.team", store });
    await pool.close();
    expect(await other.members()).toHaveLength(2);
  });

  it("must have the same policies", async () => {
    const store = new MemoryStore();
    await team({ store });
    const error = await refusal(AgentPool.build({ poolId: "pool.team", store, policyRefs: ["policy.new"] }));
    expect(error).toMatchObject({
      code: "store_config_conflict",
      kind: "InvalidStateTransition",
      retry: "RepairNeeded",
    });
  });

  it("that send one key at once with journals that take their time send it once", async () => {
    const store = new MemoryStore();
    const journal = async (): Promise<void> => undefined;
    const pool = await team({ store, journal });
    const other = await AgentPool.build({ poolId: "pool.team", store, journal });
    const receipts = await Promise.all([pool.send(OUTLINE), other.send(OUTLINE), pool.send(OUTLINE)]);
    expect(new Set(receipts.map((receipt) => JSON.stringify(receipt))).size).toBe(1);
  });
});

it("pools of different ids share a store without seeing each other", async () => {
  const store = new MemoryStore();
  const pool = await team({ store });
  const other = await AgentPool.build({ poolId: "pool.other", store });
  expect(await other.members()).toEqual([]);
  expect(await store.records("pool.other")).toHaveLength(1);
  expect(await store.records("pool.unknown")).toEqual([]);
  expect(await pool.members()).toHaveLength(2);
});

it("pools share a journal in memory, each with a sequence of its own", async () => {
  const journal = new MemoryJournal();
  await team({ journal });
  await team({ journal, poolId: "pool.other" });
  const records = await journal.records();
  expect(told(records)).toEqual(Array(2).fill(["created", "run_joined", "run_joined"]).flat());
  expect(records.map((record) => record.journal_seq)).toEqual([1, 2, 3, 1, 2, 3]);
});

describe("an event bus is one bus to all pools that are given it", () => {
  it("as one in memory", async () => {
    const eventBus = new MemoryEventBus();
    await team({ eventBus });
    await team({ eventBus, poolId: "pool.other" });
    expect((await eventBus.frames()).map((frame) => frame.cursor.event_seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each<
    [string, (frames: EventFrame[]) => { publish(frame: EventFrame): unknown } | ((frame: EventFrame) => unknown)]
  >([
    ["a function", (frames) => (frame) => frames.push(frame)],
    ["an object without subscribe", (frames) => ({ publish: (frame) => frames.push(frame) })],
  ])("as %s, whose frames the pools keep and number together", async (_, make) => {
    const frames: EventFrame[] = [];
    const eventBus = make(frames);
    const pool = await team({ eventBus });
    const other = await AgentPool.build({ poolId: "pool.other", eventBus });
    await joinTeam(other);
    expect(frames.map((frame) => frame.cursor.event_seq)).toEqual([1, 2, 3, 4, 5, 6]);
    // The runs are members of both pools, so each pool sees the events of both (REFERENCE 34).
    expect(await other.subscribe().drain()).toHaveLength(6);
    await pool.close();
    expect(await other.subscribe().drain()).toHaveLength(6);
  });
});
