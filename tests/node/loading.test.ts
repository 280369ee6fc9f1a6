import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const dist = new URL("../../pkg/dist/", import.meta.url);
const wasm = new URL("wasm/agent_pool_bg.wasm", dist);

/** Runs a script in a separate process, where nothing is loaded yet. Returns what the script passes to `tell`. */
async function inNewProcess(script: string): Promise<unknown> {
  const prelude = `
    const dist = ${JSON.stringify(dist.href)};
    const file = ${JSON.stringify(wasm.href)};
    const tell = (told) => console.log(JSON.stringify(told));
    const wrong = (error) => [error.code, error.message, String(error.cause)];
    const ofAnotherBuild = async () => {
      const { readFile } = await import("node:fs/promises");
      const bytes = await readFile(new URL(file));
      const name = bytes.indexOf("agent-pool-") + "agent-pool-".length;
      bytes[name] = bytes[name] === 0x30 ? 0x31 : 0x30;
      return bytes;
    };
    let instances = 0;
    const { Instance } = WebAssembly;
    WebAssembly.Instance = class extends Instance {
      constructor(...all) {
        super(...all);
        instances++;
      }
      static [Symbol.hasInstance](instance) {
        return instance instanceof Instance;
      }
    };
  `;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "--eval",
    prelude + script,
  ]);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

const IMPORT = `const { AgentPool, MemoryJournal, load } = await import(dist + "index.js");`;

it("importing the package does nothing but define it", async () => {
  const told = await inNewProcess(`
    const before = Object.getOwnPropertyNames(globalThis).length;
    globalThis.fetch = () => instances++;
    ${IMPORT}
    new MemoryJournal();
    tell([instances, Object.getOwnPropertyNames(globalThis).length - before]);
  `);
  expect(told).toEqual([0, 0]);
});

it("a module that nobody looks at, as another load is under way or done, may fail", async () => {
  const told = await inNewProcess(`
    ${IMPORT}
    const failing = () => Promise.reject(new Error("no such file"));
    const builds = [AgentPool.build({ poolId: "a" }), AgentPool.build({ poolId: "b", wasm: failing() })];
    await Promise.all(builds);
    await load({ wasm: failing() });
    await new Promise((resolve) => setTimeout(resolve, 10));
    tell(instances);
  `);
  expect(told).toBe(1);
});

it("the first builds, at the same time, load once, and so do all after them", async () => {
  const told = await inNewProcess(`
    ${IMPORT}
    const pools = await Promise.all([
      AgentPool.build({ poolId: "pool.a" }),
      load(),
      AgentPool.build({ poolId: "pool.b" }),
      new MemoryJournal().records(),
    ]);
    await load();
    const last = await AgentPool.build({ poolId: "pool.c" });
    tell([instances, pools[0].poolId, pools[2].poolId, last.poolId]);
  `);
  expect(told).toEqual([1, "pool.a", "pool.b", "pool.c"]);
});

it("malformed options are refused before anything is loaded", async () => {
  const told = await inNewProcess(`
    ${IMPORT}
    const error = await AgentPool.build({ poolId: "pool.a", jurnal: 1 }).catch((error) => error);
    tell([error.code, instances]);
  `);
  expect(told).toEqual(["invalid_input", 0]);
});

it("a failed load is told with its cause, to all who waited for it, and the next call tries again", async () => {
  const told = await inNewProcess(`
    ${IMPORT}
    const failing = [AgentPool.build({ poolId: "pool.a", wasm: "/nowhere/agent_pool.wasm" }), load()];
    const failures = await Promise.all(failing.map((failing) => failing.catch(wrong)));
    await load();
    tell(failures);
  `);
  const failure = ["load_failed", "the WebAssembly module could not be loaded", expect.stringContaining("ENOENT")];
  expect(told).toEqual([failure, failure]);
});

