import type { PoolStream } from "agent-pool";

/** Until streams are live: asks again and again, and passes over what was there before. */
export async function* interim<Item>(
  stream: () => PoolStream<Item>,
  key: (item: Item) => unknown,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  const seen = new Set<unknown>();
  while (!signal.aborted) {
    for (const item of await stream().drain()) {
      if (seen.has(key(item))) continue;
      seen.add(key(item));
      yield item;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
