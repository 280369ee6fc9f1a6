// The ports that a script runs with: those of the package, or a host's own callbacks.

import { MemoryEventBus, MemoryJournal } from "../../pkg/dist/index.js";
import { parse } from "./json.mjs";

/**
 * @typedef {import("../../pkg/dist/index.js").AgentPoolOptions["journal"]} JournalOption
 * @typedef {import("../../pkg/dist/index.js").AgentPoolOptions["eventBus"]} EventBusOption
 * @typedef {import("../../pkg/dist/index.js").EventFrame} EventFrame
 * @typedef {import("../../pkg/dist/index.js").JournalRecord} JournalRecord
 *
 * @typedef {object} RecordingJournal
 * @property {JournalOption} port what pools are given
 * @property {() => Promise<JournalRecord[]>} records all records, in append order
 *
 * @typedef {object} RecordingBus
 * @property {EventBusOption} port what pools are given
 * @property {(frame: EventFrame) => Promise<void>} publish publishes a host's frame, past the pools
 * @property {() => Promise<EventFrame[]>} frames all frames, in publication order, with cursors of the scope `all`
 *
 * @typedef {object} Ports
 * @property {() => RecordingJournal} journal makes one
 * @property {() => RecordingBus} bus makes one
 */

/**
 * The package's own ports, in memory.
 *
 * @type {Ports}
 */
export const memoryPorts = {
  journal: () => {
    const journal = new MemoryJournal();
    return { port: journal, records: () => journal.records() };
  },
  bus: () => {
    const bus = new MemoryEventBus();
    return { port: bus, publish: (frame) => bus.publish(frame), frames: () => bus.frames() };
  },
};

/**
 * A host's ports that answer at once.
 *
 * @type {Ports}
 */
export const hostPorts = hostPortsThat((answer) => answer());

/**
 * A host's ports that answer later.
 *
 * @type {Ports}
 */
export const slowHostPorts = hostPortsThat(async (answer) => {
  await nextTurn();
  return answer();
});

/**
 * A host's ports that take text and answer at once.
 *
 * @type {Ports}
 */
export const textPorts = { journal: textJournal, bus: textBus };

/**
 * A turn of the event loop that is equally short in Node and in a page, where timers that follow each other take 4 ms.
 */
function nextTurn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(undefined);
  });
}

/**
 * @param {<Value>(answer: () => Value) => Value | Promise<Value>} whenever
 * @returns {Ports}
 */
function hostPortsThat(whenever) {
  return { journal: () => hostJournal(whenever), bus: () => hostBus(whenever) };
}

/**
 * Changes each record after keeping a copy: a record is the host's own.
 *
 * @param {<Value>(answer: () => Value) => Value | Promise<Value>} whenever
 * @returns {RecordingJournal}
 */
function hostJournal(whenever) {
  /** @type {JournalRecord[]} */
  const records = [];
  return {
    port: {
      append: (record) =>
        whenever(() => {
          records.push(structuredClone(record));
          record.run_id = "changed by the host";
          return `journal.${records.length}`;
        }),
    },
    records: async () => records,
  };
}

/**
 * Keeps lines, and parses them when the records are asked for.
 *
 * @returns {RecordingJournal}
 */
function textJournal() {
  /** @type {string[]} */
  const lines = [];
  return {
    port: { appendJson: (line) => `journal.${lines.push(line)}` },
    records: async () => /** @type {JournalRecord[]} */ (/** @type {unknown} */ (lines.map((line) => parse(line)))),
  };
}

/**
 * Returns all its frames, whatever it is asked for: the pool selects.
 *
 * @param {<Value>(answer: () => Value) => Value | Promise<Value>} whenever
 * @returns {RecordingBus}
 */
function hostBus(whenever) {
  const { keep, held, ...bus } = numberedFrames();
  return { ...bus, port: { publish: (frame) => whenever(() => keep(frame)), subscribe: () => whenever(held) } };
}

/**
 * As {@link hostBus}, for frames that come as text.
 *
 * @returns {RecordingBus}
 */
function textBus() {
  const { keep, held, ...bus } = numberedFrames();
  /** @param {string} text */
  const publishJson = (text) => keep(/** @type {EventFrame} */ (/** @type {unknown} */ (parse(text))));
  return { ...bus, port: { publishJson, subscribe: held } };
}

/** The frames of a bus, which it numbers. */
function numberedFrames() {
  /** @type {EventFrame[]} */
  const frames = [];
  /** @param {EventFrame} frame */
  const keep = ({ event: { envelope, payload }, cursor: { scope }, ...rest }) => {
    const event_seq = frames.length + 1;
    const { event_id, journal_cursor } = envelope;
    const cursor = { scope, event_seq, event_id, ...(journal_cursor !== undefined && { journal_cursor }) };
    frames.push({ ...rest, event: { envelope: { ...envelope, event_seq }, payload }, cursor });
  };
  return {
    keep,
    held: () => frames,
    /** @param {EventFrame} given */
    publish: async (given) => {
      // The package itself checks the frame and fills in its full form.
      const checked = new MemoryEventBus();
      await checked.publish(given);
      const [frame] = await checked.frames();
      if (frame !== undefined) keep(frame);
    },
    frames: async () =>
      frames.map(
        /** @returns {EventFrame} */
        ({ cursor, ...frame }) => ({ ...frame, cursor: { ...cursor, scope: "all" } }),
      ),
  };
}
