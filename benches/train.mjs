// The work that the package is optimised for: fifty thousand sends to a run, over ports that take objects, texts or
// promises, and a little of everything else that should be quick too. `cargo xtask profile` runs it on a package whose
// functions count their calls.
//
//     node benches/train.mjs DIST COUNTS
//
//     DIST    the folder of the package
//     COUNTS  the file to write the counts to

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [dist = "", counts = ""] = process.argv.slice(2);

/** @type {any} */
let exported;
// In a module that counts, functions that only wasm-bindgen's tool calls are still there. Their imports are not, so
// they get stand-ins.
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, [module, given]) {
    const imports = { ...given };
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      imports[from] = { [name]: () => 0, ...imports[from] };
    }
    const instance = new target(module, imports);
    exported = instance.exports;
    return instance;
  },
});

const { AgentPool, logicalClock } = await import(pathToFileURL(resolve(dist, "index.js")).href);

const PORTS = {
  object: { journal: { append() {} }, eventBus: { publish() {}, subscribe: () => [] } },
  text: { journal: { appendJson() {} }, eventBus: { publishJson() {}, subscribe: () => [] } },
  async: {
    journal: { append: async () => undefined },
    eventBus: { publish: async () => undefined, subscribe: () => [] },
  },
  batches: {
    journal: { append: async () => undefined, appendBatch: async () => undefined },
    eventBus: { publish() {}, subscribe: () => [] },
  },
};

/**
 * @param {keyof typeof PORTS} kind
 * @param {number} members
 */
async function open(kind, members) {
  const clock = logicalClock();
  const pool = await AgentPool.build({ poolId: "pool.train", ...PORTS[kind], clock, wakeMatching: "on_message" });
  for (let index = 0; index < members; index += 1) {
    const topics = index < 16 ? ["topic.train"] : [];
    await pool.joinRun({ run_id: `run-${index}`, agent_id: `agent-${index}`, topics });
  }
  return pool;
}

const TO = {
  target: { type: "run", run_id: "run-1" },
  destination_ref: { kind: "agent", id: "run-1", privacy: "content_refs_only", retention: "host_policy" },
  related_refs: [{ kind: "run", id: "run-1", privacy: "content_refs_only" }],
};

/** @param {number} number @param {object} to */
const message = (number, to, from = "run-0") => ({
  message_id: `message.${number}`,
  from,
  to,
  content_ref: `content.${number}`,
  correlation: {},
  idempotency_key: `key.${number}`,
});

/** @type {[keyof typeof PORTS, number][]} */
const SENDS = [
  ["object", 20],
  ["text", 10],
  ["async", 20],
];
for (const [kind, pools] of SENDS) {
  for (let round = 0; round < pools; round += 1) {
    const pool = await open(kind, 4);
    for (let number = 0; number < 1_000; number += 1) await pool.send(message(number, TO));
    await pool.flush();
    await pool.close();
  }
}

for (const kind of /** @type {(keyof typeof PORTS)[]} */ (Object.keys(PORTS))) {
  const pool = await open(kind, 64);
  const burst = [];
  for (let number = 0; number < 1_000; number += 1) burst.push(pool.send(message(number, TO, `run-${number % 64}`)));
  await Promise.all(burst);
  for (let number = 0; number < 1_000; number += 1) await pool.send(message(number, TO, `run-${number % 64}`));
  for (let number = 0; number < 50; number += 1) {
    await pool.send(message(2_000 + number, { topic: "topic.train" }));
    await pool.send(message(3_000 + number, { pool: "pool.train" }));
    await pool.suspendUntil("run-2", {
      condition_id: `condition.${number}`,
      filter: { run_ids: { include: [`run-${number}`] } },
      idempotency_key: `wake.${number}`,
    });
  }
  for (let number = 0; number < 50; number += 1) await pool.send(message(4_000 + number, TO, `run-${number}`));
  await pool.snapshot();
  await pool.flush();
  await pool.close();
}

const at = exported.counts();
writeFileSync(counts, new Uint8Array(exported.memory.buffer, at, exported.counts_length()));
