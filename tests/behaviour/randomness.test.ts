import { seededIds } from "agent-pool";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { OUTLINE, anything, refusalWithoutTrace, team } from "./support.js";

const { message_id: _, ...UNNAMED } = OUTLINE;

beforeEach(() => {
  vi.stubGlobal("crypto", {
    getRandomValues: () => {
      throw new Error("no entropy");
    },
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

it.each([
  ["a message", (pool) => pool.send(UNNAMED)],
  ["a message that demands policies", (pool) => pool.send({ ...UNNAMED, policy_refs: ["policy.read"] })],
  // Its address has a field that nobody knows, so it is sent by the general path.
  ["a message that is not plain", (pool) => pool.send(anything({ ...UNNAMED, to: { ...UNNAMED.to, field: 1 } }))],
  ["a wake", (pool) => pool.suspendUntil("run.writer", { filter: {} })],
] satisfies [string, (pool: Awaited<ReturnType<typeof team>>) => Promise<unknown>][])(
  "without randomness %s without an id is refused, and leaves no trace",
  async (_, operation) => {
    const pool = await team();
    const error = await refusalWithoutTrace(pool, () => operation(pool));
    expect(error).toMatchObject({ code: "randomness_unavailable", kind: "HostConfigurationNeeded" });
  },
);

it("without randomness what has an id goes on", async () => {
  const pool = await team();
  expect(await pool.send(OUTLINE)).toMatchObject({ message_id: OUTLINE.message_id, status: "delivered" });
});

it("without randomness a source of ids of the host's serves", async () => {
  const pool = await team({ ids: seededIds(1) });
  expect((await pool.send(UNNAMED)).message_id).toMatch(/^message\.[0-9a-f]{32}$/);
});
