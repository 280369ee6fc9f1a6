import { AgentPool } from "agent-pool";
import { describe, expect, test } from "vitest";

import { refusal } from "./support.js";

describe("a misspelt field of the host's own options is refused, so that nothing fails open", () => {
  test("in policies", async () => {
    const messagePolicy = { requiredPolicyRefs: ["policy.a"] } as object;
    const wakePolicy = { envelopeOnly: false } as object;
    for (const [policies, place] of [
      [{ messagePolicy }, "options.messagePolicy.requiredPolicyRefs"],
      [{ wakePolicy }, "options.wakePolicy.envelopeOnly"],
    ] as const) {
      const error = await refusal(AgentPool.build({ poolId: "pool.x", ...policies }));
      expect(error).toMatchObject({ code: "invalid_input", message: expect.stringContaining(place) });
    }
  });

  test("of streams", async () => {
    const pool = await AgentPool.build({ poolId: "pool.x" });
    const options = { sginal: AbortSignal.abort() } as object;
    for (const stream of [pool.subscribe({}, options), pool.watchPool(undefined, options)]) {
      const refused = { code: "invalid_input", message: expect.stringContaining("options.sginal") };
      expect(await refusal(stream.drain())).toMatchObject(refused);
    }
  });

  test("and told what it may be", async () => {
    const pool = await AgentPool.build({ poolId: "pool.x" });
    const error = await refusal(pool.close({ timeout: 1 } as object));
    expect(error.message).toBe("options.timeout: is unknown; known: timeoutMillis");
  });

  test("in requests to start a run", async () => {
    const pool = await AgentPool.build({ poolId: "pool.x", runLauncher: () => "handle" });
    const request = { run_id: "r1", agent_id: "ag1", inptu: 1 };
    const error = await refusal(pool.startRun(request));
    expect(error).toMatchObject({ code: "invalid_input", message: expect.stringContaining("request.inptu") });
    expect(await pool.members()).toEqual([]);
    await pool.close();
  });
});

test("a pool is made by `build` alone", () => {
  const Made = AgentPool as unknown as new (handle: object) => AgentPool;
  const refused = { code: "invalid_input", message: "AgentPool: is made by AgentPool.build" };
  expect(() => new Made({ poolId: "pool.x" })).toThrow(expect.objectContaining(refused));
});

test("what merely looks like a part of the package is refused, by the compiler too", async () => {
  const lookalikes = [
    // @ts-expect-error It has the methods of a `MemoryStore` but is none.
    () => AgentPool.build({ poolId: "pool.x", store: { records: async () => [] } }),
    // @ts-expect-error It has the members of a `SeededIds` but is none.
    () => AgentPool.build({ poolId: "pool.x", ids: { seed: 5n } }),
    // @ts-expect-error It has the methods of a `MemoryJournal` but is none.
    () => AgentPool.build({ poolId: "pool.x", journal: { records: async () => [] } }),
  ];
  for (const build of lookalikes) expect(await refusal(build())).toMatchObject({ code: "invalid_input" });
});
