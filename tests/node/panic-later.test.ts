import { AgentPool } from "agent-pool-panic-probe";
import { it } from "vitest";

import { busyPool, busyReaders, expectOff, makeFlushPanic, panics } from "./panics.js";

it("a panic in the midst of an operation that waited does the same, and does not end the process", async () => {
  await makeFlushPanic(true);
  const { pool: busy, waiting, answer } = await busyPool();
  const pool = await AgentPool.build({ poolId: "pool.probed" });
  const { told } = await busyReaders(pool);
  await panics(pool.flush());
  await told;
  await waiting;
  await expectOff([pool, busy], answer);
});
