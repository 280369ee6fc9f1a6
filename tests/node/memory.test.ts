import { AgentPool, logicalClock, type PoolStream } from "agent-pool";
import { expect, it } from "vitest";

import { initSync } from "../../pkg/dist/wasm/agent_pool.js";
import { OUTLINE, joinTeam } from "../behaviour/support.js";

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
  for await (const _ of pool.subscribe()) break;
  const read = [readToTheEnd(pool.subscribe()), readToTheEnd(pool.watchPool())];
  await pool.close();
  await Promise.all(read);
}

async function readToTheEnd(stream: PoolStream<unknown>): Promise<void> {
  for await (const _ of stream);
}

it("a pool that was closed gives back all that it took", async () => {
  const lives = async (count: number): Promise<{ memory: number; references: number }> => {
    for (let life = 0; life < count; life += 1) await live();
    // Answers what is loaded already.
    const { memory, __wbindgen_externrefs } = initSync({ module: new Uint8Array() });
    return { memory: memory.buffer.byteLength, references: __wbindgen_externrefs.length };
  };
  const after = await lives(100);
  expect(await lives(400)).toEqual(after);
});
