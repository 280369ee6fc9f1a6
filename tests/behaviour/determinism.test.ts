import {
  AgentPool,
  MemoryEventBus,
  MemoryJournal,
  MemoryStore,
  logicalClock,
  manualClock,
  seededIds,
  systemClock,
} from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, team } from "./support.js";

async function story(seed: number | bigint): Promise<string> {
  const [journal, eventBus, store] = [new MemoryJournal(), new MemoryEventBus(), new MemoryStore()];
  const pool = await team({ journal, eventBus, store, clock: logicalClock(), ids: seededIds(seed) });
  const { message_id: _, ...outline } = OUTLINE;
  const receipt = await pool.send(outline);
  const wake = await pool.suspendUntil("run.writer", { filter: { kinds: ["run_message_failed"] } });
  await pool.send({ ...outline, to: { run: "run.nobody" } });
  return JSON.stringify([
    receipt,
    wake,
    await journal.records(),
    await eventBus.frames(),
    await store.records("pool.team"),
    await pool.snapshot(),
  ]);
}

it("with the logical clock and seeded ids the same operations leave the same records, to the byte", async () => {
  expect(await story(7)).toBe(await story(7));
  expect(await story(7)).toBe(await story(7n));
  expect(await story(7)).not.toBe(await story(8));
});

it("a seed gives the ids that it gives natively, in every version", async () => {
  const { message_id: _, ...outline } = OUTLINE;
  const pool = await team({ ids: seededIds(1) });
  // As in src/memory/ids.rs.
  expect((await pool.send(outline)).message_id).toBe("message.a833bdcdb6d1beb188dc97e5aab5fe3d");
});

it("seeded ids are one sequence to all pools that are given the same object", async () => {
  const { message_id: _, ...outline } = OUTLINE;
  const ids = seededIds(2n ** 64n - 1n);
  const pools = [await team({ ids }), await team({ ids }), await team({ ids: seededIds(2n ** 64n - 1n) })];
  const [first, second, third] = await Promise.all(pools.map(async (pool) => (await pool.send(outline)).message_id));
  expect(first).not.toBe(second);
  expect(third).toBe(first);
});

it.each([-1, 1.5, NaN, 2 ** 53, 2n ** 64n, -1n])("%s is no seed", (seed) => {
  expect(() => seededIds(seed)).toThrow(expect.objectContaining({ code: "invalid_input" }));
});

describe("ids that callers leave out may come from the host", () => {
  it.each<[string, () => (() => string) | { next(): string }]>([
    [
      "a function",
      () => {
        let last = 0;
        return () => `id.${(last += 1)}`;
      },
    ],
    [
      "an object, whose method is called on it",
      () =>
        new (class {
          #last = 0;
          next(): string {
            return `id.${(this.#last += 1)}`;
          }
        })(),
    ],
  ])("by %s", async (_, make) => {
    const pool = await team({ ids: make() });
    const { message_id: __, ...outline } = OUTLINE;
    expect((await pool.send(outline)).message_id).toBe("message.id.1");
    expect((await pool.suspendUntil("run.writer", {})).condition_id).toBe("wake.id.2");
  });
});

describe("the time", () => {
  const timeOf = async (pool: AgentPool): Promise<string | undefined> =>
    (await pool.subscribe({ kinds: ["agent_pool_created"] }).drain())[0]?.event.envelope.timestamp;

  it("is the platform's, unless there is a clock", async () => {
    for (const options of [{}, { clock: systemClock() }]) {
      const before = Date.now();
      const told = Date.parse((await timeOf(await team(options))) ?? "");
      expect(told).toBeGreaterThanOrEqual(before);
      expect(told).toBeLessThanOrEqual(Date.now());
    }
  });

  it("is what the host's clock says, be it an object or a function", async () => {
    const clock = manualClock(1_700_000_000_123);
    expect(await timeOf(await team({ clock }))).toBe("2023-11-14T22:13:20.123Z");
    clock.set(0);
    clock.advance(1_000);
    expect(await timeOf(await team({ clock }))).toBe("1970-01-01T00:00:01Z");
    expect(await timeOf(await team({ clock: () => 2_000.9 }))).toBe("1970-01-01T00:00:02Z");
  });

  it("expires a message when it has come, and not before", async () => {
    const clock = manualClock(999);
    const pool = await team({ clock });
    expect((await pool.send({ ...OUTLINE, expires_at_millis: 1_000 })).status).toBe("delivered");
    clock.advance(1);
    const late = { ...OUTLINE, message_id: "message.late", expires_at_millis: 1_000 };
    expect((await pool.send(late)).status).toBe("expired");
  });

  it.each([-1, 1.5, NaN, 2 ** 53])("cannot be set to %s by hand", (millis) => {
    expect(() => manualClock(millis)).toThrow(expect.objectContaining({ code: "invalid_input" }));
    expect(() => manualClock(0).set(millis)).toThrow(expect.objectContaining({ code: "invalid_input" }));
    expect(() => manualClock(0).advance(millis)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  });
});
