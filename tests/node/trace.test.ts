import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

import { comparable } from "../conformance/comparable.js";
import { parse, stringify } from "../conformance/json.mjs";

const at = (path: string): string => fileURLToPath(new URL(`../conformance/${path}`, import.meta.url));

it.each(["h39_cursors.json", "h44_bad_ids.json"])(
  "trace.mjs prints the trace of %s, compact and sorted",
  async (name) => {
    const { stdout } = await promisify(execFile)(process.execPath, [at("trace.mjs"), at(`scripts/${name}`)]);
    expect(comparable(parse(stdout))).toEqual(comparable(parse(readFileSync(at(`traces/${name}`), "utf8"))));
    expect(stdout).toBe(`${stringify(parse(stdout))}\n`);
  },
);

it.each([
  ["", "not JSON: no token at 0"],
  ["{", "not JSON: no token at 1"],
  ["null", "`name` must be a text"],
  ['{"name":"s","ops":[]}', "`pools` must be a list"],
  ['{"name":"s","pools":[{"handle":5}],"ops":[]}', "`pools[0].handle` must be a text"],
  ['{"name":"s","pools":[]}', "`ops` must be a list"],
])("trace.mjs says in one line why %j is no script", (text, why) => {
  const file = join(mkdtempSync(join(tmpdir(), "agent-pool-")), "script.json");
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync(process.execPath, [at("trace.mjs"), file], { encoding: "utf8" });
  rmSync(dirname(file), { recursive: true });
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: "", stderr: `trace: ${file}: ${why}\n` });
});
