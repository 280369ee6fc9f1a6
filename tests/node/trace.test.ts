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

it("trace.mjs takes a script as the wire is: whole, and with more than the wire knows", () => {
  const send = (members: string): string =>
    `{"op":"send","handle":"a","message":{"from":"r1","to":{"run":"r1"},"content_ref":"c",${members}}}`;
  const operations = [
    '{"op":"join_run","handle":"a","member":{"run_id":"r1","agent_id":"a1"}}',
    send('"message_id":"m1"'),
    send('"message_id":"m1","idempotency_key":null'),
    send('"message_id":"m1","idempotency_key":"k1","expires_at_millis":1.0'),
    send('"message_id":"m1","idempotency_key":"k1","expires_at_millis":-0'),
    '{"op":"suspend_until","handle":"a","run_id":"r1","condition":{"condition_id":"w","idempotency_key":"k","run_id":"r1"}}',
    '{"op":"watch_pool","handle":"a","__proto__":{"cursor":{"sequence":9}}}',
    send('"message_id":"m1","idempotency_key":"k1","unknown":1.0'),
  ];
  const pool = '{"handle":"a","pool_id":"pool.x","store":"s","bus":"b","journal":"j","wake_policy":{"envelope_only":true,"more":1}}';
  const file = join(mkdtempSync(join(tmpdir(), "agent-pool-")), "script.json");
  writeFileSync(file, `{"name":"s","pools":[${pool}],"ops":[${operations.join()}]}`);
  const { stdout } = spawnSync(process.execPath, [at("trace.mjs"), file], { encoding: "utf8" });
  rmSync(dirname(file), { recursive: true });
  const { results } = JSON.parse(stdout) as { results: { err?: { kind: string }; ok?: unknown }[] };
  const refused = Array.from({ length: 5 }, () => "Deserialize");
  expect(results.map(({ err }) => err?.kind)).toEqual([undefined, ...refused, undefined, undefined]);
  expect(results[6]?.ok).toHaveLength(3);
});
