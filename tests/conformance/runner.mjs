// Runs conformance scripts through the built package, as README.md describes it.

import { AgentPool, AgentPoolError, MemoryStore, logicalClock } from "../../pkg/dist/index.js";
import { memoryPorts } from "./ports.mjs";

/**
 * @typedef {import("./json.mjs").Json} Json
 * @typedef {{ [key: string]: Json }} Fields
 * @typedef {{ name: string, pools: Fields[], ops: Fields[] }} Script
 * @typedef {{ kind: string, retry?: string, message: string }} ErrorInTrace
 */

/** What a trace shows as an error. */
class Failure extends Error {
  /** @param {ErrorInTrace} shown */
  constructor(shown) {
    super(shown.message);
    this.shown = shown;
  }

  /** @param {string} message */
  static malformed(message) {
    return new Failure({ kind: "Deserialize", message });
  }
}

/**
 * Instances of one kind, by name. They exist from their first mention.
 *
 * @template Instance
 */
class Instances {
  /** @type {Map<string, Instance>} */
  #known = new Map();
  #make;

  /** @param {() => Instance} make */
  constructor(make) {
    this.#make = make;
  }

  /**
   * Uses an instance, which is only known from then on if the mention is well-formed.
   *
   * @template Value
   * @param {string} name
   * @param {(instance: Instance) => Promise<Value>} use
   */
  async use(name, use) {
    const instance = this.#known.get(name) ?? this.#make();
    try {
      const value = await use(instance);
      this.#known.set(name, instance);
      return value;
    } catch (error) {
      if (!isMalformed(error)) this.#known.set(name, instance);
      throw error;
    }
  }

  /**
   * @param {(instance: Instance, name: string) => Promise<unknown>} show
   * @returns {Promise<{ [name: string]: unknown }>}
   */
  async shown(show) {
    const shown = [...this.#known].map(async ([name, instance]) => [name, await show(instance, name)]);
    return Object.fromEntries(await Promise.all(shown));
  }
}

/**
 * Runs a script and answers its trace.
 *
 * @param {Script} script
 * @param {import("./ports.mjs").Ports} ports
 */
export async function run(script, ports = memoryPorts) {
  const runner = new Runner(ports);
  /** @type {{ [handle: string]: ErrorInTrace }} */
  const openErrors = {};
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
   * What a trace shows of an operation. It ends when the buses have its events: the reference's are never behind.
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
      messagePolicy: optional(fields, "message_policy"),
      wakePolicy: optional(fields, "wake_policy"),
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

  /** What the operations left behind. */
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

/** @type {[string, (pool: AgentPool, fields: Fields) => Promise<unknown>][]} */
const POOL_OPERATIONS = [
  ["join_run", (pool, fields) => pool.joinRun(required(fields, "member"))],
  ["leave_run", (pool, fields) => pool.leaveRun(required(fields, "run_id"))],
  ["send", (pool, fields) => pool.send(required(fields, "message"))],
  [
    "record_message_status",
    (pool, fields) =>
      pool.recordMessageStatus(
        required(fields, "message"),
        required(fields, "status"),
        optional(fields, "delivered_to"),
      ),
  ],
  [
    "suspend_until",
    (pool, fields) => pool.suspendUntil(required(fields, "run_id"), required(fields, "condition")),
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

/**
 * A field that must be there. That it is of the right type is for the package to find out.
 *
 * @template Value
 * @param {Fields} fields
 * @param {string} name
 * @returns {Value}
 */
function required(fields, name) {
  if (!Object.hasOwn(fields, name)) throw Failure.malformed(`missing field \`${name}\``);
  return /** @type {Value} */ (fields[name]);
}

/**
 * A field that may be absent, or null.
 *
 * @template Value
 * @param {Fields} fields
 * @param {string} name
 * @returns {Value | undefined}
 */
function optional(fields, name) {
  return /** @type {Value | undefined} */ (fields[name] ?? undefined);
}

/**
 * A field that is the runner's own business.
 *
 * @param {Fields} fields
 * @param {string} name
 */
function text(fields, name) {
  const value = required(fields, name);
  if (typeof value !== "string") throw Failure.malformed(`invalid type: ${typeof value}, expected a string`);
  return value;
}

/** @param {unknown} error */
function isMalformed(error) {
  return error instanceof AgentPoolError && error.code === "invalid_input";
}

/**
 * @param {unknown} error
 * @returns {ErrorInTrace}
 */
function shown(error) {
  if (error instanceof Failure) return error.shown;
  if (!(error instanceof AgentPoolError)) throw error;
  const { kind, retry, message } = error;
  return isMalformed(error) ? { kind: "Deserialize", message } : { kind, retry, message };
}
