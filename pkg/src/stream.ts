/**
 * What a subscriber sees, read when it is asked for.
 *
 * Iterating gives what is there when the iteration begins, and then ends. Errors of the arguments, of the pool and of
 * its ports come when it is read.
 */
export class PoolStream<Item> implements AsyncIterable<Item> {
  readonly #read: () => Promise<Item[]>;

  /** Made by the pool: `read` answers what is there now. */
  constructor(read: () => Promise<Item[]>) {
    this.#read = read;
  }

  /** What is there now, and nothing of what comes later (the reference's meaning of a stream, REFERENCE 30). */
  drain(): Promise<Item[]> {
    return this.#read();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    yield* await this.drain();
  }
}
