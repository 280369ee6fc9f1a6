import type { MemoryEventBus, MemoryJournal } from "./memory.js";
import type { EventBus, Journal } from "./ports.js";
import type { TextEventBus, TextJournal } from "./text-ports.js";
import type { Without } from "./types/given.js";

/**
 * A journal as pools take it: a {@link Journal}, or a function in place of its `append`, or a {@link TextJournal}. A
 * journal with methods of both kinds is refused with `invalid_input`: the pool would call only one of them, and whoever
 * overrides the other, perhaps to leave something out of the records, would not notice.
 */
export type JournalPort =
  | MemoryJournal
  | (Journal & Without<"appendJson" | "appendBatchJson">)
  | (TextJournal & Without<"append" | "appendBatch">)
  | Journal["append"];

/**
 * An event bus as pools take it: an {@link EventBus}, or a function in place of its `publish`, or a
 * {@link TextEventBus}. A bus with methods of both kinds is refused, as with {@link JournalPort}.
 */
export type EventBusPort =
  | MemoryEventBus
  | (EventBus & Without<"publishJson">)
  | (TextEventBus & Without<"publish">)
  | EventBus["publish"];
