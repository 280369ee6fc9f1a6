import { AgentPool } from "agent-pool-panic-probe";
import { it } from "vitest";

import { busyPool, expectOff, makeFlushPanic, panics } from "./panics.js";

it("a panic in a call from within a callback ends the operation around it too, though the host hides it", async () => {
  await makeFlushPanic(false);
  const { pool: busy, waiting, answer } = await busyPool();
  const other = await AgentPool.build({ poolId: "pool.probed" });
  const pool = await AgentPool.build({
    poolId: "pool.team",
    journal: () => {
      other.flush().catch(() => undefined);
    },
  });
  await panics(pool.joinRun({ run_id: "run.a", agent_id: "agent.a" }));
  await waiting;
  await expectOff([pool, other, busy], answer);
});
