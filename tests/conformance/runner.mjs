// Runs conformance scripts through the built package, as README.md describes it.

import { AgentPool, MemoryStore, logicalClock } from "../../pkg/dist/index.js";
import { Failure, shown } from "./failure.mjs";
import { known, optional, required, text, whole } from "./fields.mjs";
import { Instances } from "./instances.mjs";
import { memoryPorts } from "./ports.mjs";

/**
 * @typedef {import("./fields.mjs").Fields} Fields
 * @typedef {{ name: string, pools: Fields[], ops: Fields[] }} Script
 * @typedef {import("./failure.mjs").ErrorInTrace} ErrorInTrace
 */

/**
 * Runs a script and returns its trace.
 *
 * @param {Script} script
 * @param {import("./ports.mjs").Ports} ports
 */
export async function run(script, ports = memoryPorts) {
  const runner = new Runner(ports);
  /** @type {{ [handle: string]: ErrorInTrace }} */
  const openErrors = Object.create(null);
  for (const pool of script.pools) {
    const result = await runner.result(() => runner.open(pool));
    if ("err" in result) openErrors[String(pool.handle)] = result.err;
  }
  const results = [];
  for (const operation of script.ops) results.push(await runner.result(() => runner.step(operation)));
  const trace = { name: script.name, results, ...(await runner.state()) };
  return Object.keys(openErrors).length === 0 ? trace : { ...trace, open_errors: openErrors };
}

class Runner {
  /** @type {Map<string, AgentPool>} */
  #handles = new Map();
  /** @type {Map<string, Set<string>>} the pools that were opened in a store */
  #pools = new Map();
  /** @type {Instances<MemoryStore>} */
  #stores = new Instances(() => new MemoryStore());
  #journals;
  #buses;

  /** @param {import("./ports.mjs").Ports} ports */
  constructor(ports) {
    this.#journals = new Instances(ports.journal);
    this.#buses = new Instances(ports.bus);
  }

  /**
   * What a trace shows of an operation. It waits until the buses have the operation's events, as the reference's buses
   * are never behind.
   *
   * @param {() => Promise<unknown>} operation
   * @returns {Promise<{ ok: unknown } | { err: ErrorInTrace }>}
   */
  async result(operation) {
    try {
      return { ok: (await operation()) ?? null };
    } catch (error) {
      return { err: shown(error) };
    } finally {
      for (const pool of this.#handles.values()) await pool.flush();
    }
  }

  /** @param {Fields} fields */
  async step(fields) {
    const name = text(fields, "op");
    if (name === "open") return this.open(fields);
    if (name === "publish") return this.#publish(fields);
    const call = CALLS.get(name);
    if (call === undefined) throw new Failure({ kind: "UnknownOp", message: `unknown op ${name}` });
    const handle = text(fields, "handle");
    const pool = this.#handles.get(handle);
    if (pool === undefined) throw new Failure({ kind: "UnknownHandle", message: `no open handle ${handle}` });
    return call(pool, fields);
  }

  /** @param {Fields} fields */
  async open(fields) {
    const handle = text(fields, "handle");
    const poolId = required(fields, "pool_id");
    const [storeName, busName, journalName] = [text(fields, "store"), text(fields, "bus"), text(fields, "journal")];
    const policies = {
      messagePolicy: known(optional(fields, "message_policy"), ["include_sender_in_pool_broadcast", "required_policy_refs"]),
      wakePolicy: known(optional(fields, "wake_policy"), ["envelope_only"]),
      policyRefs: optional(fields, "policy_refs"),
    };
    const pool = await this.#stores.use(storeName, (store) =>
      this.#buses.use(busName, ({ port: eventBus }) =>
        this.#journals.use(journalName, ({ port: journal }) =>
          AgentPool.build({
            poolId: /** @type {string} */ (poolId),
            store,
            eventBus,
            journal,
            clock: logicalClock(),
            wakeMatching: "on_message",
            ...policies,
          }),
        ),
      ),
    );
    this.#handles.set(handle, pool);
    this.#pools.set(storeName, (this.#pools.get(storeName) ?? new Set()).add(pool.poolId));
    return pool.poolId;
  }

  /** @param {Fields} fields */
  async #publish(fields) {
    const name = text(fields, "bus");
    const frame = /** @type {import("./ports.mjs").EventFrame} */ (required(fields, "frame"));
    await this.#buses.use(name, (bus) => bus.publish(frame));
  }

  /** What the operations have left behind. */
  async state() {
    return {
      journals: await this.#journals.shown((journal) => journal.records()),
      buses: await this.#buses.shown((bus) => bus.frames()),
      stores: await this.#stores.shown(async (store, name) => {
        const pools = [...(this.#pools.get(name) ?? [])];
        return Object.fromEntries(await Promise.all(pools.map(async (id) => [id, await store.records(id)])));
      }),
    };
  }
}

const MESSAGE_NAMES = ["message_id", "idempotency_key"];
const CONDITION_MEMBERS = ["condition_id", "idempotency_key", "run_id", "filter"];

/** @type {[string, (pool: AgentPool, fields: Fields) => Promise<unknown>][]} */
const POOL_OPERATIONS = [
  ["join_run", (pool, fields) => pool.joinRun(required(fields, "member"))],
  ["leave_run", (pool, fields) => pool.leaveRun(required(fields, "run_id"))],
  ["send", (pool, fields) => pool.send(whole(fields, "message", MESSAGE_NAMES))],
  [
    "record_message_status",
    (pool, fields) =>
      pool.recordMessageStatus(
        whole(fields, "message", MESSAGE_NAMES),
        required(fields, "status"),
        optional(fields, "delivered_to"),
      ),
  ],
  [
    "suspend_until",
    (pool, fields) => pool.suspendUntil(required(fields, "run_id"), whole(fields, "condition", CONDITION_MEMBERS)),
  ],
  ["poll_wake", (pool, fields) => pool.pollWake(required(fields, "condition_id"))],
  ["cancel_wake", (pool, fields) => pool.cancelWake(required(fields, "condition_id"))],
  ["members", (pool) => pool.members()],
  ["snapshot", (pool) => pool.snapshot()],
  [
    "subscribe",
    (pool, fields) => pool.subscribe(required(fields, "filter"), { cursor: optional(fields, "cursor") }).drain(),
  ],
  ["scope_filter", (pool, fields) => pool.scopeFilter(required(fields, "filter"))],
  ["compile_scoped_filter", (pool, fields) => pool.compileScopedFilter(required(fields, "filter"))],
  ["watch_pool", (pool, fields) => pool.watchPool(optional(fields, "cursor")).drain()],
];
const CALLS = new Map(POOL_OPERATIONS);
