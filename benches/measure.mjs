// Times a workload. Both contenders run in one process, round by round; each goes first every other round.
import { close, openPackage, openYardstick } from "./contenders.mjs";
import { prove } from "./prove.mjs";
import { workloads } from "./workloads/index.mjs";

/**
 * @import { PortKind } from "./ports.mjs"
 * @import { Contender } from "./contenders.mjs"
 * @import { Instance, Workload } from "./workloads/workload.mjs"
 *
 * @typedef {object} Measured
 * @property {string} id
 * @property {PortKind} ports
 * @property {number[]} package microseconds per operation, for each round
 * @property {number[]} yardstick likewise
 * @property {"processor" | "day"} clock
 * @property {string[]} notes
 */

/**
 * `leastRounds` are run however long they take. Both contenders need some warm-up rounds until their code is compiled:
 * one, and up to `warmUps` within `WARM_UP_MILLIS`.
 */
const FULL = { warmUps: 10, leastRounds: 9, mostRounds: 41, budgetMillis: 2_000 };
/** For rounds that may take so long that a few of them must be enough. */
const SLOW = { warmUps: 10, leastRounds: 3, mostRounds: 21, budgetMillis: 3_000 };
const QUICK = { warmUps: 1, leastRounds: 3, mostRounds: 3, budgetMillis: 0 };
const WARM_UP_MILLIS = 1_000;

/**
 * @param {string} id
 * @param {PortKind} ports
 * @param {{ isQuick: boolean, processorMicros?: (() => number) | undefined }} options
 *   `isQuick`: few rounds at the smallest size, which show that the workload runs, but not how fast; `processorMicros`:
 *   a clock of processor time, if there is one
 * @returns {Promise<Measured>}
 */
export async function measure(id, ports, { isQuick, processorMicros }) {
  const workload = workloads.find((one) => one.id === id);
  if (workload === undefined) throw new Error(`no workload ${id}`);
  await prove(workload, ports);
  const instance = workload.make(isQuick ? workload.small : workload.full);
  const plan = isQuick ? QUICK : workload.isSlow ? SLOW : FULL;
  const { operations } = isQuick ? workload.small : workload.full;
  // Concurrent sends mostly wait, which processor time does not show.
  const micros = workload.isConcurrent ? undefined : processorMicros;
  const contest = new Contest(workload, instance, ports, operations, micros);
  await contest.open();
  const times = { package: /** @type {number[]} */ ([]), yardstick: /** @type {number[]} */ ([]) };
  const warmBy = performance.now() + WARM_UP_MILLIS;
  for (let round = 0; round < plan.warmUps; round += 1) {
    if (round > 0 && performance.now() > warmBy) break;
    await contest.round(round);
  }
  const endsBy = performance.now() + plan.budgetMillis;
  for (let round = 0; round < plan.mostRounds; round += 1) {
    if (round >= plan.leastRounds && performance.now() > endsBy) break;
    const taken = await contest.round(round);
    times.package.push(taken.package);
    times.yardstick.push(taken.yardstick);
  }
  await contest.close();
  const note = instance.note?.() ?? "";
  const clock = micros === undefined ? "day" : "processor";
  return { id, ports, ...times, clock, notes: note === "" ? [] : [note] };
}

const dayMicros = () => performance.now() * 1_000;

/**
 * Not the whole heap: after a full collection V8 begins with a small nursery, which costs the contender that allocates
 * most.
 */
function clearNursery() {
  globalThis.gc?.({ type: "minor" });
}

class Contest {
  #workload;
  #instance;
  #ports;
  #operations;
  #micros;
  /** @type {Contender[]} */
  #contenders = [];

  /**
   * @param {Workload} workload
   * @param {Instance} instance
   * @param {PortKind} ports
   * @param {number} operations
   * @param {() => number} [micros] reads the clock: time of day, or processor time
   */
  constructor(workload, instance, ports, operations, micros = dayMicros) {
    this.#workload = workload;
    this.#instance = instance;
    this.#ports = ports;
    this.#operations = operations;
    this.#micros = micros;
  }

  async open() {
    await this.close();
    this.#contenders = [
      await openPackage(this.#ports, this.#instance.ports?.("package")),
      openYardstick(this.#ports, this.#instance.ports?.("yardstick")),
    ];
    for (const contender of this.#contenders) await this.#instance.fill(contender);
    if (!this.#workload.isFresh) globalThis.gc?.();
  }

  /**
   * The time of an operation for each contender.
   *
   * @param {number} round
   */
  async round(round) {
    if (this.#workload.isFresh) await this.open();
    const taken = { package: 0, yardstick: 0 };
    const order = round % 2 === 0 ? this.#contenders : [...this.#contenders].reverse();
    for (const contender of order) taken[contender.name] = await this.#time(contender);
    return taken;
  }

  /** @param {Contender} contender */
  async #time(contender) {
    const run = await this.#instance.round(contender);
    // Clearing the nursery twice moves what was prepared out of it.
    clearNursery();
    clearNursery();
    const start = this.#micros();
    await run();
    // The package does not wait for an asynchronous bus; the yardstick has waited by now.
    if (contender.name === "package" && this.#ports === "async") await contender.pool.flush();
    // Each contender pays for clearing its own garbage.
    clearNursery();
    return (this.#micros() - start) / this.#operations;
  }

  async close() {
    for (const contender of this.#contenders) await close(contender);
    this.#contenders = [];
  }
}
