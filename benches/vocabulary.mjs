// The members and messages of the workloads, in their full wire form, as the yardstick reads nothing else.
import { POOL } from "./contenders.mjs";

/**
 * @import { AgentPoolMember, MessageReceipt, RunMessage } from "../pkg/dist/index.js"
 * @import { Contender } from "./contenders.mjs"
 *
 * @typedef {{ run: string } | { topic: string } | "pool"} To
 */

/**
 * @param {string} name
 * @param {string[]} [topics]
 * @returns {AgentPoolMember}
 */
export function member(name, topics) {
  return { run_id: `run.${name}`, agent_id: `agent.${name}`, ...(topics && { topics }) };
}

/**
 * @param {string} name
 * @param {number} count
 * @returns {string[]} names, numbered from 0
 */
export function names(name, count) {
  return Array.from({ length: count }, (_, index) => `${name}-${index}`);
}

/**
 * The message with this number. No two numbers give the same message.
 *
 * @param {number} number
 * @param {string} from a run's name
 * @param {To} to
 * @returns {RunMessage}
 */
export function message(number, from, to) {
  return {
    message_id: `message.${number}`,
    from: `run.${from}`,
    to: address(to),
    content_ref: `content.${number}`,
    correlation: {},
    idempotency_key: `key.${number}`,
  };
}

/**
 * @param {To} to
 * @returns {RunMessage["to"]}
 */
function address(to) {
  if (to === "pool") return addressOf({ type: "pool", pool_id: POOL }, "agent_pool", "agent_pool", POOL);
  if ("topic" in to) return addressOf({ type: "topic", topic_id: to.topic }, "topic", "topic", to.topic);
  const run = `run.${to.run}`;
  return addressOf({ type: "run", run_id: run }, "agent", "run", run);
}

/**
 * @param {RunMessage["to"]["target"]} target
 * @param {RunMessage["to"]["destination_ref"]["kind"]} destination
 * @param {"run" | "topic" | "agent_pool"} kind
 * @param {string} id
 * @returns {RunMessage["to"]}
 */
function addressOf(target, destination, kind, id) {
  return {
    target,
    destination_ref: { kind: destination, id, privacy: "content_refs_only", retention: "host_policy" },
    related_refs: [{ kind, id, privacy: "content_refs_only" }],
  };
}

/**
 * @param {Contender} contender
 * @param {AgentPoolMember[]} members
 */
export async function joinAll({ pool }, members) {
  for (const joining of members) await pool.joinRun(joining);
}

/**
 * Sends messages one after the other. A contender that answers at once is not awaited.
 *
 * @param {Contender} contender
 * @param {RunMessage[]} messages
 */
export async function sendAll(contender, messages) {
  /** @type {MessageReceipt[]} */
  const receipts = new Array(messages.length);
  if (contender.atOnce) {
    const { pool } = contender;
    for (let index = 0; index < messages.length; index += 1) receipts[index] = pool.send(at(messages, index));
  } else {
    const { pool } = contender;
    for (let index = 0; index < messages.length; index += 1) receipts[index] = await pool.send(at(messages, index));
  }
  return receipts;
}

/**
 * @template Item
 * @param {Item[]} items
 * @param {number} index
 */
export function at(items, index) {
  return /** @type {Item} */ (items[index]);
}

/**
 * A counter of messages for each contender, so that both send the same messages.
 *
 * @param {(number: number) => RunMessage} make
 */
export function series(make) {
  /** @type {Map<string, number>} */
  const sent = new Map();
  return {
    /** @param {Contender} contender a new one, which has sent nothing */
    restart({ name }) {
      sent.set(name, 0);
    },
    /**
     * @param {Contender} contender
     * @param {number} count
     */
    next({ name }, count) {
      const first = sent.get(name) ?? 0;
      sent.set(name, first + count);
      return Array.from({ length: count }, (_, index) => make(first + index));
    },
  };
}
