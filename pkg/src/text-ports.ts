import type { BatchCursors, EventBus } from "./ports.js";

/**
 * A journal that stores JSON: it gets the text that the core writes, where a {@link Journal} gets objects that were read
 * from it. It has `appendJson` in place of `append`, and promises the same.
 */
export interface TextJournal {
  /**
   * Appends one record, given as compact JSON: an object on one line, well-formed Unicode, the same to the byte wherever
   * the pool runs. There is no `\n` or `\r` in it, nor at its end, so a file of such lines is JSON Lines. Read it by
   * splitting at `\n`: ids may hold U+2028 and U+2029, which Node's `readline` takes for ends of lines too.
   *
   * It answers and fails as {@link Journal.append}. Whole numbers above 2^53-1, which only a host's own can be, are
   * digits here as others are: `JSON.parse` would round them.
   */
  appendJson(line: string): string | undefined | void | PromiseLike<string | undefined | void>;

  /**
   * Appends several records in this order, at the cost of one append, each as `appendJson` gets it. It answers and fails
   * as {@link Journal.appendBatch}: all or nothing.
   */
  appendBatchJson?(lines: string[]): BatchCursors | void | PromiseLike<BatchCursors | void>;
}

/**
 * An event bus that passes on JSON: it gets the text that the core writes, where an {@link EventBus} gets objects that
 * were read from it. It has `publishJson` in place of `publish`, and promises the same.
 */
export interface TextEventBus {
  /**
   * Publishes one frame, given as compact JSON on one line, as records are to {@link TextJournal.appendJson}. It is
   * called, answers and fails as {@link EventBus.publish}; for a bus with `subscribe` `event_seq` is 0 in it.
   *
   * Whole numbers above 2^53-1 are digits here as others are: `JSON.parse` would round them.
   */
  publishJson(text: string): unknown;

  /** Answers the frames that the bus holds, as objects, for the rest too as {@link EventBus.subscribe}. */
  subscribe?: NonNullable<EventBus["subscribe"]>;
}
