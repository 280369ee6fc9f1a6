/** A live stream of the core's, while it is open. */
export interface StreamSource<Item> {
  /** The next item; `undefined` after the end. To be called again only after it was answered. */
  next(): Promise<Item | undefined>;
  /** Ends it and gives back what it holds. */
  stop(): void;
}
