// esbuild does not follow `new URL(…, import.meta.url)`, so it has to be told of the module: by an import of
// `agent-pool/wasm`, as a file that it bundles, or by the address of a copy.

import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { describe, expect, it } from "vitest";

import { visit } from "./support/page.js";
import { node, project } from "./support/project.js";
import { DELIVERED, DELIVERED_ON_NODE, PAGE, html, inWorker, onNode, onPage } from "./support/programs.js";
import { serve } from "./support/server.js";

const IMPORT_FILE = `import wasm from "agent-pool/wasm";`;
const MODULE = "node_modules/agent-pool/dist/wasm/agent_pool_bg.wasm";

/** Bundles main.js, or another entry, into dist/. A warning of esbuild is an error here. */
async function bundle(folder: string, options: esbuild.BuildOptions, entry = "main.js"): Promise<void> {
  const { warnings } = await esbuild.build({
    absWorkingDir: folder,
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    outdir: "dist",
    logLevel: "silent",
    ...options,
  });
  expect(warnings.map((warning) => warning.text)).toEqual([]);
}

const BUNDLED = PAGE.replace("./main.js", "./dist/main.js");

describe("with esbuild a page loads one module,", () => {
  it("taken along with `loader: { \".wasm\": \"file\" }` and given as `wasm`", async () => {
    const folder = await project({ "index.html": BUNDLED, "main.js": IMPORT_FILE + onPage("{ wasm }") });
    await bundle(folder, { loader: { ".wasm": "file" }, publicPath: "/dist" });
    const served = await serve(folder);
    expect(await visit(served.address)).toMatchObject({ outcome: { delivered: DELIVERED }, complaints: [] });
    expect(served.modules).toEqual([expect.stringMatching(/^\/dist\/agent_pool_bg-\w+\.wasm$/)]);
  });

  it("copied beside the bundle, and named by an address relative to it", async () => {
    const wasm = `{ wasm: new URL("./agent_pool_bg.wasm", import.meta.url) }`;
    const folder = await project({ "index.html": BUNDLED, "main.js": onPage(wasm) });
    await bundle(folder, {});
    await copyFile(join(folder, MODULE), join(folder, "dist/agent_pool_bg.wasm"));
    const served = await serve(folder);
    expect(await visit(served.address)).toMatchObject({ outcome: { delivered: DELIVERED }, complaints: [] });
    expect(served.modules).toEqual(["/dist/agent_pool_bg.wasm"]);
  });

  it("or none, with `loader: { \".wasm\": \"binary\" }`: the bytes are in the bundle", async () => {
    const folder = await project({ "index.html": BUNDLED, "main.js": IMPORT_FILE + onPage("{ wasm }") });
    await bundle(folder, { loader: { ".wasm": "binary" } });
    const served = await serve(folder);
    expect(await visit(served.address)).toMatchObject({ outcome: { delivered: DELIVERED }, complaints: [] });
    expect(served.modules).toEqual([]);
  });

  it("from a classic service worker too", async () => {
    const main = `
      const { port1: worker, port2 } = new MessageChannel();
      await navigator.serviceWorker.register("./dist/worker.js", { scope: "/dist/" }).then(async (registration) => {
        const installing = registration.installing;
        installing.addEventListener("statechange", () => {
          if (installing.state === "activated") installing.postMessage("begin", [port2]);
        });
      });
      worker.onmessage = ({ data }) => (globalThis.outcome = data);`;
    const files = { "main.js": main, "worker.js": IMPORT_FILE + inWorker("{ wasm }") };
    const folder = await project({ "index.html": html(`<script type="module" src="./main.js"></script>`), ...files });
    const silent = { "empty-import-meta": "silent" } as const;
    await bundle(
      folder,
      { format: "iife", loader: { ".wasm": "file" }, publicPath: "/dist", logOverride: silent },
      "worker.js",
    );
    const served = await serve(folder);
    expect(await visit(served.address)).toMatchObject({ outcome: { delivered: DELIVERED }, complaints: [] });
    expect(served.modules).toEqual([expect.stringMatching(/^\/dist\/agent_pool_bg-\w+\.wasm$/)]);
  });
});

describe("with esbuild a bundle for Node loads one module,", () => {
  it("as a module, with the module's file taken along", async () => {
    const wasm = `{ wasm: new URL(wasm, import.meta.url) }`;
    const folder = await project({ "main.js": IMPORT_FILE + onNode(wasm) });
    await bundle(folder, { platform: "node", loader: { ".wasm": "file" } });
    await node(folder, "-e", `fs.rmSync("node_modules", { recursive: true })`);
    expect(JSON.parse(await node(folder, "dist/main.js"))).toEqual(DELIVERED_ON_NODE);
  });

  it("as a script, with the bytes in the bundle", async () => {
    const folder = await project({ "main.js": IMPORT_FILE + onNode("{ wasm }") });
    const silent = { "empty-import-meta": "silent" } as const;
    await bundle(folder, {
      platform: "node",
      target: "node20",
      format: "cjs",
      loader: { ".wasm": "binary" },
      outExtension: { ".js": ".cjs" },
      logOverride: silent,
    });
    await node(folder, "-e", `fs.rmSync("node_modules", { recursive: true })`);
    expect(JSON.parse(await node(folder, "dist/main.cjs"))).toEqual(DELIVERED_ON_NODE);
  });
});

describe("told nothing, an esbuild bundle fails to load, and says why:", () => {
  it("a page asked beside its bundle, where the module is not", async () => {
    const folder = await project({ "index.html": BUNDLED, "main.js": onPage() });
    await bundle(folder, {});
    const { outcome } = await visit((await serve(folder)).address);
    const cause = expect.stringMatching(/answered 404 for .*\/dist\/wasm\/agent_pool_bg\.wasm/);
    expect(outcome).toMatchObject({ code: "load_failed", cause });
  });

  it("a script does not know where it is", async () => {
    const folder = await project({ "main.js": onNode() });
    const silent = { "empty-import-meta": "silent" } as const;
    await bundle(folder, { platform: "node", format: "cjs", outExtension: { ".js": ".cjs" }, logOverride: silent });
    const told = JSON.parse(await node(folder, "dist/main.cjs"));
    expect(told).toMatchObject({ code: "load_failed", cause: expect.stringContaining("give the option `wasm`") });
  });
});

it("what a page imports and does not use costs it nothing", async () => {
  const folder = await project({ "main.js": `import { AgentPool } from "agent-pool"; console.log(1);` });
  await bundle(folder, {});
  expect(await readFile(join(folder, "dist/main.js"), "utf8")).toMatch(/^[^\n]*\n*console\.log\(1\);\n$/);
});
