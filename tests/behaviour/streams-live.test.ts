import { AgentPool, MemoryEventBus, MemoryStore, type AgentPoolStoreRecord, type EventFrame } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, anything, kindOf, kinds, refusal, settle, take, team } from "./support.js";

const DONE = { done: true, value: undefined };

describe("a live stream of events", () => {
  it("first gives exactly what `drain()` would, and then what comes", async () => {
    const pool = await team();
    const stream = pool.subscribe();
    const there = await stream.drain();
    const reading = stream[Symbol.asyncIterator]();
    expect(await take(reading, 3)).toEqual(there);
    const next = reading.next();
    await pool.send(OUTLINE);
    expect(kindOf((await next).value!)).toBe("run_message_accepted");
    expect(kinds(await take(reading, 1))).toEqual(["run_message_delivered"]);
    expect(await reading.return()).toEqual(DONE);
  });

  it("is read by `for await`, which may be left", async () => {
    const pool = await team();
    const seen: string[] = [];
    for await (const frame of pool.subscribe()) {
      seen.push(kindOf(frame));
      if (seen.length === 3) void pool.send(OUTLINE);
      if (seen.length === 5) break;
    }
    expect(seen.slice(3)).toEqual(["run_message_accepted", "run_message_delivered"]);
  });

  it("begins when it is first read, not when it is asked for", async () => {
    const pool = await team();
    const reading = pool.subscribe({ queue: { capacity: 3 } })[Symbol.asyncIterator]();
    await pool.leaveRun("run.writer");
    const there = await pool.subscribe({ queue: { capacity: 3 } }).drain();
    expect(await take(reading, there.length)).toEqual(there);
  });

  it("takes its place in line: it sees what was called before it was first read as a whole", async () => {
    const pool = await team({ journal: async () => settle() });
    const sent = pool.send(OUTLINE);
    const reading = pool.watchPool()[Symbol.asyncIterator]();
    const first = reading.next();
    const left = pool.leaveRun("run.writer");
    await sent;
    const { value } = await first;
    expect(value?.payload.type).toBe("pool_opened");
    await left;
    const types = (await take(reading, 6)).map(({ payload }) => payload.type);
    expect(types.slice(3)).toEqual(["run_message", "run_message", "member_left"]);
  });

  it("goes on from a cursor, of a live stream as of any", async () => {
    const pool = await team();
    const first = pool.subscribe()[Symbol.asyncIterator]();
    const [, second] = await take(first, 2);
    const again = pool.subscribe({}, { cursor: second!.cursor })[Symbol.asyncIterator]();
    expect(await take(again, 1)).toEqual(await take(first, 1));
    await pool.send(OUTLINE);
    expect(await take(again, 2)).toEqual(await take(first, 2));
  });

  it("is one of many: each has a queue of its own, and every one sees everything once, in order", async () => {
    const pool = await team();
    const readings = Array.from({ length: 1_000 }, () => pool.subscribe()[Symbol.asyncIterator]());
    const begun = await Promise.all(readings.map((reading) => take(reading, 3)));
    const waiting = readings.map((reading) => take(reading, 2));
    await pool.send(OUTLINE);
    const seen = (await Promise.all(waiting)).map((frames, index) => [...begun[index]!, ...frames]);
    const numbers = seen.map((frames) => frames.map((frame) => frame.cursor.event_seq));
    expect(numbers).toEqual(Array(1_000).fill([1, 2, 3, 4, 5]));
    await pool.close();
    expect(await Promise.all(readings.map((reading) => reading.next()))).toEqual(Array(1_000).fill(DONE));
  });

  it("sees what other pools and the host put on the same bus, and what the pool is shown", async () => {
    const eventBus = new MemoryEventBus();
    const pool = await team({ eventBus });
    const reading = pool.subscribe({ families: ["tool"] })[Symbol.asyncIterator]();
    const seen = take(reading, 2);
    const [frame] = await eventBus.frames();
    await eventBus.publish(hostEvent(frame!, "event.host.1"));
    await pool.observe(hostEvent(frame!, "event.host.2"));
    await pool.observe(hostEvent(frame!, "event.host.2"));
    expect((await seen).map((frame) => frame.cursor.event_id)).toEqual(["event.host.1", "event.host.2"]);
    expect(await pending(reading.next())).toBe(true);
  });

  it("sees what another handle on the pool does, if they share the bus", async () => {
    const [store, eventBus] = [new MemoryStore(), new MemoryEventBus()];
    const pool = await team({ store, eventBus });
    const other = await AgentPool.build({ poolId: "pool.team", store, eventBus });
    const reading = other.subscribe({ kinds: ["run_message_delivered"] })[Symbol.asyncIterator]();
    const next = reading.next();
    await settle();
    await pool.send(OUTLINE);
    expect((await next).done).toBe(false);
  });

  it("of a bus that the pool keeps the frames for goes on with them", async () => {
    const pool = await team({ eventBus: () => undefined });
    const reading = pool.subscribe()[Symbol.asyncIterator]();
    await take(reading, 3);
    const next = take(reading, 2);
    await pool.send(OUTLINE);
    expect(kinds(await next)).toEqual(["run_message_accepted", "run_message_delivered"]);
  });
});

