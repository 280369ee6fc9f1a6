// Pages without a bundler: the files as they are in the tarball, served.

import { describe, expect, it } from "vitest";

import { visit } from "./support/page.js";
import { project } from "./support/project.js";
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
  const page = async (scriptSources: string): Promise<string> => {
    const policy = [
      "default-src 'none'",
      "img-src data:",
      "connect-src 'self'",
      `script-src ${scriptSources}`,
      "require-trusted-types-for 'script'",
    ].join("; ");
    const folder = await project({ "index.html": PAGE, "main.js": onPage("{}", FILE) });
    return (await serve(folder, { "content-security-policy": policy })).address;
  };

  it("a page needs 'wasm-unsafe-eval' and nothing else", async () => {
    const { outcome, complaints } = await visit(await page("'self' 'wasm-unsafe-eval'"));
    expect(outcome).toEqual({ delivered: DELIVERED });
    expect(complaints).toEqual([]);
  });

  it("without it the load fails, and says why", async () => {
    const { outcome } = await visit(await page("'self'"));
    expect(outcome).toMatchObject({ code: "load_failed", cause: expect.stringMatching(/Content Security Policy/) });
  });
});

describe("without a bundler the package works in", () => {
  const NEW_WORKER = `const worker = new Worker("./worker.js", { type: "module" }); worker.postMessage("begin");`;
  const NEW_SHARED_WORKER = `const worker = new SharedWorker("./worker.js", { type: "module" }).port; worker.start();`;
  // The first worker of its kind is told nothing until it is there.
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
