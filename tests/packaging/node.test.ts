import { describe, expect, it } from "vitest";

import { node, project } from "./support/project.js";
import { CONVERSE, DELIVERED, DELIVERED_ON_NODE, onNode } from "./support/programs.js";

const REQUIRE = `const { AgentPool } = require("agent-pool");`;
const WASM = `require.resolve("agent-pool/wasm")`;

describe("on Node the package loads one module, when", () => {
  it.each<[string, string, string]>([
    ["a module imports it", "main.mjs", onNode()],
    ["a script requires it", "main.cjs", onNode("{}", REQUIRE)],
    ["a script imports it", "main.cjs", `import("agent-pool").then(({ AgentPool }) => { ${onNode("{}", "")} });`],
    ["it is told the file that `agent-pool/wasm` is", "main.cjs", onNode(`{ wasm: ${WASM} }`, REQUIRE)],
    [
      "a module imports and a script requires it: to both it is the same",
      "main.mjs",
      onNode(
        "{}",
        `import { createRequire } from "node:module";
         import { AgentPool, AgentPoolError } from "agent-pool";
         const required = createRequire(import.meta.url)("agent-pool");
         if (required.AgentPool !== AgentPool || required.AgentPoolError !== AgentPoolError) throw new Error("no");`,
      ),
    ],
  ])("%s", async (_, file, program) => {
    const folder = await project({ [file]: program });
    expect(JSON.parse(await node(folder, file))).toEqual(DELIVERED_ON_NODE);
  });
});

const IMPORTS = `
  import { AgentPool } from "agent-pool";
  import { parentPort } from "node:worker_threads";`;

const REQUIRES = `
  ${REQUIRE}
  const { parentPort } = require("node:worker_threads");`;

it.each([
  ["a module", "worker.mjs", IMPORTS],
  ["a script", "worker.cjs", REQUIRES],
])("it works in a worker thread that runs %s", async (_, file, head) => {
  const main = `
    import { Worker } from "node:worker_threads";
    new Worker("./${file}").once("message", (outcome) => console.log(JSON.stringify(outcome)));`;
  const worker = `${head} ${CONVERSE} converse().then((delivered) => parentPort.postMessage(delivered));`;
  expect(JSON.parse(await node(await project({ "main.mjs": main, [file]: worker }), "main.mjs"))).toEqual(DELIVERED);
});

it("the contracts of `agent-pool/testing` are tried in the one module that the package loads", async () => {
  const program = `
    let instances = 0;
    WebAssembly.Instance = class extends WebAssembly.Instance {
      constructor(...from) { super(...from); instances += 1; }
    };
    import { AgentPool, MemoryJournal } from "agent-pool";
    import { journalContract } from "agent-pool/testing";
    await AgentPool.build({ poolId: "pool.own" });
    for (const { run } of journalContract(() => new MemoryJournal())) await run();
    console.log(instances);`;
  expect(await node(await project({ "main.mjs": program }), "main.mjs")).toBe("1");
});
