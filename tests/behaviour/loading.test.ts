import { AgentPool, load } from "agent-pool";
import { expect, it } from "vitest";

import { refusal } from "./support.js";

// One file shares one copy of the package: each test finds what the previous one has left.

it("a load that fails is told with its cause, to all who waited for it", async () => {
  const cause = new Error("no network");
  const wasm = Promise.reject(cause);
  const failures = await Promise.all([
    refusal(load({ wasm })),
    refusal(AgentPool.build({ poolId: "pool.a" })),
    refusal(AgentPool.build({ poolId: "pool.b" })),
  ]);
  for (const failure of failures) expect(failure).toMatchObject({ code: "load_failed", retry: "Retryable", cause });
});

it("what is no module is told as such", async () => {
  expect(await refusal(load({ wasm: new Uint8Array([1, 2, 3]) }))).toMatchObject({ code: "load_failed" });
  expect(await refusal(load({ wasm: new Response("", { status: 404 }) }))).toMatchObject({ code: "load_failed" });
  expect(await refusal(load({ wasm: 5 as never }))).toMatchObject({ code: "invalid_input" });
  expect(await refusal(load({ url: "" } as never))).toMatchObject({ code: "invalid_input" });
  const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  expect(await refusal(load(module as never))).toMatchObject({ message: "options: is not an object" });
});

it("the next call tries again, and later ones need not be told where the module is", async () => {
  const [pool] = await Promise.all([
    AgentPool.build({ poolId: "pool.a" }),
    load(),
    AgentPool.build({ poolId: "pool.b" }),
  ]);
  expect(pool.poolId).toBe("pool.a");
  await load({ wasm: "of no interest any more" });
});
