import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished, describe, expect, it } from "vitest";
import * as vite from "vite";
import * as vite7 from "vite-7";

import { visit } from "./support/page.js";
import { node, project } from "./support/project.js";
import { DELIVERED, DELIVERED_ON_NODE, PAGE, inWorker, onNode, onPage } from "./support/programs.js";

const PLAIN = { "index.html": PAGE, "main.js": onPage() };

const WITH_WORKER = {
  "index.html": PAGE,
  "main.js": `
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }) => (globalThis.outcome = data));
    worker.postMessage("begin");`,
  "worker.js": inWorker(),
};

/** No configuration, as in most projects. */
function configuration(root: string, complaints: string[] = []) {
  const complain = (message: string): void => void complaints.push(message);
  const customLogger = { ...vite.createLogger("warn"), warn: complain, warnOnce: complain, error: complain };
  return { root, configFile: false, logLevel: "warn", customLogger, server: LOCAL, preview: LOCAL } as const;
}

const LOCAL = { host: "127.0.0.1", port: 0, strictPort: false } as const;

interface Server {
  readonly resolvedUrls: { readonly local: string[] } | null;
  close(): Promise<void>;
}

/** The address of a server, which listens until the test is over. */
function addressOf(server: Server): string {
  onTestFinished(() => server.close());
  return server.resolvedUrls?.local[0] ?? "";
}

describe.each([
  ["a page", PLAIN],
  ["a page with a worker", WITH_WORKER],
])("Vite, without any configuration: %s", (_, files) => {
  it("built and previewed loads one module, and Vite has nothing to complain of", async () => {
    const folder = await project(files);
    const complaints: string[] = [];
    const config = configuration(folder, complaints);
    await vite.build(config);
    expect((await readdir(join(folder, "dist/assets"))).filter((name) => name.endsWith(".wasm"))).toHaveLength(1);
    const visited = await visit(addressOf(await vite.preview(config)));
    expect(visited).toMatchObject({ outcome: { delivered: DELIVERED }, complaints: [] });
    expect(visited.modules).toEqual([expect.stringMatching(/^assets\/agent_pool_bg-.*\.wasm$/)]);
    expect(complaints).toEqual([]);
  });

  it("on the development server loads one module, for all that the optimiser moves the package elsewhere", async () => {
    const folder = await project(files);
    const complaints: string[] = [];
    const server = await vite.createServer(configuration(folder, complaints));
    await server.listen();
    const visited = await visit(addressOf(server));
    expect(visited).toMatchObject({ outcome: { delivered: DELIVERED }, complaints: [] });
    expect(visited.modules).toEqual(["node_modules/agent-pool/dist/wasm/agent_pool_bg.wasm"]);
    expect(await readdir(join(folder, "node_modules/.vite/deps"))).toContain("agent-pool.js");
    expect(complaints).toEqual([]);
  });
});

describe("Vite 7, whose optimiser leaves the module behind,", () => {
  const visited = async (optimizeDeps: vite7.DepOptimizationOptions) => {
    const config = { ...configuration(await project(PLAIN)), optimizeDeps };
    const server = await vite7.createServer(config as vite7.InlineConfig);
    await server.listen();
    return visit(addressOf(server));
  };

  it("works with `optimizeDeps: { exclude: [\"agent-pool\"] }`", async () => {
    const { outcome, modules } = await visited({ exclude: ["agent-pool"] });
    expect(outcome).toEqual({ delivered: DELIVERED });
    expect(modules).toEqual(["node_modules/agent-pool/dist/wasm/agent_pool_bg.wasm"]);
  });

  it("gets an error without it that says where the module was looked for", async () => {
    const { outcome } = await visited({});
    expect(outcome).toMatchObject({ code: "load_failed", cause: expect.stringContaining(".vite/deps/wasm/agent_pool") });
  });
});

describe("Vite on the server's side loads one module", () => {
  const program = { "main.js": onNode() };

  it("built as it comes: the package stays outside the bundle", async () => {
    const folder = await project(program);
    await vite.build({ ...configuration(folder), build: { ssr: "main.js" } });
    expect(JSON.parse(await node(folder, "dist/main.js"))).toEqual(DELIVERED_ON_NODE);
  });

  it("built into one bundle, with the module laid beside it and named by `wasm`", async () => {
    const wasm = `{ wasm: new URL("./agent_pool_bg.wasm", import.meta.url) }`;
    const folder = await project({ "main.js": onNode(wasm), "public/.keep": "" });
    await node(folder, "-e", `fs.copyFileSync(require.resolve("agent-pool/wasm"), "public/agent_pool_bg.wasm")`);
    await vite.build({ ...configuration(folder), build: { ssr: "main.js" }, ssr: { noExternal: true } });
    await node(folder, "-e", `fs.rmSync("node_modules", { recursive: true })`);
    expect(JSON.parse(await node(folder, "dist/main.js"))).toEqual(DELIVERED_ON_NODE);
  });

  it("on the development server (`ssrLoadModule`)", async () => {
    const program = onPage().replaceAll("globalThis.outcome", "globalThis.ssrOutcome");
    const folder = await project({ "main.js": `${program} export const done = 1;` });
    const vite = new URL("../../pkg/node_modules/vite/dist/node/index.js", import.meta.url);
    const main = `
      import { createServer } from ${JSON.stringify(vite.href)};
      const server = await createServer({ configFile: false, server: { middlewareMode: true, ws: false } });
      await server.ssrLoadModule("/main.js");
      while (globalThis.ssrOutcome === undefined) await new Promise((resolve) => setImmediate(resolve));
      await server.close();
      console.log(JSON.stringify(globalThis.ssrOutcome));`;
    expect(JSON.parse(await node(folder, "--input-type=module", "-e", main))).toEqual({ delivered: DELIVERED });
  });
});
