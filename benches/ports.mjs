// The host's side of both contenders: callbacks that do as little as possible.

/**
 * @import { EventFrame, JournalRecord } from "agent-pool"
 *
 * @typedef {"object" | "text" | "async"} PortKind what the callbacks are:
 *   `object` take objects and answer at once, `text` only persist and need JSON text, `async` answer in a promise
 */

/** @type {{ readonly [Kind in PortKind]: string }} */
export const PORT_KINDS = {
  object: "callbacks that take objects",
  text: "callbacks that persist JSON text",
  async: "asynchronous callbacks",
};

/** Where records and frames go. The latest is held, so that V8 cannot skip making it. All are held for a proof. */
export class Sink {
  appended = 0;
  /** @type {JournalRecord | string | undefined} */
  record;
  /** @type {EventFrame | string | undefined} */
  frame;
  /** @type {JournalRecord[] | undefined} */
  records;
  /** @type {EventFrame[] | undefined} */
  frames;

  /** @param {boolean} keepsAll */
  constructor(keepsAll) {
    if (!keepsAll) return;
    this.records = [];
    this.frames = [];
  }

  /**
   * Takes a record and returns its cursor.
   *
   * @param {JournalRecord} record
   */
  append(record) {
    this.record = record;
    this.records?.push(record);
    return this.#cursor();
  }

  /** @param {EventFrame} frame */
  publish(frame) {
    this.frame = frame;
    this.frames?.push(frame);
  }

  /** @param {string} text */
  appendJson(text) {
    this.record = written(text);
    this.records?.push(JSON.parse(text));
    return this.#cursor();
  }

  /** @param {string} text */
  publishJson(text) {
    this.frame = written(text);
    this.frames?.push(JSON.parse(text));
  }

  #cursor() {
    this.appended += 1;
    return `journal.${this.appended}`;
  }
}

/**
 * To write a text, a port needs its characters in one piece. A text that was put together from parts may still be in
 * parts; reading one of its characters joins them.
 *
 * @param {string} text
 */
function written(text) {
  if (text.charCodeAt(text.length - 1) !== 0x7d) throw new Error("a JSON object ends in }");
  return text;
}
