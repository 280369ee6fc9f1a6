import { StreamReading } from "./stream-reading.js";
import type { StreamSource } from "./stream-source.js";

/**
 * What a subscriber or a watcher sees: first what is already there, and then what arrives.
 *
 * A stream holds nothing by itself. Every iteration is separate. An iteration begins with its first `next()` and gives
 * exactly what {@link drain} would give then, before it goes on with what arrives. An iteration ends
 *
 * - by `return()`, which `for await` calls when its loop is left, and by disposal: at once, also for a `next()` that
 *   waits;
 * - when the `signal` that the stream was asked for with is aborted: likewise at once, and without an error;
 * - when the pool's handle is closed: after what had arrived until then. That may be less than the bus holds, if it is
 *   a bus of the host's that has to be asked and takes its time to answer;
 * - after an error, with which `next()` rejects: an error of the arguments, of the pool (`closed`, `reentrant_call`,
 *   `panicked`) or of its ports.
 *
 * Calls of `next()` are answered in their order; after the end they all answer that the iteration is over. An iterator
 * that nobody holds is garbage-collected like any other object, but not while a `next()` waits: until that call is
 * answered, or the iteration ends, the pool holds the iterator. Awaiting `next()` inside `append`, or inside `publish`
 * for the event that is being published there, would wait for itself.
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
   * Returns what is there now, and nothing of what arrives later (REFERENCE 30). Of event frames it returns as many as
   * the filter's queue holds, 64 by default; the rest is left out with a notice. The signal plays no part in it.
   */
  drain(): Promise<Item[]> {
    return this.#drain();
  }

  /** Begins a separate iteration, from the stream's beginning. */
  [Symbol.asyncIterator](): PoolStreamIterator<Item> {
    return new StreamReading(this.#open, this.#signal);
  }
}

/** One iteration of a {@link PoolStream}. */
export interface PoolStreamIterator<Item> extends AsyncIterator<Item, undefined, unknown> {
  /** The next item, as soon as it is there, or the information that the iteration is over. */
  next(): Promise<IteratorResult<Item, undefined>>;
  /** Ends the iteration at once. */
  return(): Promise<IteratorReturnResult<undefined>>;
  /** The iterator itself, so that a `for await` can continue it. */
  [Symbol.asyncIterator](): this;
  /** As {@link return}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
