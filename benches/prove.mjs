// Proves, before anything is timed, that both contenders do the same work.
import { close, openPackage, openYardstick } from "./contenders.mjs";

/**
 * @import { PortKind } from "./ports.mjs"
 * @import { Contender } from "./contenders.mjs"
 * @import { Workload } from "./workloads/workload.mjs"
 */

const ROUNDS = 2;

/**
 * Runs a small instance on both contenders and compares answers, records and frames.
 *
 * @param {Workload} workload
 * @param {PortKind} ports
 * @throws {Error} which says where they differ.
 */
export async function prove(workload, ports) {
  const instance = workload.make(workload.small);
  const opening = (/** @type {Contender["name"]} */ name) => ({ ...instance.ports?.(name), keepsAll: true });
  const ours = await shown(workload, instance, await openPackage(ports, opening("package")));
  const theirs = await shown(workload, instance, openYardstick(ports, opening("yardstick")));
  for (const part of /** @type {const} */ (["answers", "records", "frames"])) {
    const place = difference(ours[part], theirs[part], part);
    if (place !== undefined) throw new Error(`${workload.id}, ${ports} ports: the contenders differ in ${place}`);
  }
}

/**
 * @param {Workload} workload
 * @param {import("./workloads/workload.mjs").Instance} instance
 * @param {Contender} contender
 */
async function shown(workload, instance, contender) {
  await instance.fill(contender);
  const answers = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // Copied at once, as the yardstick returns the objects that it keeps and may change.
    answers.push(structuredClone(await (await instance.round(contender))()));
  }
  await close(contender);
  const { records = [], frames = [] } = contender.sink;
  if (!workload.isConcurrent) return { answers, records, frames };
  // The order of the records is not promised, but what is sent to whom is.
  return { answers: answers.map(withoutCursors), records: [], frames: frames.map(what).sort() };
}

/** @param {unknown} receipts */
function withoutCursors(receipts) {
  return /** @type {{ journal_cursor?: string }[]} */ (receipts).map(({ journal_cursor: _, ...receipt }) => receipt);
}

/** @param {import("../pkg/dist/index.js").EventFrame} frame */
function what({ event: { envelope } }) {
  return `${envelope.run_id} ${envelope.event_kind} ${envelope.message_id}`;
}

/**
 * The place where two values differ, as data; `undefined` if they are equal.
 *
 * @param {unknown} ours
 * @param {unknown} theirs
 * @param {string} place
 * @returns {string | undefined}
 */
function difference(ours, theirs, place) {
  if (Object.is(ours, theirs)) return undefined;
  const isBoth = typeof ours === "object" && typeof theirs === "object" && ours !== null && theirs !== null;
  if (!isBoth || Array.isArray(ours) !== Array.isArray(theirs)) {
    return `${place}: ${JSON.stringify(ours)} and ${JSON.stringify(theirs)}`;
  }
  const [left, right] = /** @type {Record<string, unknown>[]} */ ([ours, theirs]);
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const found = difference(left?.[key], right?.[key], `${place}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
