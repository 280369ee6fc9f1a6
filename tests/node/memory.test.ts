import { AgentPool, logicalClock } from "agent-pool";
import { expect, it } from "vitest";

import { OUTLINE, joinTeam } from "../behaviour/support.js";
import { wasmInstance } from "./wasm-instance.js";

async function live(): Promise<void> {
  const journal = async (): Promise<void> => undefined;
  const pool = await AgentPool.build({
    poolId: "pool.team",
    journal,
    eventBus: () => undefined,
    clock: logicalClock(),
    ids: () => "id",
    runLauncher: () => ({}),
  });
  await joinTeam(pool);
  await pool.startRun({ run_id: "run.started", agent_id: "agent.started", input: {} });
  await pool.send(OUTLINE);
  await pool.send({} as never).catch(() => undefined);
  await pool.subscribe().drain();
  await pool.close();
}

it("a pool that was closed gives back all that it took", async () => {
  const lives = async (count: number): Promise<{ memory: number; references: number }> => {
    for (let life = 0; life < count; life += 1) await live();
    const { memory, __wbindgen_externrefs: references } = wasmInstance();
    return { memory: memory.buffer.byteLength, references: references.length };
  };
  const after = await lives(100);
  expect(await lives(400)).toEqual(after);
});
