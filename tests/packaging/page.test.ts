// Pages without a bundler: the files of the tarball are served as they are.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";

import { visit } from "./support/page.js";
import { project, type Files } from "./support/project.js";
import { DELIVERED, PAGE, html, inWorker, onPage } from "./support/programs.js";
import { serve } from "./support/server.js";

const FILE = "./node_modules/agent-pool/dist/index.js";
const MODULE = "/node_modules/agent-pool/dist/wasm/agent_pool_bg.wasm";

describe("a page without a bundler loads one module, as soon as it has the package", () => {
  it("by the address of the package's file", async () => {
    const served = await serve(await project({ "index.html": PAGE, "main.js": onPage("{}", FILE) }));
    expect(await visit(served.address)).toMatchObject({ outcome: { delivered: DELIVERED }, complaints: [] });
    expect(served.modules).toEqual([MODULE]);
  });

  it("by an import map", async () => {
    const map = `<script type="importmap">{ "imports": { "agent-pool": "${FILE}" } }</script>`;
    const page = html(`${map}<script type="module" src="./main.js"></script>`);
    const served = await serve(await project({ "index.html": page, "main.js": onPage() }));
    expect(await visit(served.address)).toMatchObject({ outcome: { delivered: DELIVERED }, complaints: [] });
    expect(served.modules).toEqual([MODULE]);
  });

  it.each([
    ["an address relative to the page", "$FILE"],
    ["an address", "new URL($FILE, location.href)"],
    ["a response", "await fetch($FILE)"],
    ["a promise of a response", "fetch($FILE)"],
    ["a response of a server that does not know wasm", "new Response(await (await fetch($FILE)).arrayBuffer())"],
    [
      "a response whose type has a parameter",
      "new Response((await fetch($FILE)).body, { headers: { 'content-type': 'application/wasm; charset=utf-8' } })",
    ],
    ["bytes", "await (await fetch($FILE)).arrayBuffer()"],
    ["the bytes of another realm", "await (await frame.contentWindow.fetch($FILE)).arrayBuffer()"],
    ["an address of another realm", "new frame.contentWindow.URL($FILE, location.href)"],
    ["a response of another realm", "await frame.contentWindow.fetch($FILE)"],
    [
      "a compiled module of another realm",
      "await frame.contentWindow.WebAssembly.compileStreaming(frame.contentWindow.fetch($FILE))",
    ],
    ["a compiled module", "await WebAssembly.compileStreaming(fetch($FILE))"],
    ["the address of a blob", "URL.createObjectURL(await (await fetch($FILE)).blob())"],
  ])("given as %s", async (_, source) => {
    const frame = `const frame = document.body.appendChild(document.createElement("iframe"));`;
    const wasm = source.replace("$FILE", JSON.stringify(`.${MODULE}`));
    const folder = await project({
      "index.html": PAGE,
      "main.js": `${onPage("{ wasm: await given() }", FILE)} async function given() { ${frame} return ${wasm}; }`,
    });
    const served = await serve(folder);
    expect(await visit(served.address)).toMatchObject({ outcome: { delivered: DELIVERED }, complaints: [] });
    expect(served.modules).toEqual([MODULE]);
  });
});

it("a page whose first load failed loads with the next call", async () => {
  const main = `
    import { load } from "${FILE}";
    for (const wasm of ["./nowhere.wasm", "./index.html", "http://127.0.0.1:1/"]) {
      const { code } = await load({ wasm }).then(() => ({}), (error) => error);
      if (code !== "load_failed") throw new Error(wasm + " was loaded");
    }
    ${onPage("{}", FILE)}`;
  const served = await serve(await project({ "index.html": PAGE, "main.js": main }));
  const { outcome } = await visit(served.address);
  expect(outcome).toEqual({ delivered: DELIVERED });
  expect(served.modules).toEqual(["/nowhere.wasm", MODULE]);
});

describe("under a strict content security policy", () => {
  const page = async (sources: readonly string[], options = "{}", more: Files = {}): Promise<string> => {
    const strict = ["default-src 'none'", "img-src data:", "require-trusted-types-for 'script'"];
    const policy = [...strict, ...sources].join("; ");
    const folder = await project({ "index.html": PAGE, "main.js": onPage(options, FILE), ...more });
    return (await serve(folder, { "content-security-policy": policy })).address;
  };

  it("a page needs 'wasm-unsafe-eval' and to connect to where the module is, and nothing else", async () => {
    const sources = ["script-src 'self' 'wasm-unsafe-eval'", "connect-src 'self'"];
    const { outcome, complaints } = await visit(await page(sources));
    expect(outcome).toEqual({ delivered: DELIVERED });
    expect(complaints).toEqual([]);
  });

  it("a page that has the module's bytes needs not connect", async () => {
    const bytes = await readFile(join(inject("installation"), MODULE));
    const { outcome, complaints } = await visit(
      await page(["script-src 'self' 'wasm-unsafe-eval'"], "{ wasm: (await import('./bytes.js')).default }", {
        "bytes.js": `export default Uint8Array.from(atob("${bytes.toString("base64")}"), (char) => char.charCodeAt(0));`,
      }),
    );
    expect(outcome).toEqual({ delivered: DELIVERED });
    expect(complaints).toEqual([]);
  });

  it.each([
    ["'wasm-unsafe-eval'", ["script-src 'self'", "connect-src 'self'"], /Content Security Policy/],
    ["leave to connect", ["script-src 'self' 'wasm-unsafe-eval'"], /Failed to fetch/],
  ])("without %s the load fails, and says why", async (_, sources, cause) => {
    const { outcome } = await visit(await page(sources));
    expect(outcome).toMatchObject({ code: "load_failed", cause: expect.stringMatching(cause) });
  });
});

describe("without a bundler the package works in", () => {
  const NEW_WORKER = `const worker = new Worker("./worker.js", { type: "module" }); worker.postMessage("begin");`;
  const NEW_SHARED_WORKER = `const worker = new SharedWorker("./worker.js", { type: "module" }).port; worker.start();`;
  // A page's first service worker cannot get messages until it is ready.
  const NEW_SERVICE_WORKER = `
    const { port1: worker, port2 } = new MessageChannel();
    await navigator.serviceWorker.register("./worker.js", { type: "module" });
    (await navigator.serviceWorker.ready).active.postMessage("begin", [port2]);
    worker.start();`;

  it.each([
    ["a module worker", NEW_WORKER],
    ["a shared worker", NEW_SHARED_WORKER],
    ["a service worker, which has neither `import()` nor XMLHttpRequest", NEW_SERVICE_WORKER],
  ])("%s", async (_, begin) => {
    const main = `${begin} worker.addEventListener("message", ({ data }) => (globalThis.outcome = data));`;
    const served = await serve(
      await project({ "index.html": PAGE, "main.js": main, "worker.js": inWorker("{}", FILE) }),
    );
    expect(await visit(served.address)).toMatchObject({ outcome: { delivered: DELIVERED }, complaints: [] });
    expect(served.modules).toEqual([MODULE]);
  });
});
