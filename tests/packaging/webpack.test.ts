import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import webpack from "webpack";

import { visit } from "./support/page.js";
import { node, project } from "./support/project.js";
import { DELIVERED, DELIVERED_ON_NODE, PAGE, inWorker, onNode, onPage } from "./support/programs.js";
import { serve } from "./support/server.js";

/** Bundles a project in place. A warning of webpack is an error here. */
async function bundle(folder: string, configuration: webpack.Configuration): Promise<void> {
  const compiler = webpack({
    context: folder,
    mode: "production",
    entry: "./main.js",
    output: { path: join(folder, "dist") },
    performance: false,
    ...configuration,
  });
  const stats = await promisify(compiler.run.bind(compiler))();
  await promisify(compiler.close.bind(compiler))();
  const { errors = [], warnings = [] } = stats?.toJson() ?? {};
  expect([...errors, ...warnings].map((complaint) => complaint.message)).toEqual([]);
}

describe("webpack takes the module along by itself", () => {
  it.each([
    ["to a page", { "main.js": onPage() }],
    [
      "to a worker",
      {
        "main.js": `
          const worker = new Worker(new URL("./worker.js", import.meta.url));
          worker.addEventListener("message", ({ data }) => (globalThis.outcome = data));
          worker.postMessage("begin");`,
        "worker.js": inWorker(),
      },
    ],
  ])("%s", async (_, files) => {
    const folder = await project({ "index.html": PAGE.replace("./main.js", "./dist/main.js"), ...files });
    await bundle(folder, { target: "web" });
    const served = await serve(folder);
    expect(await visit(served.address)).toMatchObject({ outcome: { delivered: DELIVERED }, complaints: [] });
    expect(served.modules).toEqual([expect.stringMatching(/^\/dist\/\w+\.wasm$/)]);
    expect((await readdir(join(folder, "dist"))).filter((name) => name.endsWith(".wasm"))).toHaveLength(1);
  });

  it("to a script for Node, as frameworks bundle what renders their pages", async () => {
    const folder = await project({ "main.js": onNode() }, { type: "module" });
    await bundle(folder, { target: "node20", output: { path: join(folder, "dist"), filename: "main.cjs" } });
    await node(folder, "-e", `fs.rmSync("node_modules", { recursive: true })`);
    expect(JSON.parse(await node(folder, "dist/main.cjs"))).toEqual(DELIVERED_ON_NODE);
  });
});
