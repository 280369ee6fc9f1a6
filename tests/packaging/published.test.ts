import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { expect, inject, it } from "vitest";

import { node, project } from "./support/project.js";

it("publint has nothing to say", async () => {
  const folder = join(await project({}), "node_modules/agent-pool");
  const { messages, pkg } = await publint({ pkgDir: folder, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

it("attw finds the types of every entry right", async () => {
  const attw = fileURLToPath(new URL("./node_modules/@arethetypeswrong/cli/dist/index.js", import.meta.url));
  // The package has only ES modules, so a script that requires it gets a module. Where `require` can load one,
  // TypeScript knows this itself (typescript.test.ts); where it cannot, `engines` excludes that version of Node.
  const flags = ["--profile", "esm-only", "--format", "json"];
  const { stdout } = await promisify(execFile)(process.execPath, [attw, inject("tarball"), ...flags]);
  const { analysis, problems } = JSON.parse(stdout) as {
    analysis: { entrypoints: object };
    problems?: { [kind: string]: { resolutionKind: string }[] };
  };
  expect(Object.keys(analysis.entrypoints)).toEqual(expect.arrayContaining([".", "./testing", "./wasm", "./package.json"]));
  expect(Object.keys(problems ?? {}).filter((kind) => kind !== "CJSResolvesToESM")).toEqual([]);
});

it("the package has its licences, its manifest nothing of our tools, and its JavaScript is in few files", async () => {
  const folder = join(await project({}), "node_modules/agent-pool");
  const files = await readdir(folder, { recursive: true });
  expect(files).toEqual(expect.arrayContaining(["LICENSE-APACHE", "LICENSE-MIT", "README.md", "wasm.d.ts"]));
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  expect(manifest).toMatchObject({ sideEffects: false, type: "module", license: "MIT OR Apache-2.0" });
  expect(manifest).not.toHaveProperty("dependencies");
  expect(manifest).not.toHaveProperty("devDependencies");
  expect(manifest).not.toHaveProperty("repository");
  expect(manifest).not.toHaveProperty("scripts");
  const scripts = files.filter((file) => file.endsWith(".js"));
  expect(scripts.length).toBeLessThanOrEqual(3);
});

it("importing the package does nothing: no request, no file, no module, no global", async () => {
  const folder = await project({
    "main.mjs": `
      const touched = [];
      for (const name of ["fetch", "queueMicrotask", "setTimeout", "addEventListener"]) {
        globalThis[name] = () => touched.push(name);
      }
      for (const name of ["compile", "instantiate", "Module", "Instance", "Memory"]) {
        WebAssembly[name] = function () { touched.push(name); };
      }
      process.getBuiltinModule = () => touched.push("getBuiltinModule");
      const before = Object.getOwnPropertyNames(globalThis);
      await import("agent-pool");
      const after = Object.getOwnPropertyNames(globalThis);
      console.log(JSON.stringify([...touched, ...after.filter((name) => !before.includes(name))]));
    `,
  });
  expect(await node(folder, "main.mjs")).toBe("[]");
});

it("users see the names of the classes", async () => {
  const folder = await project({
    "main.mjs": `
      import * as all from "agent-pool";
      const classes = Object.entries(all).filter(([name]) => /^[A-Z]/.test(name));
      console.log(JSON.stringify(classes.map(([name, made]) => [name, made.name])));
    `,
  });
  const names = JSON.parse(await node(folder, "main.mjs")) as [string, string][];
  expect(names.length).toBeGreaterThanOrEqual(5);
  for (const [exported, own] of names) expect(own).toBe(exported);
});
