// Reads events and snapshots. The yardstick's part of this was added here: see yardstick/extended.mjs.
import { joinAll, member, message, names, sendAll, series } from "../vocabulary.mjs";
import { ExtendedPool, PlainBus } from "../yardstick/extended.mjs";

/**
 * @import { EventFilter, EventFrame } from "../../pkg/dist/index.js"
 * @import { Contender } from "../contenders.mjs"
 * @import { Workload } from "./workload.mjs"
 */

/** @type {Pick<EventFilter, "run_ids" | "agent_ids" | "families" | "kinds" | "queue">} */
const FILTER = {
  run_ids: { include: ["run.run-3"] },
  agent_ids: "any",
  families: "any",
  kinds: { include: ["run_message_delivered"] },
  queue: { capacity: 100_000, terminal_reserve: 1, overflow: "drop_non_terminal" },
};

/** @type {Workload} */
const subscribe = {
  id: "h",
  title: "subscribe with a filter, 10,000 frames",
  unit: "500 frames of 10,000",
  ports: ["object"],
  bars: {},
  full: { senders: 10, messages: 5_000, operations: 1 },
  small: { senders: 10, messages: 50, operations: 1 },
  make: ({ senders = 0, messages: stored = 0, operations }) => {
    const fill = filling(senders, stored);
    const bus = new PlainBus();
    /** @type {EventFrame["cursor"]["scope"]} */
    let scope = "all";
    /** @param {Contender} contender */
    const reading = ({ pool }) => {
      if (pool instanceof ExtendedPool) return () => bus.subscribe(FILTER, scope);
      if (!("subscribe" in pool)) throw new Error("only pools that can be subscribed to");
      return () => pool.subscribe(FILTER).drain();
    };
    return {
      // The package's bus has no `subscribe`, so the package keeps the frames, as the yardstick's bus does.
      ports: (name) => ({
        eventBus: { publish: name === "package" ? () => undefined : (/** @type {EventFrame} */ frame) => bus.publish(frame) },
      }),
      fill: async (contender) => {
        await fill(contender);
        if (contender.name === "yardstick") return;
        const { filter_id, filter_fingerprint } = await contender.pool.compileScopedFilter(FILTER);
        scope = { filter: { filter_id, filter_fingerprint } };
      },
      round: (contender) => {
        const read = reading(contender);
        return async () => {
          const answers = [];
          for (let time = 0; time < operations; time += 1) answers.push(await read());
          return answers;
        };
      },
    };
  },
};

/** @type {Workload} */
const snapshot = {
  id: "i",
  title: "snapshot, 1,000 members, 10,000 messages",
  unit: "snapshot",
  ports: ["object"],
  bars: { object: 1.5 },
  isSlow: true,
  full: { members: 1_000, messages: 10_000, operations: 1 },
  small: { members: 20, messages: 50, operations: 1 },
  make: ({ members = 0, messages = 0 }) => ({
    fill: filling(members, messages),
    round: ({ pool }) => {
      if (!("snapshot" in pool)) throw new Error("only pools that have snapshots");
      return () => pool.snapshot();
    },
  }),
};

export const reading = [subscribe, snapshot];

/**
 * @param {number} members
 * @param {number} stored
 */
function filling(members, stored) {
  const runs = names("run", members);
  const messages = series((number) => message(number, runs[number % members] ?? "", { run: runs[0] ?? "" }));
  /** @param {Contender} contender */
  return async (contender) => {
    await joinAll(contender, runs.map((name) => member(name, ["topic.all"])));
    await sendAll(contender, messages.next(contender, stored));
  };
}
