import { StreamReading } from "./stream-reading.js";
import type { StreamSource } from "./stream-source.js";

/**
 * What a subscriber or a watcher sees: what is there, and then what comes.
 *
 * A stream holds nothing by itself. Every iteration is a reading of its own, which begins with its first `next()` and
 * gives exactly what {@link drain} would give then, before it goes on with what comes. It ends
 *
 * - by `return()`, as a `for await` calls it that is left, and by disposal: at once, also for a `next()` that waits;
 * - when the `signal` it was asked for with is aborted: likewise, and without an error;
 * - when the pool's handle is closed: after what had come until then, which may be less than is on a bus of the host's
 *   that has to be asked and takes its time to answer;
 * - after an error, which the `next()` rejects with: of the arguments, of the pool (`closed`, `reentrant_call`,
 *   `panicked`) or of its ports.
 *
 * Calls of `next()` are answered in their order; after the end they all answer that it is over. A reading that nobody
 * holds is collected like any other object, but not while a `next()` waits: until that is answered, or the reading ends,
 * the pool holds it. Awaiting `next()` inside `append`, or inside `publish` for the event that is being published there,
 * would wait for itself.
 */
export class PoolStream<Item> implements AsyncIterable<Item> {
  readonly #drain: () => Promise<Item[]>;
  readonly #open: () => StreamSource<Item>;
  readonly #signal: AbortSignal | undefined;

  /** @internal Made by {@link AgentPool.subscribe} and {@link AgentPool.watchPool}. */
  constructor(drain: () => Promise<Item[]>, open: () => StreamSource<Item>, signal: AbortSignal | undefined) {
    this.#drain = drain;
    this.#open = open;
    this.#signal = signal;
  }

  /**
   * What is there now, and nothing of what comes later (the reference's meaning of a stream, REFERENCE 30). Of frames,
   * as many as the filter's queue holds: 64 unless it says otherwise, the rest being left out with a notice. The signal
   * plays no part in it.
   */
  drain(): Promise<Item[]> {
    return this.#drain();
  }

  /** A reading of its own, from the stream's beginning. */
  [Symbol.asyncIterator](): PoolStreamIterator<Item> {
    return new StreamReading(this.#open, this.#signal);
  }
}

/** One reading of a {@link PoolStream}. */
export interface PoolStreamIterator<Item> extends AsyncIterator<Item, undefined, unknown> {
  /** The next item, as soon as it is there, or that the reading is over. */
  next(): Promise<IteratorResult<Item, undefined>>;
  /** Ends the reading at once. */
  return(): Promise<IteratorReturnResult<undefined>>;
  /** The reading itself, so that it can be read on by a `for await`. */
  [Symbol.asyncIterator](): this;
  /** As {@link return}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
