import { expect, it } from "vitest";

import { OUTLINE, refusal, team } from "./support.js";

it("a stream may be iterated or drained, time and again, and gives what is there then", async () => {
  const pool = await team();
  const stream = pool.subscribe({ families: ["agent_pool"] });
  expect(await stream.drain()).toHaveLength(3);
  await pool.send(OUTLINE);
  const seen: string[] = [];
  for (const frame of await stream.drain()) seen.push(frame.event.envelope.event_id);
  expect(seen).toEqual((await stream.drain()).map((frame) => frame.cursor.event_id));
  expect(seen).toHaveLength(5);
});

it("a stream may be left early", async () => {
  const pool = await team();
  for await (const frame of pool.subscribe()) {
    expect(frame.event.envelope.event_kind).toBe("agent_pool_created");
    break;
  }
  expect(await pool.subscribe().drain()).toHaveLength(3);
});

it("a cursor goes on after the frame it is of, and only in a stream of an equal filter", async () => {
  const pool = await team();
  await pool.send(OUTLINE);
  const filter = { kinds: ["run_message_accepted", "run_message_delivered"] } as const;
  const [accepted, delivered] = await pool.subscribe(filter).drain();
  expect(await pool.subscribe(filter, { cursor: accepted!.cursor }).drain()).toEqual([delivered]);
  const error = await refusal(pool.subscribe({}, { cursor: accepted!.cursor }).drain());
  expect(error).toMatchObject({ code: "cursor_scope_mismatch", retry: "RepairNeeded" });
});

it("a stream is as long as the queue of its filter, and tells what it left out", async () => {
  const pool = await team();
  await pool.send(OUTLINE);
  const frames = await pool.subscribe({ queue: { capacity: 3 } }).drain();
  expect(frames).toHaveLength(2);
  expect(frames[1]?.overflow).toMatchObject({
    dropped_count: 3,
    policy: "drop_non_terminal",
    terminal_preserved: true,
  });
  const backpressure = pool.subscribe({ queue: { overflow: "backpressure_caller" } });
  expect(await refusal(backpressure.drain())).toMatchObject({ code: "invalid_overflow_policy" });
});

it("what a filter says when the stream is asked for counts, not what it says when it is read", async () => {
  const pool = await team();
  const kinds: ("agent_pool_created" | "run_started")[] = ["agent_pool_created"];
  const stream = pool.subscribe({ kinds });
  kinds[0] = "run_started";
  expect(await stream.drain()).toHaveLength(1);
});

it("the history of a pool can be watched from its start or from a cursor", async () => {
  const pool = await team();
  const all = await pool.watchPool().drain();
  expect(all.map((record) => record.payload.type)).toEqual([
    "pool_opened",
    "pool_created",
    "member_joined",
    "member_joined",
  ]);
  expect(await pool.watchPool(all[1]!.cursor).drain()).toEqual(all.slice(2));
  expect(await pool.watchPool({ sequence: 2n ** 64n - 1n }).drain()).toEqual([]);
  expect((await pool.snapshot()).cursor).toEqual(all[3]!.cursor);
});

it("a stream that nobody reads fails nobody", async () => {
  const pool = await team();
  pool.subscribe(5 as never);
  pool.watchPool({ sequence: -1 });
});

it("a queue may be as long as numbers go, and hold back as much", async () => {
  const pool = await team();
  const queue = { capacity: 2n ** 64n - 1n, terminal_reserve: 2n ** 33n };
  expect(await pool.subscribe({ queue }).drain()).toHaveLength(3);
});