describe("the module may be given as", () => {
  it.each<[string, string]>([
    ["an address of a file", "new URL(file)"],
    ["an address of a file, as a text", "file"],
    ["a path", "fileURLToPath(file)"],
    ["bytes", "await readFile(new URL(file))"],
    ["a buffer", "new Uint8Array(await readFile(new URL(file))).buffer"],
    ["a response", "new Response(await readFile(new URL(file)), { headers: { 'content-type': 'application/wasm' } })"],
    ["a response of a server that does not know wasm", "new Response(await readFile(new URL(file)))"],
    [
      "a response whose type has a parameter",
      "new Response(await readFile(new URL(file)), { headers: { 'content-type': 'application/wasm; charset=utf-8' } })",
    ],
    [
      "the bytes of another realm",
      "runInNewContext('Uint8Array.from(bytes).buffer', { bytes: await readFile(new URL(file)) })",
    ],
    ["a view of other elements than bytes", "new DataView(Uint8Array.from(await readFile(new URL(file))).buffer)"],
    [
      "a view of a part of a buffer",
      `await readFile(new URL(file)).then((bytes) => {
        const more = Buffer.alloc(3, 0xff);
        return new DataView(Buffer.concat([more, bytes, more]).buffer, 3, bytes.length);
      })`,
    ],
    ["the address of a blob", "URL.createObjectURL(new Blob([await readFile(new URL(file))]))"],
    ["a compiled module", "await WebAssembly.compile(await readFile(new URL(file)))"],
    ["a promise of one of these", "readFile(new URL(file))"],
  ])("%s", async (_, source) => {
    const told = await inNewProcess(`
      import { readFile } from "node:fs/promises";
      import { fileURLToPath } from "node:url";
      import { runInNewContext } from "node:vm";
      ${IMPORT}
      const pool = await AgentPool.build({ poolId: "pool.a", wasm: ${source} });
      tell([pool.poolId, instances]);
    `);
    expect(told).toEqual(["pool.a", 1]);
  });

  it("a compiled module of another realm", async () => {
    const told = await inNewProcess(`
      import { readFile } from "node:fs/promises";
      import { runInNewContext } from "node:vm";
      ${IMPORT}
      const wasm = runInNewContext("new WebAssembly.Module(bytes)", { bytes: await readFile(new URL(file)) });
      const pool = await AgentPool.build({ poolId: "pool.a", wasm });
      tell([wasm instanceof WebAssembly.Module, pool.poolId]);
    `);
    expect(told).toEqual([false, "pool.a"]);
  });

  it("an address on the web", async () => {
    const bytes = await readFile(wasm);
    const server = createServer((request, response) => {
      const isThere = request.url === "/agent_pool.wasm";
      response.writeHead(isThere ? 200 : 404, { "content-type": "application/wasm" }).end(isThere ? bytes : "");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const address = server.address() as { port: number };
      const told = await inNewProcess(`
        ${IMPORT}
        const web = "http://127.0.0.1:${address.port}/";
        const failure = await load({ wasm: web.replace("http", "HTTP") + "elsewhere.wasm" }).catch(wrong);
        await load({ wasm: new URL(web + "agent_pool.wasm") });
        tell(failure);
      `);
      const cause = expect.stringMatching(/404 for http:.*\/elsewhere\.wasm$/);
      expect(told).toEqual(["load_failed", expect.any(String), cause]);
    } finally {
      server.close();
    }
  });
});

describe("no module is", () => {
  it.each<[string, string]>([
    ["a number", "5"],
    ["null", "null"],
    ["an object", "({})"],
    ["a promise of an object", "Promise.resolve({})"],
  ])("%s", async (_, source) => {
    const told = await inNewProcess(`${IMPORT} tell(await load({ wasm: ${source} }).catch(wrong));`);
    expect(told).toEqual(["invalid_input", expect.stringMatching(/^options\.wasm: /), "undefined"]);
  });

  it.each<[string, string, RegExp]>([
    ["bytes of something else", "new Uint8Array([1, 2, 3])", /CompileError/],
    [
      "a module of something else",
      "new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))",
      /not the module/,
    ],
    ["the module of another build", "await ofAnotherBuild()", /module of another build/],
    ["a response that tells of a failure", "new Response('gone', { status: 410 })", /410/],
    [
      "a page that stands for a missing file",
      "new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })",
      /no WebAssembly but text\/html/,
    ],
    ["a path on a drive, which is no scheme", "'c:/nowhere.wasm'", /ENOENT/],
    ["a page of no known type", "new Response(new Uint8Array([60, 33]))", /no WebAssembly but no content type/],
    ["a promise that is broken", "Promise.reject(new Error('no network'))", /no network/],
  ])("%s", async (_, source, cause) => {
    const told = await inNewProcess(`
      ${IMPORT}
      const failure = await load({ wasm: ${source} }).catch(wrong);
      await load();
      tell(failure);
    `);
    expect(told).toEqual(["load_failed", expect.any(String), expect.stringMatching(cause)]);
  });
});

it("where nothing gives the files, though something is called `process`, the module is fetched", async () => {
  const told = await inNewProcess(`
    import { readFileSync } from "node:fs";
    const bytes = readFileSync(new URL(file));
    const fetched = [];
    globalThis.fetch = async (address) => (fetched.push(String(address) === file), new Response(bytes));
    process.getBuiltinModule = undefined;
    ${IMPORT}
    await load();
    tell(fetched);
  `);
  expect(told).toEqual([true]);
});

it("the package works in a worker", async () => {
  const told = await inNewProcess(`
    import { Worker } from "node:worker_threads";
    const work = \`
      import("\${dist}index.js").then(async ({ AgentPool }) => {
        const { parentPort } = await import("node:worker_threads");
        const pool = await AgentPool.build({ poolId: "pool.worker" });
        await pool.joinRun({ run_id: "run.a", agent_id: "agent.a" });
        parentPort.postMessage(await pool.members());
      });\`;
    const worker = new Worker(work, { eval: true });
    worker.once("error", tell).once("message", tell);
  `);
  expect(told).toEqual([{ run_id: "run.a", agent_id: "agent.a" }]);
});