describe("membership", () => {
  it("decides what a live stream sees when it comes: who left is out of sight, who joined comes in", async () => {
    const pool = await team();
    const reading = pool.subscribe()[Symbol.asyncIterator]();
    const before = (await take(reading, 3))[2]!.cursor;
    await pool.leaveRun("run.planner");
    await pool.send({ ...OUTLINE, from: "run.writer", to: { run: "run.writer" } });
    await pool.joinRun({ run_id: "run.editor", agent_id: "agent.editor" });
    await pool.joinRun({ run_id: "run.planner", agent_id: "agent.planner" });
    const runs = (await take(reading, 4)).map(({ event }) => [event.envelope.event_kind, event.envelope.run_id]);
    expect(runs).toEqual([
      ["run_message_accepted", "run.writer"],
      ["run_message_delivered", "run.writer"],
      ["agent_pool_run_joined", "run.editor"],
      ["agent_pool_run_joined", "run.planner"],
    ]);
    // The cursor belongs to the former members; others have joined since.
    const stale = pool.subscribe({}, { cursor: before });
    expect(await refusal(stale[Symbol.asyncIterator]().next())).toMatchObject({ code: "cursor_scope_mismatch" });
  });

  it("is what the cursor of a frame is of, so that the same members may go on from it", async () => {
    const pool = await team();
    const reading = pool.subscribe()[Symbol.asyncIterator]();
    await take(reading, 3);
    await pool.joinRun({ run_id: "run.editor", agent_id: "agent.editor" });
    const [joined] = await take(reading, 1);
    await pool.send(OUTLINE);
    const there = await pool.subscribe({}, { cursor: joined!.cursor }).drain();
    expect(await take(reading, 2)).toEqual(there);
  });
});

