// Sends while many wakes are registered, one of which matches.
import { joinAll, member, message, names, sendAll, series } from "../vocabulary.mjs";

/**
 * @import { WakeCondition } from "../../pkg/dist/index.js"
 * @import { Contender } from "../contenders.mjs"
 * @import { Workload } from "./workload.mjs"
 */

/** The number of runs that send nothing, although wakes wait for their events. */
const QUIET = 50;

/** @type {Workload} */
const oneOfMany = {
  id: "e",
  title: "send, 10,000 wakes, one matches",
  unit: "send",
  ports: ["object", "text", "async"],
  bars: { object: 0.1, text: 0.1, async: 0.1 },
  // With a tenth of these, clearing the nursery after a round took as long as the package's sends.
  full: { wakes: 10_000, operations: 200 },
  small: { wakes: 200, operations: 10 },
  make: ({ wakes = 0, operations }) => {
    // Every round sends one message from each of these runs, and a wake waits for each.
    const senders = names("sender", operations);
    const quiet = names("quiet", QUIET);
    const messages = series((number) => message(number, senders[number % operations] ?? "", { run: "waiter" }));
    const conditions = wakeSeries();
    /** @param {Contender} contender @param {string[]} of the runs waited for */
    const waitFor = async (contender, of) => {
      for (const run of of) await suspend(contender, conditions.next(contender, run));
    };
    return {
      fill: async (contender) => {
        await joinAll(contender, [...senders, ...quiet, "waiter"].map((name) => member(name)));
        await waitFor(contender, Array.from({ length: wakes - operations }, (_, index) => quiet[index % QUIET] ?? ""));
      },
      round: async (contender) => {
        forgetEnded(contender);
        await waitFor(contender, senders);
        const sent = messages.next(contender, operations);
        return () => sendAll(contender, sent);
      },
    };
  },
};

export const wakes = [oneOfMany];

function wakeSeries() {
  /** @type {Map<string, number>} */
  const made = new Map();
  return {
    /**
     * @param {Contender} contender
     * @param {string} run the run whose next delivery is waited for
     * @returns {WakeCondition}
     */
    next({ name }, run) {
      const number = made.get(name) ?? 0;
      made.set(name, number + 1);
      const any = /** @type {const} */ ("any");
      return {
        condition_id: `wake.${number}`,
        run_id: "run.waiter",
        filter: {
          run_ids: { include: [`run.${run}`] },
          agent_ids: any,
          turn_ids: any,
          families: any,
          kinds: { include: ["run_message_delivered"] },
          source_kinds: any,
          destination_kinds: any,
          subject_kinds: any,
          related_entity_kinds: any,
          correlation_keys: any,
          tags: any,
          privacy_classes: any,
          delivery_semantics: any,
          terminal_only: false,
          payload_access: "envelope_only",
          queue: { capacity: 64, terminal_reserve: 1, overflow: "drop_non_terminal" },
        },
        resume_with: "matching_event_refs",
        idempotency_key: `wake-key.${number}`,
      };
    },
  };
}

/**
 * The package's fingerprints of filters. The yardstick does not make them and is given them.
 *
 * @type {Map<string, string>}
 */
const fingerprints = new Map();

/**
 * @param {Contender} contender
 * @param {WakeCondition} condition
 */
async function suspend(contender, condition) {
  const criteria = JSON.stringify(condition.filter);
  if (contender.name === "yardstick") {
    await contender.pool.suspendUntil(condition.run_id, condition, fingerprints.get(criteria) ?? "sha256:none");
    return;
  }
  if (!fingerprints.has(criteria)) {
    const compiled = await contender.pool.compileScopedFilter(condition.filter);
    fingerprints.set(criteria, compiled.filter_fingerprint);
  }
  await contender.pool.suspendUntil(condition.run_id, condition);
}

/**
 * The yardstick also looks at wakes that have ended. In its favour these are removed, so that there are as many wakes
 * as the title says.
 *
 * @param {Contender} contender
 */
function forgetEnded(contender) {
  if (contender.name !== "yardstick") return;
  const { wakes } = contender.pool;
  for (const [id, wake] of wakes) if (wake.status !== "registered") wakes.delete(id);
}
