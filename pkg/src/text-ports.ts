import type { BatchCursors, EventBus } from "./ports.js";

/**
 * A journal that stores JSON: it gets the JSON of what a {@link Journal} gets as objects. It has `appendJson` in place of
 * `append`, and promises the same.
 */
export interface TextJournal {
  /**
   * Appends one record, given as compact JSON: an object on one line, in well-formed Unicode, the same to the byte
   * wherever the pool runs. The text contains no `\n` or `\r`, not even at its end, so a file of such lines is JSON
   * Lines. Read such a file by splitting at `\n`: ids may hold U+2028 and U+2029, which Node's `readline` takes for
   * ends of lines too.
   *
   * It returns and fails as {@link Journal.append} does. Whole numbers above 2^53-1, which only a host can have given,
   * are written in digits like all others: `JSON.parse` would round them.
   */
  appendJson(line: string): string | undefined | void | PromiseLike<string | undefined | void>;

  /**
   * Appends several records in this order, at the cost of one append, each in the form that `appendJson` gets. It
   * returns and fails as {@link Journal.appendBatch} does: all or nothing.
   */
  appendBatchJson?(lines: string[]): BatchCursors | void | PromiseLike<BatchCursors | void>;
}

/**
 * An event bus that passes on JSON: it gets the JSON of what an {@link EventBus} gets as objects. It has `publishJson` in
 * place of `publish`, and promises the same.
 */
export interface TextEventBus {
  /**
   * Publishes one frame, given as compact JSON on one line, in the form of the records that
   * {@link TextJournal.appendJson} gets. It is called, returns and fails as {@link EventBus.publish} does; for a bus
   * with `subscribe`, the text has `event_seq` 0.
   *
   * Whole numbers above 2^53-1 are written in digits like all others: `JSON.parse` would round them.
   */
  publishJson(text: string): unknown;

  /** Returns the frames that the bus holds, as objects; otherwise as {@link EventBus.subscribe}. */
  subscribe?: NonNullable<EventBus["subscribe"]>;
}
