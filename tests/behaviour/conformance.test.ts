/// <reference types="../../pkg/node_modules/vite/types/importMeta.d.ts" />
import { describe, expect, it } from "vitest";

import { comparable } from "../conformance/comparable.js";
import { parse } from "../conformance/json.mjs";
import { hostPorts, memoryPorts, slowHostPorts, textPorts } from "../conformance/ports.mjs";
import { run, type Script } from "../conformance/runner.mjs";

// A browser cannot read files, so the texts are bundled with the test.
const scripts = import.meta.glob<string>("../conformance/scripts/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});
const traces = import.meta.glob<string>("../conformance/traces/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});

const names = Object.keys(scripts).map((path) => path.slice(path.lastIndexOf("/") + 1));

it("the corpus is there", () => {
  expect(names).toHaveLength(143);
});

describe.each([
  ["its own ports, in memory", memoryPorts],
  ["ports of a host that answer at once", hostPorts],
  ["ports of a host that take their time", slowHostPorts],
  ["ports of a host that take text", textPorts],
])("the built package, with %s, leaves the trace of the reference", (_, ports) => {
  it.each(names)("%s", async (name) => {
    const trace = await run(parse(scripts[`../conformance/scripts/${name}`]!) as Script, ports);
    expect(comparable(trace)).toEqual(comparable(parse(traces[`../conformance/traces/${name}`]!)));
  });
});
