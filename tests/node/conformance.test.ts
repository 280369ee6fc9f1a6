import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

import { parse, stringify, type Json } from "../conformance/json.mjs";
import { hostPorts, memoryPorts, slowHostPorts } from "../conformance/ports.mjs";
import { run, type Script } from "../conformance/runner.mjs";

const corpus = new URL("../conformance/", import.meta.url);
const names = readdirSync(new URL("scripts/", corpus)).filter((name) => name.endsWith(".json"));

function read(kind: "scripts" | "traces", name: string): Json {
  return parse(readFileSync(new URL(`${kind}/${name}`, corpus), "utf8"));
}

/** Everything must be equal but for the messages of errors. */
function comparable(trace: unknown): unknown {
  const {
    results,
    open_errors = {},
    ...rest
  } = trace as {
    results: { err?: { message: string } }[];
    open_errors?: { [handle: string]: { message: string } };
  };
  const untold = <Shown extends { message: string }>(shown: Shown) => ({ ...shown, message: undefined });
  return {
    ...rest,
    results: results.map((result) => (result.err === undefined ? result : { err: untold(result.err) })),
    open_errors: Object.fromEntries(Object.entries(open_errors).map(([handle, error]) => [handle, untold(error)])),
  };
}

it("the corpus is there", () => {
  expect(names.length).toBeGreaterThan(100);
});

describe.each([
  ["its own ports, in memory", memoryPorts],
  ["ports of a host that answer at once", hostPorts],
  ["ports of a host that take their time", slowHostPorts],
])("the built package, with %s, leaves the trace of the reference", (_, ports) => {
  it.each(names)("%s", async (name) => {
    const trace = await run(read("scripts", name) as Script, ports);
    expect(comparable(trace)).toEqual(comparable(read("traces", name)));
  });
});

it.each(["h39_cursors.json", "h44_bad_ids.json"])(
  "trace.mjs prints the trace of %s, compact and sorted",
  async (name) => {
    const tool = fileURLToPath(new URL("trace.mjs", corpus));
    const script = fileURLToPath(new URL(`scripts/${name}`, corpus));
    const { stdout } = await promisify(execFile)(process.execPath, [tool, script]);
    expect(comparable(parse(stdout))).toEqual(comparable(read("traces", name)));
    expect(stdout).toBe(`${stringify(parse(stdout))}\n`);
  },
);
