import { endOnAbort, isAborted } from "./aborting.js";
import { AgentPoolError } from "./errors.js";
import type { StreamSource } from "./stream-source.js";
import type { PoolStreamIterator } from "./stream.js";

/** How to settle a promise that `next` returned, and the call of `next` after that one. */
interface Waiting<Item> {
  readonly resolve: (result: IteratorResult<Item, undefined>) => void;
  readonly reject: (error: unknown) => void;
  after?: Waiting<Item>;
}

/** One reading of a stream. It is not an async generator, which would serve `return` only after a `next` that waits. */
export class StreamReading<Item> implements PoolStreamIterator<Item> {
  readonly #open: () => StreamSource<Item>;
  readonly #signal: AbortSignal | undefined;
  #forgetSignal: (() => void) | undefined;
  /** Set while the stream is open. */
  #source: StreamSource<Item> | undefined;
  #isOver = false;
  /**
   * The calls of `next` that wait, in their order, each of which knows the one after it. Taking the first one of a long
   * array would move all others.
   */
  #first: Waiting<Item> | undefined;
  #last: Waiting<Item> | undefined;
  #isAsking = false;

  constructor(open: () => StreamSource<Item>, signal: AbortSignal | undefined) {
    this.#open = open;
    this.#signal = signal;
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      const waiting: Waiting<Item> = { resolve, reject };
      if (this.#first === undefined) this.#first = waiting;
      else this.#last!.after = waiting;
      this.#last = waiting;
      this.#ask();
    });
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
  }

  /** Asks the core for the next item, for the first call that waits. The core is asked for one item at a time. */
  #ask(): void {
    if (this.#isAsking || this.#first === undefined) return;
    this.#isAsking = true;
    this.#nextOfSource().then(
      (item) => this.#give(item),
      (error: unknown) => this.#fail(error),
    );
  }

  #nextOfSource(): Promise<Item | undefined> {
    try {
      if (this.#signal !== undefined && isAborted(this.#signal)) this.#end();
      if (!this.#isOver && this.#source === undefined) this.#begin();
      return this.#source?.next() ?? Promise.resolve(undefined);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #begin(): void {
    this.#source = this.#open();
    if (this.#signal !== undefined) this.#forgetSignal = endOnAbort(this.#signal, this);
  }

  #give(item: Item | undefined): void {
    this.#isAsking = false;
    if (item === undefined) return this.#end();
    this.#take()?.resolve({ done: false, value: item });
    this.#ask();
  }

  #fail(error: unknown): void {
    // A core that has panicked answers no call, so all waiting calls are rejected.
    const hasPanicked = error instanceof AgentPoolError && error.code === "panicked";
    do this.#take()?.reject(error);
    while (hasPanicked && this.#first !== undefined);
    this.#end();
  }

  /** The first call that waits, which waits no longer. */
  #take(): Waiting<Item> | undefined {
    const first = this.#first;
    this.#first = first?.after;
    // Its promise would keep what it was given.
    if (this.#first === undefined) this.#last = undefined;
    return first;
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    while (this.#first !== undefined) this.#take()?.resolve({ done: true, value: undefined });
    this.#source?.stop();
    this.#source = undefined;
    this.#forgetSignal?.();
  }
}
