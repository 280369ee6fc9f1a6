/** A live stream of the core, while it is open. */
export interface StreamSource<Item> {
  /** The next item; `undefined` after the end. Must not be called again before the previous call has resolved. */
  next(): Promise<Item | undefined>;
  /** Ends the stream and frees what it holds. */
  stop(): void;
}