describe("a reader that is slow", () => {
  it("sees the exact gap on the frame after it", async () => {
    const pool = await team();
    const reading = pool.subscribe({ queue: { capacity: 3 } })[Symbol.asyncIterator]();
    expect((await take(reading, 2))[1]?.overflow?.dropped_count).toBe(1);
    for (let count = 0; count < 3; count += 1) await pool.send({ ...OUTLINE, message_id: `message.${count}` });
    const [first, second] = await take(reading, 2);
    expect([first, second].map((frame) => frame!.overflow)).toEqual([undefined, undefined]);
    await pool.send({ ...OUTLINE, message_id: "message.late" });
    const [after] = await take(reading, 1);
    expect(after).toMatchObject({ cursor: { event_seq: 10 }, overflow: { dropped_count: 4 } });
    expect(after!.overflow!.gap_start!.event_seq).toBe(6);
    expect(after!.overflow!.gap_end.event_seq).toBe(9);
  });

  it("sees the gap at the end of a stream that was closed on the last frame", async () => {
    const pool = await team();
    const reading = pool.subscribe({ queue: { capacity: 5 } })[Symbol.asyncIterator]();
    await take(reading, 3);
    for (let count = 0; count < 3; count += 1) await pool.send({ ...OUTLINE, message_id: `message.${count}` });
    await pool.close();
    const rest = await take(reading, 4);
    expect(rest.map((frame) => frame.overflow?.dropped_count)).toEqual([undefined, undefined, undefined, 2]);
    expect(rest[3]!.overflow!.gap_end.event_seq).toBe(9);
    expect(await reading.next()).toEqual(DONE);
  });

  it("is cut off under `fail_subscriber`: what is there, the last with its notice, and the end", async () => {
    const pool = await team();
    const queue = { capacity: 5, overflow: "fail_subscriber" } as const;
    const reading = pool.subscribe({ queue })[Symbol.asyncIterator]();
    await take(reading, 1);
    await pool.send(OUTLINE);
    await pool.send({ ...OUTLINE, message_id: "message.late" });
    const seen = await take(reading, 4);
    expect(seen.map((frame) => frame.overflow?.dropped_count)).toEqual([undefined, undefined, undefined, 1]);
    expect(await reading.next()).toEqual(DONE);
  });

  it("of the pool's history misses nothing", async () => {
    const pool = await team();
    const reading = pool.watchPool()[Symbol.asyncIterator]();
    await reading.next();
    for (let count = 0; count < 100; count += 1) await pool.send({ ...OUTLINE, message_id: `message.${count}` });
    const sequence = (await take(reading, 203)).map((record) => record.cursor.sequence);
    expect(sequence).toEqual(Array.from({ length: 203 }, (_, index) => index + 2));
  });
});

describe("the history of a pool", () => {
  it("goes on with what is added to it, by whatever handle", async () => {
    const store = new MemoryStore();
    const pool = await team({ store });
    const other = await AgentPool.build({ poolId: "pool.team", store });
    const stream = pool.watchPool((await pool.snapshot()).cursor);
    const reading = stream[Symbol.asyncIterator]();
    const records: Promise<AgentPoolStoreRecord[]> = take(reading, 3);
    await other.send(OUTLINE);
    await pool.leaveRun("run.writer");
    expect((await records).map(({ payload }) => payload.type)).toEqual(["run_message", "run_message", "member_left"]);
    expect(await stream.drain()).toEqual(await records);
  });

  it("after a cursor beyond its end begins when it gets there", async () => {
    const pool = await team();
    const next = pool.watchPool({ sequence: 5 })[Symbol.asyncIterator]().next();
    await pool.send(OUTLINE);
    expect((await next).value?.cursor.sequence).toBe(6);
  });
});

it("a frame that comes while the pool is closing is still given, and then it is over", async () => {
  const pool = await team();
  const [events, history] = [pool.subscribe()[Symbol.asyncIterator](), pool.watchPool()[Symbol.asyncIterator]()];
  await events.next();
  await history.next();
  void pool.send(OUTLINE);
  await pool.close();
  expect(await take(events, 4)).toHaveLength(4);
  expect(await take(history, 5)).toHaveLength(5);
  for (const reading of [events, history]) {
    expect([await reading.next(), await reading.next()]).toEqual([DONE, DONE]);
  }
});

it("what is wrong with the arguments is told by the first `next()`, and then it is over", async () => {
  const pool = await team();
  const streams = [
    pool.subscribe(anything({ kinds: 5 })),
    pool.subscribe({}, anything({ cursor: 5 })),
    pool.subscribe({}, anything({ signal: {} })),
    pool.subscribe({}, anything({ signals: undefined })),
    pool.watchPool(anything({ sequence: -1 })),
    pool.watchPool(undefined, anything({ signal: 5 })),
  ];
  for (const stream of streams) {
    const reading: AsyncIterator<unknown, undefined> = stream[Symbol.asyncIterator]();
    expect(await refusal(reading.next())).toMatchObject({ code: "invalid_input" });
    expect(await reading.next()).toEqual(DONE);
  }
});

/** Whether a promise has still not settled when everything else is done. */
async function pending(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => false), settle().then(() => true)]);
}

function hostEvent({ cursor, event }: EventFrame, event_id: string): EventFrame {
  const envelope = { ...event.envelope, event_id, event_family: "tool", event_kind: "tool_completed" } as const;
  return { cursor, event: { ...event, envelope } };
}
