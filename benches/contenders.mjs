// The contenders: the package and the yardstick, both over the same callbacks.
import { AgentPool, logicalClock } from "../pkg/dist/index.js";
import { Sink } from "./ports.mjs";
import { ExtendedPool } from "./yardstick/extended.mjs";
import { AsyncPlainPool } from "./yardstick/plain-pool.mjs";

/**
 * @import { EventBusPort, EventFrame, JournalPort, JournalRecord } from "../pkg/dist/index.js"
 * @import { PortKind } from "./ports.mjs"
 *
 * @typedef {object} Package
 * @property {"package"} name
 * @property {AgentPool} pool
 * @property {false} atOnce
 * @property {Sink} sink
 *
 * @typedef {object} Yardstick
 * @property {"yardstick"} name
 * @property {ExtendedPool} pool
 * @property {true} atOnce its operations answer at once, and are not awaited
 * @property {Sink} sink
 *
 * @typedef {object} AsyncYardstick
 * @property {"yardstick"} name
 * @property {AsyncPlainPool} pool
 * @property {false} atOnce
 * @property {Sink} sink
 *
 * @typedef {Package | Yardstick | AsyncYardstick} Contender
 */

export const POOL = "pool.bench";

/** @typedef {{ keepsAll?: boolean, journal?: any, eventBus?: any }} Opening ports to use in place of the sink's */

/**
 * @param {PortKind} ports
 * @param {Opening} [opening]
 * @returns {Promise<Package>}
 */
export async function openPackage(ports, { keepsAll = false, journal, eventBus } = {}) {
  const sink = new Sink(keepsAll);
  const host = packagePorts(ports, sink);
  const pool = await AgentPool.build({
    poolId: POOL,
    journal: journal ?? host.journal,
    eventBus: eventBus ?? host.eventBus,
    // As the yardstick does: times count events, and only the events of messages trigger wakes.
    clock: logicalClock(),
    wakeMatching: "on_message",
  });
  return { name: "package", pool, atOnce: false, sink };
}

/**
 * @param {PortKind} ports
 * @param {Opening} [opening]
 * @returns {Yardstick | AsyncYardstick}
 */
export function openYardstick(ports, { keepsAll = false, journal, eventBus } = {}) {
  const sink = new Sink(keepsAll);
  const host = yardstickPorts(ports, sink);
  const append = journal?.append ?? host.append;
  const publish = eventBus?.publish ?? host.publish;
  return ports === "async"
    ? { name: "yardstick", pool: new AsyncPlainPool(POOL, append, publish), atOnce: false, sink }
    : { name: "yardstick", pool: new ExtendedPool(POOL, append, publish), atOnce: true, sink };
}

/**
 * The bus has `subscribe`, so the pool does not keep the frames; nor does the yardstick.
 *
 * @param {PortKind} kind
 * @param {Sink} sink
 * @returns {{ journal: JournalPort, eventBus: EventBusPort }}
 */
function packagePorts(kind, sink) {
  const subscribe = () => [];
  if (kind === "text") {
    return {
      journal: { appendJson: (line) => sink.appendJson(line) },
      eventBus: { publishJson: (text) => sink.publishJson(text), subscribe },
    };
  }
  const { append, publish } = yardstickPorts(kind, sink);
  return { journal: { append }, eventBus: { publish, subscribe } };
}

/**
 * @param {PortKind} kind
 * @param {Sink} sink
 * @returns {{ append: (record: JournalRecord) => any, publish: (frame: EventFrame) => any }}
 */
function yardstickPorts(kind, sink) {
  switch (kind) {
    case "object":
      return { append: (record) => sink.append(record), publish: (frame) => sink.publish(frame) };
    case "text":
      return {
        append: (record) => sink.appendJson(JSON.stringify(record)),
        publish: (frame) => sink.publishJson(JSON.stringify(frame)),
      };
    case "async":
      return { append: async (record) => sink.append(record), publish: async (frame) => sink.publish(frame) };
  }
}

/**
 * Closes a contender's pool. The yardstick needs no closing.
 *
 * @param {Contender} contender
 */
export async function close(contender) {
  if (contender.name === "package") await contender.pool.close();
}
