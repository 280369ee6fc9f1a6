// Sends: to one run, with more and more messages stored, to a topic, to the whole pool, and the same message again.
import { joinAll, member, message, names, sendAll, series } from "../vocabulary.mjs";

/** @import { Bars, Size, Workload } from "./workload.mjs" */
/** @import { AgentPoolMember, PolicyRef } from "../../pkg/dist/index.js" */
/** @import { To } from "../vocabulary.mjs" */

/** @type {Bars} */
const BARS = { object: 1.5, text: 1.0, async: 1.2 };
const TOPIC = "topic.news";

export const sends = [
  toARun({ id: "a.4", title: "send to a run, 4 members", full: { members: 4, operations: 1_000 } }),
  toARun({ id: "a.64", title: "send to a run, 64 members", full: { members: 64, operations: 1_000 } }),
  // Not one of the bars: what a message has besides crosses as JSON, and is put into what is recorded of it.
  toARun({
    id: "a.policy",
    title: "send to a run, 4 members, with a policy",
    full: { members: 4, operations: 1_000 },
    policyRefs: [{ kind: "permission", id: "policy.bench" }],
    bars: {},
  }),
  toARun({ id: "b.0", title: "send, 0 messages stored", full: { members: 4, operations: 1_000 } }),
  toARun({ id: "b.10k", title: "send, 10,000 stored", full: { members: 4, stored: 10_000, operations: 1_000 } }),
  toARun({ id: "b.100k", title: "send, 100,000 stored", full: { members: 4, stored: 100_000, operations: 1_000 } }),
  toMany({
    id: "c",
    title: "send to a topic, 16 of 64 members",
    full: { members: 64, receivers: 16, operations: 500 },
    to: { topic: TOPIC },
  }),
  toMany({
    id: "d",
    title: "send to the pool, 1,000 members",
    full: { members: 1_001, receivers: 0, operations: 40 },
    to: "pool",
  }),
  again(),
];

/**
 * @param {object} workload
 * @param {string} workload.id
 * @param {string} workload.title
 * @param {Size & { members: number, stored?: number }} workload.full
 * @param {Bars} [workload.bars]
 * @param {PolicyRef[]} [workload.policyRefs] what every message demands, and every member holds
 * @returns {Workload}
 */
function toARun({ id, title, full, bars = BARS, policyRefs }) {
  return {
    id,
    title,
    unit: "send",
    ports: ["object", "text", "async"],
    bars,
    // New pools for every round keep the number of stored messages as the title says.
    isFresh: full.stored === undefined,
    full,
    small: { ...full, ...(full.stored && { stored: 50 }), operations: 20 },
    make: ({ members = 4, stored = 0, operations }) => {
      const runs = names("run", members);
      const policies = policyRefs && { policy_refs: policyRefs };
      const messages = series((number) => ({ ...message(number, runs[0] ?? "", { run: runs[1] ?? "" }), ...policies }));
      return {
        fill: async (contender) => {
          messages.restart(contender);
          await joinAll(contender, runs.map((name) => ({ ...member(name), ...policies })));
          for (let sent = 0; sent < stored; sent += 1_000) {
            await sendAll(contender, messages.next(contender, Math.min(1_000, stored - sent)));
          }
        },
        round: (contender) => {
          const sent = messages.next(contender, operations);
          return () => sendAll(contender, sent);
        },
      };
    },
  };
}

/**
 * @param {{ id: string, title: string, full: Size & { members: number, receivers: number }, to: To }} workload
 * @returns {Workload}
 */
function toMany({ id, title, full, to }) {
  return {
    id,
    title,
    unit: "send",
    ports: ["object", "text", "async"],
    bars: BARS,
    full,
    small: { members: 8, receivers: full.receivers === 0 ? 0 : 3, operations: 20 },
    make: ({ members = 8, receivers = 0, operations }) => {
      const runs = names("run", members);
      const messages = series((number) => message(number, runs.at(-1) ?? "", to));
      const joining = runs.map((name, index) => member(name, index < receivers ? [TOPIC] : undefined));
      return {
        fill: (contender) => joinAll(contender, joining),
        round: (contender) => {
          const sent = messages.next(contender, operations);
          return () => sendAll(contender, sent);
        },
      };
    },
  };
}

/**
 * @returns {Workload}
 */
function again() {
  return {
    id: "f",
    title: "send again what was sent",
    unit: "send",
    ports: ["object", "async"],
    bars: { object: 1.5, async: 1.5 },
    full: { operations: 20_000 },
    small: { operations: 20 },
    make: ({ operations }) => {
      const made = () => Array.from({ length: operations }, (_, number) => message(number, "run-0", { run: "run-1" }));
      /** @type {AgentPoolMember[]} */
      const members = names("run", 2).map((name) => member(name));
      return {
        fill: async (contender) => {
          await joinAll(contender, members);
          await sendAll(contender, made());
        },
        round: (contender) => {
          // Equal messages, but not the same objects, as a retry is often made elsewhere.
          const sent = made();
          return () => sendAll(contender, sent);
        },
      };
    },
  };
}
