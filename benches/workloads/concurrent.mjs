// Many sends at once, over a slow journal.
import { joinAll, member, message, names, series } from "../vocabulary.mjs";

/**
 * @import { JournalRecord } from "../../pkg/dist/index.js"
 * @import { Size, Workload } from "./workload.mjs"
 */

const APPEND_MILLIS = 2;

/**
 * @typedef {object} Kind
 * @property {boolean} offersBatch whether the journal has `appendBatch`
 * @property {boolean} isSerial whether the journal takes one append at a time, as a file does, or any number side by
 *   side
 */

export const concurrent = [
  atOnce({ id: "k.64", from: "64 runs", full: { runs: 64, operations: 1_000 }, bar: 1.2 }),
  atOnce({ id: "k.64-batch", from: "64 runs", full: { runs: 64, operations: 1_000 }, bar: 1.2, offersBatch: true }),
  atOnce({ id: "k.1", from: "one run", full: { runs: 1, operations: 200 } }),
  atOnce({ id: "k.1-batch", from: "one run", full: { runs: 1, operations: 200 }, bar: 0.5, offersBatch: true }),
  atOnce({ id: "k.1-serial", from: "one run", full: { runs: 1, operations: 200 }, isSerial: true }),
  atOnce({
    id: "k.1-serial-batch",
    from: "one run",
    full: { runs: 1, operations: 200 },
    bar: 0.5,
    offersBatch: true,
    isSerial: true,
  }),
];

/**
 * @param {{ id: string, from: string, full: Size, bar?: number } & Partial<Kind>} workload
 * @returns {Workload}
 */
function atOnce({ id, from, full, bar, offersBatch = false, isSerial = false }) {
  const appends = isSerial ? "one append at a time" : "appends side by side";
  return {
    id,
    title: `${full.operations} sends at once, ${from}; ${appends}${offersBatch ? ", appendBatch" : ""}`,
    unit: "send",
    ports: ["async"],
    bars: bar === undefined ? {} : { async: bar },
    isFresh: true,
    isConcurrent: true,
    isSlow: true,
    full,
    small: { runs: Math.min(4, full["runs"] ?? 1), operations: 12 },
    make: ({ runs: count = 1, operations }) => {
      const runs = names("run", count);
      const messages = series((number) => message(number, runs[number % count] ?? "", { run: "receiver" }));
      let batches = 0;
      return {
        ports: (name) => {
          const journal = slowJournal({ offersBatch: offersBatch && name === "package", isSerial }, () => {
            batches += 1;
          });
          return { journal };
        },
        fill: async (contender) => {
          messages.restart(contender);
          await joinAll(contender, [...runs, "receiver"].map((name) => member(name)));
        },
        round: (contender) => {
          const sent = messages.next(contender, operations);
          const { pool } = contender;
          return () => Promise.all(sent.map((each) => pool.send(each)));
        },
        note: () => (offersBatch && batches === 0 ? "the package made no use of appendBatch" : ""),
      };
    },
  };
}

/**
 * @param {Kind} kind
 * @param {() => void} onBatch
 */
function slowJournal({ offersBatch, isSerial }, onBatch) {
  let appended = 0;
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  const cursor = () => {
    appended += 1;
    return `journal.${appended}`;
  };
  /**
   * @template Answer
   * @param {Answer} answer
   * @returns {Promise<Answer>}
   */
  const written = (answer) => new Promise((resolve) => setTimeout(resolve, APPEND_MILLIS, answer));
  /**
   * @template Answer
   * @param {Answer} answer
   */
  const taken = (answer) => {
    if (!isSerial) return written(answer);
    const taken = last.then(() => written(answer));
    last = taken;
    return taken;
  };
  /** @param {JournalRecord} _record */
  const append = (_record) => taken(cursor());
  if (!offersBatch) return { append };
  /** @param {JournalRecord[]} records */
  const appendBatch = (records) => {
    onBatch();
    return taken(records.map(cursor));
  };
  return { append, appendBatch };
}
