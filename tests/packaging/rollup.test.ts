import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { importMetaAssets } from "@web/rollup-plugin-import-meta-assets";
import { rollup, type Plugin } from "rollup";
import { describe, expect, it } from "vitest";

import { visit } from "./support/page.js";
import { project } from "./support/project.js";
import { DELIVERED, PAGE, onPage } from "./support/programs.js";
import { serve } from "./support/server.js";

/** Bundles main.js into dist/. A warning of Rollup is an error here. */
async function bundle(folder: string, plugins: Plugin[]): Promise<void> {
  const complaints: string[] = [];
  const bundle = await rollup({
    input: join(folder, "main.js"),
    plugins: [nodeResolve({ browser: true }), ...plugins],
    onLog: (_level, log) => void complaints.push(log.message),
  });
  await bundle.write({ dir: join(folder, "dist"), format: "es" });
  await bundle.close();
  expect(complaints).toEqual([]);
}

const BUNDLED = PAGE.replace("./main.js", "./dist/main.js");

describe("with Rollup a page loads one module,", () => {
  it("taken along by @web/rollup-plugin-import-meta-assets", async () => {
    const folder = await project({ "index.html": BUNDLED, "main.js": onPage() });
    await bundle(folder, [importMetaAssets()]);
    const served = await serve(folder);
    expect(await visit(served.address)).toMatchObject({ outcome: { delivered: DELIVERED }, complaints: [] });
    expect(served.modules).toEqual([expect.stringMatching(/^\/dist\/assets\/agent_pool_bg-.*\.wasm$/)]);
    expect(await readdir(join(folder, "dist/assets"))).toHaveLength(1);
  });

  it("or copied to where the package looks for it: in wasm/ beside the bundle", async () => {
    const folder = await project({ "index.html": BUNDLED, "main.js": onPage(), "dist/wasm/.keep": "" });
    await bundle(folder, []);
    const module = "wasm/agent_pool_bg.wasm";
    await copyFile(join(folder, "node_modules/agent-pool/dist", module), join(folder, "dist", module));
    const served = await serve(folder);
    expect(await visit(served.address)).toMatchObject({ outcome: { delivered: DELIVERED }, complaints: [] });
    expect(served.modules).toEqual(["/dist/wasm/agent_pool_bg.wasm"]);
  });
});
