// Streams and pools: what a loop gets, and how they are ended.

import type { AgentPool, AgentPoolStoreRecord, EventFrame, PoolStream } from "agent-pool";
import { expectTypeOf, test } from "vitest";

declare const pool: AgentPool;

test("a loop gets frames of a subscription, and records of a watched pool", async () => {
  for await (const frame of pool.subscribe()) expectTypeOf(frame).toEqualTypeOf<EventFrame>();
  for await (const record of pool.watchPool()) expectTypeOf(record).toEqualTypeOf<AgentPoolStoreRecord>();
  expectTypeOf(pool.subscribe()).toEqualTypeOf<PoolStream<EventFrame>>();
});

test("drain answers a list", () => {
  expectTypeOf(pool.subscribe().drain()).resolves.toEqualTypeOf<EventFrame[]>();
  expectTypeOf(pool.watchPool({ sequence: 3 }).drain()).resolves.toEqualTypeOf<AgentPoolStoreRecord[]>();
});

test("a reading tells its end by a result without an item", async () => {
  await using reading = pool.subscribe()[Symbol.asyncIterator]();
  const result = await reading.next();
  if (result.done) expectTypeOf(result.value).toEqualTypeOf<undefined>();
  else expectTypeOf(result.value).toEqualTypeOf<EventFrame>();
});

test("where it begins and what ends it are options, and nothing else is", () => {
  const { signal } = new AbortController();
  const after = (frame: EventFrame) => pool.subscribe({}, { cursor: frame.cursor, signal });
  expectTypeOf(after).returns.toEqualTypeOf<PoolStream<EventFrame>>();
  pool.watchPool(undefined, { signal });
  // @ts-expect-error: a cursor of a subscription is not one of the pool's history.
  (frame: EventFrame) => pool.watchPool(frame.cursor);
  // @ts-expect-error: misspelt.
  pool.subscribe({}, { sginal: signal });
  // @ts-expect-error: a controller is not a signal.
  pool.watchPool(undefined, { signal: new AbortController() });
});

test("streams are the pool's to make", () => {
  // @ts-expect-error: only the type is exported.
  import("agent-pool").then(({ PoolStream }) => PoolStream);
});

test("a pool may be closed within a time, in milliseconds", () => {
  expectTypeOf(pool.close({ timeoutMillis: 1_000 })).resolves.toBeVoid();
  // @ts-expect-error: the name lacks its unit.
  void pool.close({ timeout: 1_000 });
  // @ts-expect-error: a signal ends streams, not pools.
  void pool.close({ signal: new AbortController().signal });
});
