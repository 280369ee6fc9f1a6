import { AgentPool } from "agent-pool-panic-probe";
import { expect, it } from "vitest";

import { busyPool, busyReaders, expectOff, makeFlushPanic, panics } from "./panics.js";

it("a panic turns the package off: who waits and who comes later is told, and nobody hangs", async () => {
  await makeFlushPanic(false);
  const { pool: busy, waiting, answer } = await busyPool();
  const pool = await AgentPool.build({ poolId: "pool.probed" });
  const { told } = await busyReaders(pool);
  const error = await panics(pool.flush());
  await told;
  expect((error.cause as Error).message).toMatch(/^panicked at .*\.rs:\d+:\d+$/);
  await waiting;
  await expectOff([pool, busy], answer);
});
