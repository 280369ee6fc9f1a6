// The host's side of the demonstration: a journal in a file and an event bus, as callbacks.
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** @import { EventFrame, JournalRecord } from "agent-pool" */

/**
 * A journal of JSON lines. It refuses the record for which `failsOnce` holds, the first time it gets it.
 *
 * @param {string} path
 * @param {(record: JournalRecord) => boolean} failsOnce
 */
export async function fileJournal(path, failsOnce) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "");
  /** @type {Map<string, JournalRecord>} */
  const records = new Map();
  let failed = false;
  // Appends of different senders run side by side. A line is written only after the previous one, so that lines cannot
  // change places.
  let lastLine = Promise.resolve();
  return {
    /** The records that the file has, by their cursors, in the order of its lines. */
    records,
    /** @param {JournalRecord} record */
    async append(record) {
      if (!failed && failsOnce(record)) {
        failed = true;
        throw new Error("no space left on device");
      }
      const line = lastLine.then(() => appendFile(path, `${JSON.stringify(record)}\n`));
      lastLine = line.catch(() => undefined);
      await line;
      const cursor = `line.${records.size + 1}`;
      records.set(cursor, record);
      return cursor;
    },
  };
}

/** An event bus that calls its listeners, in order. */
export function callbackBus() {
  /** @type {EventFrame[]} */
  const frames = [];
  /** @type {unknown[]} */
  const faults = [];
  /** @type {((frame: EventFrame) => void)[]} */
  const listeners = [];
  return {
    frames,
    /** What listeners have thrown. */
    faults,
    /** @param {(frame: EventFrame) => void} listener */
    listen(listener) {
      listeners.push(listener);
    },
    /** @param {EventFrame} frame */
    publish(frame) {
      frames.push(frame);
      for (const listener of listeners) {
        // To the pool, a bus that throws has not taken the frame: it would get it again, and operations would fail
        // until it takes it. So a faulty listener would stop the pool.
        try {
          listener(frame);
        } catch (error) {
          faults.push(error);
        }
      }
    },
  };
}
